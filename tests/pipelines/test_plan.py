"""`--dry-run`: what a job would do and take; nothing is started, asked or written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from steps.catalogue import NAMES
from tests.pipelines.argo.answering import answering
from tests.pipelines.clipmill import Said

SAMPLE = Path(__file__).parent.parent / "media" / "sample" / "talk.mp4"
URL = "https://example.com/talk.mp4"
Call = Callable[..., Said]


def test_a_local_source_is_measured_and_nothing_is_written(called: Call, tmp_path: Path) -> None:
    plan = json.loads(called("run", SAMPLE, "--dry-run", "--clips", "2", "--json").out)
    assert (plan["source_s"], plan["clips"], plan["lacks"], plan["fetch"]) == (89.2, 2, [], [])
    assert [step["step"] for step in plan["steps"]] == list(NAMES)
    assert plan["cpu_s"] == pytest.approx(sum(step["cpu_s"] for step in plan["steps"]), abs=1)
    assert plan["steps"][NAMES.index("render")]["runs"] == 2
    assert "price" not in plan
    assert list(tmp_path.iterdir()) == []


def test_the_table_names_engines_prices_and_the_machine(called: Call) -> None:
    said = called("run", SAMPLE, "--dry-run", "--core-hour", "0.05")
    (row,) = (line for line in said.out.splitlines() if line.startswith("transcribe "))
    assert "faster-whisper, pocketsphinx, d-vectors, firered" in row
    assert "price 0.00" in said.out
    assert "rates measured on " in said.out
    assert "nothing was started; the job would be talk-" in said.out


def test_an_address_has_no_length_yet(called: Call) -> None:
    said = called("run", URL, "--dry-run")
    assert "the length of the source is not known before it is fetched" in said.out
    assert "of processor cores for each minute of the source" in said.out


def test_a_missing_model_is_listed_with_its_size_and_its_command(
    called: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIPMILL_WEIGHTS_DIR", str(tmp_path / "models"))
    options = ("run", URL, "--dry-run", "--speaker-method", "lr-asd")
    (model,) = json.loads(called(*options, "--json").out)["fetch"]
    assert model["command"] == "clipmill models fetch lr-asd"
    assert model["size_bytes"] > 1_000_000
    said = called(*options)
    assert "lr-asd (no rate)" in said.out
    assert "missing model lr-asd (3 MB): run `clipmill models fetch lr-asd`" in said.out


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("talk.mp4",), 80, "talk.mp4 does not exist"),
        (("bad.mp4",), 81, "bad.mp4"),
        ((URL, "--core-hour", "-1"), 80, "--core-hour -1.0 is not a price"),
        ((URL, "--job-id", "Talk"), 80, "job id"),
        ((SAMPLE, "--at", "2:00-2:30"), 80, "starts after the source's end"),
    ],
)
def test_bad_options_are_refused_as_in_a_run(
    options: tuple[str, ...], code: int, says: str, called: Call, tmp_path: Path
) -> None:
    (tmp_path / "bad.mp4").write_bytes(b"a film")
    said = called("run", *options, "--dry-run")
    assert said.code == code
    assert says in said.errors[0]


def test_detection_only(called: Call) -> None:
    plan = json.loads(called("detect", SAMPLE, "--dry-run", "--json").out)
    assert [step["step"] for step in plan["steps"]] == ["download", "highlight", "cut", "detect"]
    assert plan["clips_s"] == plan["source_s"]


def test_submit_plans_without_a_server(called: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARGO_SERVER", raising=False)
    plan = json.loads(called("submit", URL, "--dry-run", "--json").out)
    assert (plan["source_s"], plan["clips"]) == (None, 3)
    assert plan["cpu_s_per_source_minute"] > 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Hera's own
def test_the_estimate_goes_with_the_job(called: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIPMILL_STORE", raising=False)
    none = (404, json.dumps({"code": 5, "message": "not found"}))
    made = (200, json.dumps({"metadata": {"name": "talk"}, "spec": {}}))
    with answering(none, made) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        assert called("submit", URL, "--job-id", "talk", "--core-hour", "0.05").code == 0
    created = json.loads(there.asked[-1][3])["workflow"]
    found = json.loads(created["metadata"]["annotations"]["clipmill.dev/estimate"])
    assert {"wall_s", "cpu_s", "memory_mib", "price", "steps"} <= set(found)
