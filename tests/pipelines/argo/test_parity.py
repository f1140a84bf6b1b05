"""The two executors run the same: what the local one starts is what Argo would run."""

import json
import sys
from pathlib import Path

import pytest

from pipelines.argo.template import TEMPLATES
from pipelines.local.executor import Listener, Settings, run_dag
from tests.pipelines.argo import recorder
from tests.pipelines.argo.changing import document
from tests.pipelines.argo.expand import expand

IDS_TAG = "{{tasks.reframe.outputs.parameters.clip-ids}}"
RECORDER = (sys.executable, "-I", "-S", recorder.__file__)
JOB = "talk-1"


def started_locally(
    name: str, values: dict[str, str], ids: list[str], cache: str, folder: Path
) -> list[list[str]]:
    """The arguments of every process of a local run, its folder called /job."""
    (folder / "ids").write_text(json.dumps(ids))
    run_dag(
        TEMPLATES[name][0](), values, Settings(folder, JOB, cache, 2, command=RECORDER), Listener()
    )
    lines = (folder / recorder.NOTES).read_text().splitlines()
    return [[word.replace(str(folder), "/job") for word in json.loads(line)] for line in lines]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize(
    ("values", "ids", "cache"),
    [
        ({}, ["clip_01", "clip_02", "clip_10"], ""),
        ({"max_height_px": "720", "sample_ms": "100"}, ["clip_01"], "s3://b/cache"),
        ({"handles_ms": "0"}, [], ""),
        ({}, ["clip_01", "clip_01_4x5"], ""),
    ],
)
def test_both_start_the_same_commands(
    name: str, values: dict[str, str], ids: list[str], cache: str, tmp_path: Path
) -> None:
    chosen = {"source": 'https://example.com/a "b" $(c) `d` {e} \'.mp4', **values}
    given = {key.replace("_", "-"): value for key, value in chosen.items()}
    given["cache"] = cache
    on_argo = [list(run.args[3:]) for run in expand(document(name), JOB, given, {IDS_TAG: ids})]
    assert sorted(started_locally(name, chosen, ids, cache, tmp_path)) == sorted(on_argo)
