"""`clipmill engines`: what it lists, installs, checks and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pipelines.environments.declared import ENVIRONMENTS
from steps.catalogue import EXIT_NAMES, NAMES, load_step
from tests.pipelines.clipmill import Said
from tests.pipelines.environments.conftest import Tiny

Called = Callable[..., Said]


def test_an_environment_is_installed_listed_checked_and_removed(tiny: Tiny, called: Called) -> None:
    listed = {
        row["name"]: row for row in json.loads(called("engines", "--json").out)["environments"]
    }
    assert listed["tiny"]["state"] == "absent"
    said = called("engines", "install", "tiny", "--for", "cpu")
    assert said.code == 0, said.err
    assert "tiny is installed" in said.err
    assert "up to date" in called("engines", "install", "tiny", "--for", "cpu").err
    listed = {
        row["name"]: row for row in json.loads(called("engines", "--json").out)["environments"]
    }
    assert (listed["tiny"]["state"], listed["tiny"]["hardware"]) == ("installed", "cpu")
    checked = called("engines", "check")
    assert checked.code == 0
    assert checked.out.splitlines() == ["ok    tiny: packages", "ok    tiny: import tiny_engine"]
    assert "tiny is removed" in called("engines", "remove", "tiny").err
    assert "no environment is installed" in called("engines", "check").out


def test_a_damaged_environment_is_named(tiny: Tiny, called: Called) -> None:
    from pipelines.environments.installed import packages_folder

    called("engines", "install", "tiny", "--for", "cpu")
    (packages_folder("tiny") / "tiny_engine.py").write_text("raise ValueError('damaged')")
    info = packages_folder("tiny") / "tiny_engine-1.0.dist-info" / "METADATA"
    info.write_text(info.read_text().replace("1.0", "0.9"))
    said = called("engines", "check", "tiny")
    assert said.code == 80
    assert "tiny-engine is 0.9 (expected 1.0): remove the environment and install it" in said.out
    assert "ValueError: damaged" in said.out


def test_every_engine_is_listed_with_its_state_and_promise(called: Called) -> None:
    said = called("engines")
    assert said.code == 0, said.err
    for step in map(load_step, (*NAMES, *EXIT_NAMES)):
        for marked in step.engines.values():
            for engine in marked.engines:
                assert engine.name in said.out
                assert engine.environment in ("", *ENVIRONMENTS)
                assert engine.packages or not engine.environment


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["install"], "install needs the name of an environment"),
        (["install", "whisper"], "'whisper' (expected one of whisperx, vllm, vision)"),
        (["list", "vllm"], "list takes no names"),
        (["check", "vision"], "vision is not installed: run `clipmill engines install vision`"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], says: str, called: Called) -> None:
    said = called("engines", *words)
    assert said.code == 80
    assert says in said.err + said.out
