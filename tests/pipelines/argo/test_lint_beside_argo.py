"""Lint compared with `argo lint`: both refuse the same documents, and accept the same.

The lines of `argo lint` itself are asked for where the binary is on the PATH.
"""

import copy
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.argo.lint.checks import lint
from pipelines.argo.lint.references import waits
from tests.comparisons import program
from tests.pipelines.argo.changing import RENDERED, Json, output, put, task, template

Change = Callable[[Json], Any]


def container(document: Json) -> Json:
    found: Json = template(document, "cut")["container"]
    return found


def retry(document: Json) -> Json:
    found: Json = template(document, "cut")["retryStrategy"]
    return found


def parameters(document: Json) -> list[Json]:
    found: list[Json] = document["spec"]["arguments"]["parameters"]
    return found


def choice(document: Json) -> Json:
    return next(item for item in parameters(document) if "enum" in item)


REFUSED: dict[str, tuple[Change, str]] = {
    "a name of the object that is too long": (
        lambda d: put(d["metadata"], name="a" * 64), "64 characters: use at most 63"),
    "a task's name": (
        lambda d: (put(task(d, "cut"), name="c_t"), put(task(d, "detect"), depends="c_t")),
        "main.c_t: is not a name for tasks"),
    "a template's name": (
        lambda d: (put(template(d, "cut"), name="c_t"), put(task(d, "cut"), template="c_t")),
        "templates.c_t: is not a name for templates"),
    "a template without a name": (lambda d: template(d, "cut").pop("name"), "has no name"),
    "a parameter's name": (
        lambda d: parameters(d).append({"name": "a.b", "value": ""}),
        "spec.arguments.a.b: is not a name for parameters"),
    "a parameter of the job twice": (
        lambda d: parameters(d).append({"name": "cache", "value": ""}),
        "spec.arguments.cache: two parameters have this name"),
    "an input twice": (
        lambda d: template(d, "render")["inputs"]["parameters"].append({"name": "clip"}),
        "render.inputs.clip: two parameters"),
    "an artifact twice": (
        lambda d: template(d, "cut")["outputs"]["artifacts"].append(output(d, "cut", "cuts")),
        "cut.outputs.cuts: two artifacts"),
    "dependencies beside depends": (
        lambda d: put(task(d, "cut"), dependencies=["highlight"]), "has dependencies"),
    "dependencies beside another's depends": (
        lambda d: (put(task(d, "cut"), dependencies=["highlight"]), task(d, "cut").pop("depends")),
        "has dependencies"),
    "continueOn beside depends": (
        lambda d: put(task(d, "cut"), continueOn={"failed": True}), "has continueOn"),
    "any of one": (
        lambda d: put(task(d, "cut"), depends="highlight.AnySucceeded"), "is not a fan-out"),
    "a word in depends": (
        lambda d: put(task(d, "render"), depends="reframe and caption"), "on and, which is not"),
    "two lists of items": (
        lambda d: put(task(d, "render"), withItems=["a"]), "withItems and withParam"),
    "no task": (lambda d: put(template(d, "main")["dag"], tasks=[]), "has no task"),
    "two kinds": (
        lambda d: put(template(d, "cut"), suspend={}), "templates.cut: runs container and suspend"),
    "no kind": (lambda d: template(d, "cut").pop("container"), "templates.cut: runs nothing"),
    "a kind that is null": (lambda d: put(template(d, "cut"), container=None), "runs nothing"),
    "a deadline of a DAG": (
        lambda d: put(template(d, "main"), activeDeadlineSeconds=9), "Seconds does not apply"),
    "a timeout of a DAG": (lambda d: put(template(d, "main"), timeout="9s"), "timeout does not"),
    "a pod's parallelism": (lambda d: put(template(d, "cut"), parallelism=1), "lelism does not"),
    "no image": (lambda d: container(d).pop("image"), "without an image"),
    "a place mounted twice": (
        lambda d: container(d)["volumeMounts"].append({"name": "job", "mountPath": "/job"}),
        "mounts /job twice"),
    "a place of an input mounted": (
        lambda d: container(d)["volumeMounts"].append(
            {"name": "job", "mountPath": template(d, "cut")["inputs"]["artifacts"][0]["path"]}),
        "mounts /job/source_meta.json twice"),
    "a timeout without a unit": (
        lambda d: put(template(d, "cut"), timeout="30"), "'30' is not a duration"),
    "a deadline in words": (
        lambda d: put(template(d, "cut"), activeDeadlineSeconds="a b"), "'a b' is not a number"),
    "a quantity": (
        lambda d: put(container(d)["resources"]["limits"], memory="512Mega"),
        "cut.container.resources.limits.memory: '512Mega' is not a quantity"),
    "a default outside of its enum": (
        lambda d: put(choice(d), value="nonsense"), "nonsense is not one of"),
    "an empty enum": (lambda d: put(choice(d), enum=[]), "an empty enum"),
    "how pods are cleaned up": (
        lambda d: put(d["spec"]["podGC"], strategy="OnPodSucces"), "'OnPodSucces' is not a"),
    "a hook without an expression": (
        lambda d: put(d["spec"], hooks={"late": {"template": "notify"}}), "hooks.late"),
    "an output from nowhere": (
        lambda d: template(d, "reframe")["outputs"]["parameters"][-1].pop("valueFrom"),
        "outputs.clip-ids: has no value"),
    "an output from nothing": (
        lambda d: put(template(d, "reframe")["outputs"]["parameters"][-1], valueFrom={}),
        "outputs.clip-ids: has no value"),
    "an output that is no path": (
        lambda d: put(template(d, "reframe")["outputs"]["parameters"][-1],
                      valueFrom={"parameter": "x"}),
        "outputs.clip-ids: needs valueFrom.path"),
    "an output with a value": (
        lambda d: put(template(d, "reframe")["outputs"]["parameters"][-1], value="x"),
        "outputs.clip-ids: has both value and valueFrom"),
    "a metric without a value": (
        lambda d: put(template(d, "cut")["metrics"]["prometheus"][1]["counter"], value=""),
        "'' is not the value of a metric"),
    "a text where a boolean is due": (
        lambda d: put(template(d, "main")["dag"], failFast="false"), "valid boolean"),
    "a number where a text is due": (
        lambda d: container(d)["env"].append({"name": "A", "value": 5}), "valid string"),
}  # fmt: skip

WRONG_LATER: dict[str, tuple[Change, str]] = {
    "a patch that ends early": (
        lambda d: put(template(d, "cut"), podSpecPatch='{"containers": ['), "is not an object"),
    "a patch that is a text": (
        lambda d: put(d["spec"], podSpecPatch="containers"), "spec.podSpecPatch: is not an object"),
    "a volume that nobody declares": (
        lambda d: container(d)["volumeMounts"].append({"name": "x", "mountPath": "/x"}),
        "mounts x, which is not a volume"),
    "a pause before a retry": (
        lambda d: put(retry(d)["backoff"], duration="20 sec"), "'20 sec' is not a duration"),
    "how often to retry": (lambda d: put(retry(d), limit="two"), "'two' is not a number"),
    "items that are no list": (
        lambda d: put(task(d, "render"), withParam="all"), "withParam is not a JSON list"),
    "a label's value": (
        lambda d: put(template(d, "cut")["metadata"]["labels"], x="no label!"), "no label!"),
}  # fmt: skip
"""Argo accepts these, and they fail when a job runs."""

TAKEN: dict[str, Change] = {
    "a null": lambda d: put(template(d, "cut"), nodeSelector=None),
    "a null list": lambda d: put(template(d, "main")["dag"]["tasks"][0], arguments=None),
    "null metrics": lambda d: put(template(d, "cut"), metrics=None),
    "an empty map": lambda d: put(template(d, "cut"), nodeSelector={}),
    "numbers of resources": lambda d: put(
        container(d)["resources"]["limits"], cpu=1.5, memory=1024, **{"nvidia.com/gpu": 1}),
    "quantities": lambda d: put(container(d)["resources"]["limits"], cpu="500m", memory="1e9"),
    "a size": lambda d: put(d["spec"]["volumes"][0], emptyDir={"sizeLimit": "1.5Gi"}),
    "numbers as choices": lambda d: parameters(d).append({"name": "a", "value": 5, "enum": [5, 6]}),
    "a choice without a default": lambda d: choice(d).pop("value"),
    "a task without an end": lambda d: put(task(d, "cut"), depends="highlight"),
    "dependencies alone": lambda d: [
        put(item, dependencies=sorted({name for name, _ in waits(item)}), depends=None)
        for item in template(d, "main")["dag"]["tasks"]],
    "any of many": lambda d: put(task(d, "publish"), depends="render.AnySucceeded"),
    "items": lambda d: put(task(d, "render"), withParam='["a", "b"]'),
    "a timeout": lambda d: put(template(d, "cut"), timeout="1h30m0.5s"),
    "a pause in seconds": lambda d: put(retry(d)["backoff"], duration="20"),
    "a timeout that is a parameter": lambda d: put(
        template(d, "cut"), timeout="{{workflow.parameters.max-duration-s}}s"),
    "a patch in YAML": lambda d: put(
        template(d, "cut"), podSpecPatch="priority: {{=asInt(retries)}}"),
    "a claim": lambda d: (
        put(d["spec"], volumeClaimTemplates=[{
            "metadata": {"name": "x"},
            "spec": {"accessModes": ["ReadWriteOnce"],
                     "resources": {"requests": {"storage": "1Gi"}}}}]),
        container(d)["volumeMounts"].append({"name": "x", "mountPath": "/x"})),
    "a hook": lambda d: put(
        d["spec"], hooks={"late": {"template": "notify", "expression": "workflow.name == 'x'"}}),
}  # fmt: skip


def changed(change: Change) -> Json:
    document = copy.deepcopy(RENDERED)
    change(document)
    assert document != RENDERED
    return document


BROKEN = REFUSED | WRONG_LATER


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_each_fault_has_its_line(case: str) -> None:
    change, expected = BROKEN[case]
    found = [str(problem) for problem in lint(changed(change))]
    assert any(expected in line for line in found), found


@pytest.mark.parametrize("case", sorted(TAKEN))
def test_documents_that_argo_accepts_pass(case: str) -> None:
    assert lint(changed(TAKEN[case])) == []


Place = tuple[str | int, ...]


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))


@given(
    st.sampled_from(sorted(places(RENDERED), key=str)),
    st.sampled_from([None, "", [], {}, 5, True, "{{x", "a b", [None], [{}], {"a": {}}]),
)
def test_no_value_anywhere_crashes_lint(path: Place, value: Any) -> None:
    document = copy.deepcopy(RENDERED)
    *before, last = path
    place: Any = document
    for key in before:
        place = place[key]
    place[last] = value
    for problem in lint(document):
        assert "\n" not in str(problem)


@pytest.mark.parametrize("value", [None, [], [1], "text", 5])
def test_documents_that_are_not_objects(value: object) -> None:
    (problem,) = lint(value)
    assert "not a Kubernetes object" in str(problem)


@pytest.fixture(scope="module")
def argo() -> str:
    return str(program("argo", "clipmill lint with argo lint"))


@pytest.mark.parametrize("case", sorted(REFUSED | TAKEN))
def test_argo_lint_agrees(case: str, argo: str, tmp_path: Path) -> None:
    change = TAKEN[case] if case in TAKEN else REFUSED[case][0]
    file = tmp_path / "template.yaml"
    file.write_text(json.dumps(changed(change)))
    words = (argo, "lint", "--offline", "--no-color", str(file))
    said = subprocess.run(
        words, capture_output=True, text=True, env={"KUBECONFIG": "/dev/null"}, check=False
    )
    assert (said.returncode == 0) == (case in TAKEN), said.stdout + said.stderr
