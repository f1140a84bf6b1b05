"""Lint: the rendered templates pass, and each way of breaking one is named."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.argo.lint.checks import lint, unchecked
from pipelines.argo.template import TEMPLATES
from tests.pipelines.argo.changing import (
    RENDERED,
    Json,
    args,
    document,
    output,
    put,
    task,
    template,
)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_rendered_templates_pass(name: str) -> None:
    assert lint(document(name)) == []


CASES: dict[str, tuple[Callable[[Json], Any], str]] = {
    "typo in the spec": (
        lambda d: put(d["spec"], parallelizm=3), "did you mean parallelism"),
    "typo in a container": (
        lambda d: put(template(d, "cut")["container"], argss=[]), "did you mean args"),
    "a snake case field": (
        lambda d: put(template(d, "cut"), active_deadline_seconds=3), "active_deadline_seconds"),
    "a field of 4.1": (lambda d: put(template(d, "cut"), pendingTimeout="5m"), "pendingTimeout"),
    "a field of 4.1 in the store": (
        lambda d: put(output(d, "cut", "cuts")["s3"], addressingStyle="path"), "addressingStyle"),
    "a wrong type": (lambda d: put(d["spec"], parallelism="many"), "parallelism"),
    "another kind": (lambda d: put(d, kind="WorkflowTemplat"), "WorkflowTemplat"),
    "an unknown job parameter": (
        lambda d: args(d, "cut").append("--x={{workflow.parameters.handels-ms}}"), "handels-ms"),
    "an unknown input": (
        lambda d: args(d, "cut").append("--x={{inputs.parameters.clip}}"), "inputs.parameters"),
    "retries without retrying": (
        lambda d: template(d, "cut").pop("retryStrategy"), "{{retries}}"),
    "an unknown output": (
        lambda d: put(task(d, "render"), withParam="{{tasks.highlight.outputs.parameters.ids}}"),
        "tasks.highlight.outputs.parameters.ids"),
    "an output of a task that is not waited for": (
        lambda d: put(task(d, "moderate"),
                      withParam="{{tasks.reframe.outputs.parameters.clip-ids}}"),
        "tasks.reframe.outputs"),
    "item without a list": (
        lambda d: task(d, "render").pop("withParam"), "{{item}}"),
    "the exit's status in a task": (
        lambda d: args(d, "cut").append("--x={{workflow.status}}"), "only an exit hook has it"),
    "the exit's failures in a task": (
        lambda d: args(d, "publish").append("--x={{workflow.failures}}"), "only an exit hook"),
    "depends on nobody": (lambda d: put(task(d, "cut"), depends="highlite.Succeeded"), "highlite"),
    "depends on no end": (lambda d: put(task(d, "cut"), depends="highlight.Success"), "Success"),
    "a circle": (lambda d: put(task(d, "download"), depends="publish.Succeeded"), "circle"),
    "no such template": (lambda d: put(task(d, "cut"), template="cutt"), "cutt"),
    "no such exit": (lambda d: put(d["spec"], onExit="notifi"), "notifi"),
    "two templates of one name": (
        lambda d: d["spec"]["templates"].append(template(d, "cut")), "two templates"),
    "a template that nothing runs": (
        lambda d: put(template(d, "main")["dag"], tasks=[
            item for item in template(d, "main")["dag"]["tasks"] if item["name"] != "publish"]),
        "nothing runs it"),
    "a parameter not given": (
        lambda d: task(d, "render").pop("arguments"), "does not pass the parameter clip"),
    "a parameter not taken": (
        lambda d: put(task(d, "cut"), arguments={"parameters": [{"name": "x", "value": "1"}]}),
        "has no such input"),
    "a key outside the job": (
        lambda d: put(output(d, "cut", "cuts")["s3"], key="cuts/"), "is not under"),
    "a key that climbs": (
        lambda d: put(output(d, "cut", "cuts")["s3"],
                      key="{{workflow.parameters.prefix}}/{{workflow.name}}/../x/"), "leave"),
    "a key unlike its path": (
        lambda d: put(output(d, "cut", "cuts"), path="/job/cut"), "differs from its key"),
    "a key with two writers": (
        lambda d: put(output(d, "publish", "edl"), path="/job/clips.json",
                      s3={"key": "{{workflow.parameters.prefix}}/{{workflow.name}}/clips.json"}),
        "also writes the key"),
    "a fan-out onto one key": (
        lambda d: put(output(d, "render", "clip-picture"), path="/job/clips/a.jpg",
                      s3={"key": "{{workflow.parameters.prefix}}/{{workflow.name}}/clips/a.jpg"}),
        "the same key"),
    "an input that nobody writes": (
        lambda d: template(d, "download")["outputs"]["artifacts"].pop(0), "which no earlier task"),
    "an input of a rendition that nobody writes": (
        lambda d: [
            put(item, path=item["path"].replace("crops", "windows"),
                s3={"key": item["s3"]["key"].replace("crops", "windows")})
            for item in template(d, "render")["inputs"]["artifacts"] if item["name"] == "crops"],
        "windows.json, which no earlier task writes"),
    "a folder read by a key that may be an object": (
        lambda d: put(template(d, "detect")["inputs"]["artifacts"][2]["s3"],
                      key="{{workflow.parameters.prefix}}/{{workflow.name}}/cuts/"),
        "empty object"),
    "a bucket of its own": (
        lambda d: put(output(d, "cut", "cuts")["s3"], bucket="mine"), "nothing else"),
    "an archive": (
        lambda d: put(output(d, "cut", "cuts"), archive={"tar": {}}), "archived"),
    "a shell": (
        lambda d: put(template(d, "cut")["container"], command=["sh", "-c"]), "a program"),
    "python -c": (
        lambda d: put(template(d, "cut")["container"], command=["python", "-c"]), "a program"),
    "a script": (
        lambda d: put(template(d, "cut"), script={
            "image": "a", "command": ["python"], "source": "print('{{workflow.name}}')"}),
        "script"),
    "a parameter that may be an option": (
        lambda d: args(d, "cut").append("{{workflow.parameters.source}}"), "--option="),
    "a parameter as the image": (
        lambda d: put(template(d, "cut")["container"], image="{{workflow.parameters.source}}"),
        "must not decide what runs"),
    "no command": (
        lambda d: template(d, "cut")["container"].pop("command"), "no command"),
    "no deadline": (lambda d: template(d, "cut").pop("activeDeadlineSeconds"), "Deadline"),
    "no deadline of the job": (lambda d: d["spec"].pop("activeDeadlineSeconds"), "hang"),
    "no memory limit": (
        lambda d: template(d, "cut")["container"]["resources"].pop("limits"), "memory limit"),
    "a root to write": (
        lambda d: template(d, "cut")["container"].pop("securityContext"), "writable root"),
    "a token for steps": (
        lambda d: put(d["spec"], automountServiceAccountToken=True), "token"),
    "a policy beside the expression": (
        lambda d: put(template(d, "cut")["retryStrategy"], retryPolicy="Always"), "retryPolicy"),
    "a longest duration": (
        lambda d: put(template(d, "cut")["retryStrategy"]["backoff"], maxDuration="1h"),
        "maxDuration"),
    "a metric with other labels": (
        lambda d: template(d, "cut")["metrics"]["prometheus"][0]["labels"].pop(), "other labels"),
    "a metric without help": (
        lambda d: put(template(d, "cut")["metrics"]["prometheus"][0], help=""), "help text"),
    "a metric of nothing": (
        lambda d: put(template(d, "cut")["metrics"]["prometheus"][0]["histogram"],
                      value="{{durations}}"), "durations"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(CASES))
def test_each_fault_has_its_line(case: str) -> None:
    change, expected = CASES[case]
    document = copy.deepcopy(RENDERED)
    change(document)
    assert document != RENDERED
    found = [str(problem) for problem in lint(document)]
    assert any(expected in line for line in found), found


def cron(document: Json) -> Json:
    """A CronWorkflow that runs what a template holds."""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "CronWorkflow",
        "metadata": {"name": "nightly"},
        "spec": {"schedules": ["0 2 * * *"], "workflowSpec": document["spec"]},
    }


def workflow_of_a_template(_: Json) -> Json:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"name": "talk"},
        "spec": {"workflowTemplateRef": {"name": "clipmill"}},
    }


def with_steps(document: Json) -> Json:
    """`highlight` runs inside a steps template, which passes on its list of ids."""
    inner = template(document, "highlight")
    ids = {
        "name": "clip-ids",
        "valueFrom": {"parameter": "{{steps.x.outputs.parameters.clip-ids}}"},
    }
    call = {"name": "x", "template": "highlight"}
    outputs = {"parameters": [ids], "artifacts": inner["outputs"].pop("artifacts")}
    group = {"name": "group", "steps": [[call]], "outputs": outputs}
    document["spec"]["templates"].append(group)
    put(task(document, "highlight"), template="group")
    return document


def with_a_template_elsewhere(document: Json) -> Json:
    """`highlight` is a template of another WorkflowTemplate, with unknown outputs."""
    changed = task(document, "highlight")
    del changed["template"]
    put(changed, templateRef={"name": "other", "template": "choose"})
    document["spec"]["templates"].remove(template(document, "highlight"))
    return document


def with_an_inline_template(document: Json) -> Json:
    inner = template(document, "highlight")
    document["spec"]["templates"].remove(inner)
    changed = task(document, "highlight")
    del changed["template"]
    put(changed, inline={key: value for key, value in inner.items() if key != "name"})
    return document


UNCHECKED: dict[str, tuple[Callable[[Json], Json], str]] = {
    "a CronWorkflow": (cron, "spec.workflowSpec: not checked: "),
    "a Workflow of a template": (workflow_of_a_template, "spec.workflowTemplateRef: not checked: "),
    "a steps template": (with_steps, "templates.group: not checked: "),
    "a template elsewhere": (with_a_template_elsewhere, "templates.main.highlight: not checked: "),
    "an inline template": (with_an_inline_template, "templates.main.highlight: not checked: "),
}


@pytest.mark.parametrize("case", sorted(UNCHECKED))
def test_unchecked_parts_are_reported_and_are_not_problems(case: str) -> None:
    change, expected = UNCHECKED[case]
    document = change(copy.deepcopy(RENDERED))
    assert lint(document) == []
    (remark,) = unchecked(document)
    assert str(remark).startswith(expected)


def test_everything_rendered_is_checked() -> None:
    assert unchecked(RENDERED) == []


@pytest.mark.parametrize("case", sorted(UNCHECKED))
def test_the_rest_of_a_document_with_unchecked_parts_is_checked(case: str) -> None:
    document = UNCHECKED[case][0](copy.deepcopy(RENDERED))
    document["spec"]["parallelizm"] = 3
    assert [str(problem) for problem in lint(document)] == [
        "spec.parallelizm: Argo 4.0 has no such field"
        + ("" if "workflowSpec" in document["spec"] or "workflowTemplateRef" in document["spec"]
           else ": did you mean parallelism?")
    ]  # fmt: skip
