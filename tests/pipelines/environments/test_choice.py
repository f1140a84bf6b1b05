"""A step runs with the interpreter of its engine's environment, one step on the GPU at a time."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.dag import Dag, Task
from pipelines.environments.choice import lack_of, places_of, usable_here
from pipelines.environments.installed import folder_of, install
from pipelines.local.executor import Settings, run_dag
from steps.contract import Engine, Engines, Unusable, Weights, WeightsFile
from steps.contract.errors import BadInput
from steps.contract.receipt import Receipt, receipt_path
from tests.pipelines.environments.conftest import Tiny
from tests.pipelines.tiny.catalogue import APART, LEFT, LeftParams
from tests.pipelines.tiny.dags import engines_dag
from tests.pipelines.tiny.walk import COMMAND, Noted


def run(folder: Path, dag: Dag, cache: str = "", **values: str) -> tuple[Noted, dict[str, Any]]:
    """Run a Dag; returns the events and what `left` wrote."""
    noted = Noted()
    places = places_of(dag, values)
    folder.mkdir(exist_ok=True)
    settings = Settings(folder, "job-1", cache, 2, command=COMMAND, places=places)
    run_dag(dag, values, settings, noted)
    return noted, json.loads((folder / "left.json").read_text())


def whole(tiny: Tiny) -> None:
    install("tiny", "cpu", lambda _line: None)
    tiny.complete()


ONE = Dag("one", (Task(LEFT),))


def test_auto_takes_the_environment_that_is_installed(tiny: Tiny, tmp_path: Path) -> None:
    _, before = run(tmp_path / "job", ONE)
    assert before == {"engine": "plain", "prefix": sys.prefix, "offline": None}
    whole(tiny)
    _, after = run(tmp_path / "job", ONE)
    assert after == {"engine": "tiny 1.0", "prefix": str(folder_of("tiny")), "offline": "1"}
    receipt = Receipt.from_file(tmp_path / "job" / receipt_path("left"))
    assert receipt.packages == {"tiny-engine": "1.0"}
    assert [engine.name for engine in receipt.engines] == ["apart"]


def test_the_cache_knows_the_engine_and_its_version(tiny: Tiny, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    run(tmp_path / "first", ONE, cache)
    whole(tiny)
    noted, _ = run(tmp_path / "second", ONE, cache)
    assert noted.of("cached") == []
    noted, said = run(tmp_path / "third", ONE, cache)
    assert noted.of("cached") == ["left"]
    assert said["engine"] == "tiny 1.0"


def test_a_named_engine_that_is_not_installed_stops_the_job_first(
    tiny: Tiny, tmp_path: Path
) -> None:
    with pytest.raises(Unusable, match=r"--left=apart.*`clipmill engines install tiny`") as caught:
        run(tmp_path / "job", ONE, left="apart")
    assert caught.value.exit_code == 80
    assert not (tmp_path / "job").exists()


def test_an_environment_of_another_version_stops_the_job_first(tiny: Tiny, tmp_path: Path) -> None:
    whole(tiny)
    tiny.lock("2.0")
    with pytest.raises(BadInput, match="of another version"):
        run(tmp_path / "job", ONE)
    assert "is of another version" in lack_of(APART, LeftParams())


def test_an_engine_of_the_default_install_may_be_named(tiny: Tiny, tmp_path: Path) -> None:
    whole(tiny)
    _, said = run(tmp_path / "job", ONE, left="plain")
    assert said["engine"] == "plain"
    assert said["prefix"] == sys.prefix


def test_one_step_at_a_time_has_the_gpu(tiny: Tiny, tmp_path: Path) -> None:
    whole(tiny)
    noted, _ = run(tmp_path / "job", engines_dag())
    kinds = [event for event, _ in noted.events if event in ("started", "finished")]
    assert kinds == ["started", "finished", "started", "finished"]


def test_steps_without_a_gpu_run_side_by_side(tiny: Tiny, tmp_path: Path) -> None:
    noted, _ = run(tmp_path / "job", engines_dag(), left="plain", right="plain")
    kinds = [event for event, _ in noted.events if event in ("started", "finished")]
    assert kinds[:2] == ["started", "started"]


def test_a_job_that_may_be_off_is_off_where_no_engine_is_usable() -> None:
    nowhere = Weights(name="nowhere", files=(WeightsFile(path="x", sha256="0" * 64),))
    lacking = Engine(name="lacking", about="For the test.", load="no:thing", weights=(nowhere,))
    params = LeftParams()
    assert usable_here("way", Engines(lacking, off=True), "auto", params) is None
    with pytest.raises(Unusable, match="--way=auto is not usable here: lacking: the model nowhere"):
        usable_here("way", Engines(lacking), "auto", params)
