"""Lint: the rendered templates pass, and each way of breaking one is named."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from pipelines.argo.lint.check import lint
from pipelines.argo.lint.expressions import is_condition, is_expression, names_in
from pipelines.argo.template import TEMPLATES, render
from tests.pipelines.argo.changing import RENDERED, Json, args, output, put, task, template


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_what_is_rendered_passes(name: str) -> None:
    assert lint(yaml.safe_load(render(name))) == []


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
    "an unknown name in an expression": (
        lambda d: put(template(d, "cut"), podSpecPatch='{"a":"{{=asInt(retrys)}}"}'), "retrys"),
    "retries without retrying": (
        lambda d: template(d, "cut").pop("retryStrategy"), "{{retries}}"),
    "an unknown output": (
        lambda d: put(task(d, "render"), withParam="{{tasks.highlight.outputs.parameters.ids}}"),
        "tasks.highlight.outputs.parameters.ids"),
    "an output of a task that is not waited for": (
        lambda d: put(task(d, "moderate"),
                      withParam="{{tasks.highlight.outputs.parameters.clip-ids}}"),
        "tasks.highlight.outputs"),
    "item without a list": (
        lambda d: task(d, "render").pop("withParam"), "{{item}}"),
    "the exit's status in a task": (
        lambda d: args(d, "cut").append("--x={{workflow.status}}"), "only an exit hook"),
    "the exit's failures in a task": (
        lambda d: args(d, "publish").append("--x={{workflow.failures}}"), "only an exit hook"),
    "an unknown name in the retry": (
        lambda d: put(template(d, "cut")["retryStrategy"], expression="lastRetry.exitcode == '1'"),
        "lastRetry.exitcode"),
    "an unknown name in a label": (
        lambda d: put(d["spec"]["workflowMetadata"]["labelsFrom"]["clipmill.dev/owner"],
                      expression="workflow.parameters.ownr"), "ownr"),
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
        lambda d: task(d, "render").pop("arguments"), "does not give the parameter clip"),
    "a parameter not taken": (
        lambda d: put(task(d, "cut"), arguments={"parameters": [{"name": "x", "value": "1"}]}),
        "does not take"),
    "a key outside the job": (
        lambda d: put(output(d, "cut", "cuts")["s3"], key="cuts/"), "is not under"),
    "a key that climbs": (
        lambda d: put(output(d, "cut", "cuts")["s3"],
                      key="{{workflow.parameters.prefix}}/{{workflow.name}}/../x/"), "leave"),
    "a key unlike its path": (
        lambda d: put(output(d, "cut", "cuts"), path="/job/cut"), "unlike its key"),
    "a key with two writers": (
        lambda d: put(output(d, "publish", "edl"), path="/job/clips.json",
                      s3={"key": "{{workflow.parameters.prefix}}/{{workflow.name}}/clips.json"}),
        "writes the key"),
    "a fan-out onto one key": (
        lambda d: put(output(d, "render", "clip-picture"), path="/job/clips/a.jpg",
                      s3={"key": "{{workflow.parameters.prefix}}/{{workflow.name}}/clips/a.jpg"}),
        "the same key"),
    "an input that nobody writes": (
        lambda d: template(d, "download")["outputs"]["artifacts"].pop(0), "which no task before"),
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
        "may not decide what runs"),
    "no command": (
        lambda d: template(d, "cut")["container"].pop("command"), "no command"),
    "no deadline": (lambda d: template(d, "cut").pop("activeDeadlineSeconds"), "Deadline"),
    "no deadline of the job": (lambda d: d["spec"].pop("activeDeadlineSeconds"), "hang"),
    "no memory limit": (
        lambda d: template(d, "cut")["container"]["resources"].pop("limits"), "memory limit"),
    "a root to write": (
        lambda d: template(d, "cut")["container"].pop("securityContext"), "may write"),
    "a token for steps": (
        lambda d: put(d["spec"], automountServiceAccountToken=True), "token"),
    "a policy beside the expression": (
        lambda d: put(template(d, "cut")["retryStrategy"], retryPolicy="Always"), "policy"),
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
def test_a_broken_template_is_named(case: str) -> None:
    change, expected = CASES[case]
    document = copy.deepcopy(RENDERED)
    change(document)
    assert document != RENDERED
    found = [str(problem) for problem in lint(document)]
    assert any(expected in line for line in found), found


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("asInt(retries) == 0 ? 'a.b' : \"c\"", {"retries"}),
        ("workflow.parameters['max-size'] matches '^x'", {"workflow.parameters.max-size"}),
        ("!(lastRetry.message startsWith 'main: ')", {"lastRetry.message"}),
        ("$env['retries'] ?? 0", {"retries"}),
        ("sprig.trim(inputs.parameters.clip)", {"inputs.parameters.clip"}),
    ],
)
def test_names_of_an_expression(expression: str, names: set[str]) -> None:
    assert names_in(expression) == names


@pytest.mark.parametrize(
    "expression",
    [
        "asInt(retries) == 0 ? 1 : asInt(retries) == 1 ? 2 : 3",
        "a ? (b ? c : d) : e",
        "!(a matches 'it\\'s') && b == !c",
        "$env['retries'] ?? 0",
        "filter(a?.b, {# > 1}) | len()",
        "x not in ['a)', \"(b\", `'`]",
    ],
)
def test_expressions(expression: str) -> None:
    assert is_expression(expression)


@pytest.mark.parametrize(
    "text", ["", "a in ['75'", "a ==", "a &&", "(a", "a)", "'a", "a ? b", "a b", "a == 'b''"]
)
def test_what_is_no_expression(text: str) -> None:
    assert not is_expression(text)


@pytest.mark.parametrize(
    "depends",
    ["a", "a.Succeeded && (b-1 || !c.Failed)", "(import.Failed)", "a\n&& b"],
)
def test_conditions(depends: str) -> None:
    assert is_condition(depends)


@pytest.mark.parametrize(
    "depends",
    [
        "(a",
        "a &&",
        "a & b",
        "a b",
        "a (b)",
        "a, b",
        "a == b",
        "()",
        "a ? b : c",
        "1a",
        "'a'",
        "a;b",
    ],
)
def test_what_is_no_condition(depends: str) -> None:
    assert not is_condition(depends)
