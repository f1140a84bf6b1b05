"""The rendered templates: fresh, deterministic, whole, and the same job as the Dag."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hera.workflows import WorkflowTemplate

from pipelines.argo.names import kebab
from pipelines.argo.template import (
    TEMPLATES,
    image_name,
    render,
    workflow_template,
    write_templates,
)
from pipelines.cli.door import parser_of
from pipelines.dag import Dag, step_arguments
from steps.catalogue import EXIT_NAMES
from steps.contract.params import choices
from steps.contract.receipt import receipt_path, record_path
from tests.pipelines.argo.changing import document, text_of
from tests.pipelines.argo.expand import Run, expand

ROOT = Path(__file__).parents[3]
FILES = ROOT / "charts" / "clipmill" / "files"
IDS = "{{tasks.reframe.outputs.parameters.clip-ids}}"
NAMES = sorted(TEMPLATES)


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_file_is_fresh(name: str) -> None:
    assert (FILES / f"{name}.yaml").read_text() == text_of(name), "run `make golden`"


def test_the_committed_files_are_those_that_render_writes(tmp_path: Path) -> None:
    made = {path.name: path.read_text() for path in write_templates(tmp_path)}
    assert {path.name: path.read_text() for path in FILES.iterdir()} == made, "run `make golden`"


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_text_does_not_depend_on_the_order_of_sets(seed: str, tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "pipelines", "render", "--out", tmp_path]
    subprocess.run(argv, env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, check=True)
    for name in NAMES:
        assert (tmp_path / f"{name}.yaml").read_text() == (FILES / f"{name}.yaml").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_the_text_reads_back_as_the_object(name: str) -> None:
    make_dag, title = TEMPLATES[name]
    made = workflow_template(name, make_dag(), title).to_dict()
    assert document(name) == made
    assert WorkflowTemplate.from_yaml(text_of(name)).to_dict() == made  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
def test_images_may_be_renamed(name: str) -> None:
    text = render(name, lambda step: f"registry.example/{step}@sha256:0")
    images = {
        item["container"]["image"]
        for item in yaml.load(text, yaml.CSafeLoader)["spec"]["templates"][1:]
    }
    assert images == {
        f"registry.example/{task.name}@sha256:0" for task in TEMPLATES[name][0]().tasks
    } | {"registry.example/notify@sha256:0"}


@pytest.mark.parametrize("name", NAMES)
def test_only_parameters_without_a_default_are_required(name: str) -> None:
    parameters = document(name)["spec"]["arguments"]["parameters"]
    assert [item["name"] for item in parameters if "value" not in item] == ["source"]
    assert all(item["description"] for item in parameters)
    assert all(item["value"] in item["enum"] for item in parameters if "enum" in item)


@pytest.mark.parametrize(("name", "command"), [("clipmill", "run"), ("clipmill-detect", "detect")])
def test_parameters_come_in_the_order_of_the_help(name: str, command: str) -> None:
    params = TEMPLATES[name][0]().params
    options = [
        action.dest
        for action in parser_of(command)._actions
        if action.dest in params and action.const is None  # not a short form of another option
    ]
    expected = [kebab(option) for option in dict.fromkeys(options)]
    parameters = document(name)["spec"]["arguments"]["parameters"]
    assert [item["name"] for item in parameters][: len(params)] == expected
    assert [item["name"] for item in parameters][len(params) :] == [
        "prefix", "cache", "owner", "callback",
    ]  # fmt: skip
    chosen = {kebab(param): list(choices(info)) for param, info in params.items() if choices(info)}
    assert {item["name"]: item["enum"] for item in parameters if "enum" in item} == chosen


def planned(dag: Dag, job: str, values: dict[str, str], ids: list[str]) -> list[Run]:
    """The runs of a job by the Dag, as an executor without Argo walks it."""
    runs = []
    for task in dag.tasks:
        for name, own in task.runs(ids):
            params = dag.task_params(task, values, own)
            args = step_arguments(
                task.step, params.texts(), inputs="/job", outputs="/job", cache="", job=job,
                attempt="0",
            )  # fmt: skip
            clip = own.get("clip")
            notes = (receipt_path(name), record_path(name))
            paths = [_path(port.resolve(clip), port.is_folder) for port in task.step.writes]
            runs.append(
                Run(
                    name=name,
                    args=("python", "-m", "steps", *args),
                    reads=frozenset(f"jobs/{job}/{port.resolve(clip)}" for port in task.step.reads),
                    writes=frozenset(f"jobs/{job}/{path}" for path in (*paths, *notes)),
                )
            )
    return runs


def _path(path: object, folder: bool) -> str:
    return f"{path}/" if folder else str(path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ids", [[], ["clip_01"], ["clip_01", "clip_01_4x5", "clip_10"]])
@pytest.mark.parametrize(
    "values", [{}, {"max_height_px": "720", "sample_ms": "100", "handles_ms": "0"}]
)
def test_argo_runs_what_the_dag_plans(name: str, ids: list[str], values: dict[str, str]) -> None:
    dag = TEMPLATES[name][0]()
    chosen = {"source": 'https://example.com/a "b" $(c) {d}.mp4', **values}
    given = {key.replace("_", "-"): value for key, value in chosen.items()}
    assert expand(document(name), "talk-1", given, {IDS: ids}) == planned(
        dag, "talk-1", chosen, ids
    )


@pytest.mark.parametrize("name", NAMES)
def test_edges_are_those_of_the_dag(name: str) -> None:
    """Every edge of the Dag holds along some path of `depends`, and no other does."""
    dag = TEMPLATES[name][0]()
    main = next(item for item in document(name)["spec"]["templates"] if item["name"] == "main")
    waits = {
        task["name"]: {other.name for other in dag.tasks if other.name in task.get("depends", "")}
        for task in main["dag"]["tasks"]
    }

    def closed(edges: dict[str, set[str]], task: str) -> set[str]:
        return edges[task].union(*(closed(edges, before) for before in edges[task]))

    direct = {task: set(before) for task, before in dag.edges.items()}
    for task in dag.tasks:
        assert closed(waits, task.name) == closed(direct, task.name)


def test_a_failed_clip_lets_the_others_be_published() -> None:
    main = document("clipmill")["spec"]["templates"][0]["dag"]
    tasks = {task["name"]: task for task in main["tasks"]}
    assert main["failFast"] is False
    ends = ("Succeeded", "Skipped", "Failed", "Errored")
    assert all(f"render.{end}" in tasks["publish"]["depends"] for end in ends)
    assert "Omitted" not in tasks["publish"]["depends"]


def test_the_exit_step_is_not_a_task() -> None:
    spec = document("clipmill")["spec"]
    assert spec["onExit"] in EXIT_NAMES
    assert spec["onExit"] not in {task["name"] for task in spec["templates"][0]["dag"]["tasks"]}


@pytest.mark.parametrize("name", NAMES)
def test_memory_doubles_on_the_second_try(name: str) -> None:
    dag = TEMPLATES[name][0]()
    templates = {item["name"]: item for item in document(name)["spec"]["templates"]}
    for task in dag.tasks:
        patch = json.loads(templates[task.name]["podSpecPatch"])
        mib = task.step.resources.memory_mib
        assert patch["containers"][0] == {
            "name": "main",
            "resources": {
                "limits": {"memory": f"{{{{=asInt(retries) == 0 ? {mib} : {2 * mib}}}}}Mi"}
            },
        }


def test_images_have_the_name_of_their_step() -> None:
    assert image_name("cut").startswith("clipmill-cut:")
