"""The checks of the machine at hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.doctor import machine
from pipelines.doctor.outcome import Outcome
from pipelines.local import memory as limits
from tests.pipelines.clipmill import Said


def memory(tmp_path: Path) -> Outcome:
    outcomes = [one for check in machine.machine_checks(tmp_path, tmp_path) for one in check()]
    return next(one for one in outcomes if one.name == "memory")


@pytest.mark.parametrize(
    ("limit", "said"), [("1000000000\n", "1 GB"), ("max\n", ""), ("9223372036854771712\n", "")]
)
def test_a_containers_memory_is_what_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, said: str
) -> None:
    monkeypatch.setattr(limits, "CONTAINER_LIMITS", (tmp_path / "none",))
    free = memory(tmp_path)
    (tmp_path / "limit").write_text(limit)
    monkeypatch.setattr(limits, "CONTAINER_LIMITS", (tmp_path / "none", tmp_path / "limit"))
    limited = memory(tmp_path)
    assert limited.message == (said or free.message)
    assert limited.ok == (free.ok and not said)


def test_a_folder_whose_name_begins_as_a_users_home(
    tmp_path: Path, called: Callable[..., Said]
) -> None:
    said = called("doctor", "--out", "~nobody-here/jobs", "--cache", "~nobody-here/cache")
    assert f"ok    output folder: {tmp_path}/~nobody-here/jobs" in said.out
    assert f"ok    cache folder: {tmp_path}/~nobody-here/cache" in said.out
