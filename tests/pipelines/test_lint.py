"""The checks of a Dag: the real ones pass, and each check finds what it is for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pytest

from pipelines.__main__ import main
from pipelines.argo.lint.document import read_documents
from pipelines.argo.template import render
from pipelines.dag import Dag, FanOut, Task, clips_dag, detect_dag
from pipelines.lint import lint_dag
from steps.contract import DocumentPort, FileParam, Params, Port, Step, param

WORK = "tests.pipelines.tiny.work:first"
WORD = Port("word", "word.txt", "a word")
IDS = Port("ids", "ids.json", "ids", parameter=True)
LIST = DocumentPort("edl", "edl.json", "a list", reference="steps.model.edl:Edl")
CHECK = replace(LIST, reference="steps.model.render_check:RenderCheck")
WORD_LIST = DocumentPort("word", "word.txt", "", reference="steps.model.edl:Edl")


class Size(Params):
    size: int = param(3, ge=1, description="A size.")


class OtherSize(Params):
    size: int = param(4, ge=1, description="A size.")


class PerClip(Params):
    clip: str = param(description="An id.")


class Reserved(Params):
    cache: str = param("", description="Taken.")


class WithFile(Params):
    style: Annotated[str, FileParam(Port("kept", "inputs/style", "a style", optional=True))] = (
        param("", description="A style.")
    )


def step(
    name: str,
    params: type[Params] = Size,
    reads: tuple[Port, ...] = (),
    writes: tuple[Port, ...] = (),
) -> Step[Any]:
    return Step(name=name, summary=name, params=params, reads=reads, writes=writes, work=WORK)


FIRST = Task(step("first", writes=(WORD, IDS, LIST)))


@pytest.mark.parametrize("dag", [clips_dag(), detect_dag()], ids=lambda dag: dag.name)
def test_the_real_dags_have_no_problem(dag: Dag) -> None:
    assert lint_dag(dag) == []


@pytest.mark.parametrize(
    ("tasks", "says"),
    [
        ((FIRST, Task(step("first"))), "2 tasks have the name first"),
        ((Task(step("a", WithFile)),), "a: inputs/style, of --style, is not an optional output"),
        ((Task(step("a", writes=(Port("x", "../x", ""),))),), "'../x' is not a path inside"),
        ((Task(step("a", writes=(Port("x", "/x", ""),))),), "'/x' is not a path inside"),
        ((Task(step("a", writes=(Port("x", ".x", ""),))),), "'.x' is not a path inside"),
        ((FIRST, Task(step("b", writes=(WORD,)))), "word.txt is written by 2 tasks"),
        ((Task(step("b", reads=(WORD,))),), "b: no task writes word.txt"),
        ((Task(step("b", reads=(WORD,))), FIRST), "word.txt is written later by first"),
        ((Task(step("b", reads=(WORD,), writes=(WORD,))),), "written later by b"),
        (
            (
                FIRST,
                Task(
                    step(
                        "b",
                        reads=(CHECK,),
                    )
                ),
            ),
            "edl.json is clipmill/edl@1, not clipmill/render-check@1",
        ),
        (
            (
                FIRST,
                Task(
                    step(
                        "b",
                        reads=(WORD_LIST,),
                    )
                ),
            ),
            "word.txt is a plain file, not clipmill/edl@1",
        ),
        ((FIRST, Task(step("b", reads=(Port("term", "word.txt", ""),)))), "word.txt is term here"),
        (
            (FIRST, Task(step("b", writes=(Port("word", "other.txt", ""),)))),
            "word is other.txt here, and word.txt elsewhere",
        ),
        ((FIRST, Task(step("b", OtherSize))), "b: --size is declared differently"),
        ((Task(step("a", Reserved)),), "a: --cache is an option of every step"),
        ((Task(step("a"), fixed={"weight": "1"}),), "a has no param weight"),
        ((FIRST, Task(step("b"), FanOut(IDS, "clip"))), "b has no param clip"),
        (
            (FIRST, Task(step("b", PerClip), FanOut(WORD, "clip"))),
            "word.txt is not a parameter port",
        ),
        (
            (FIRST, Task(step("b", writes=(Port("p", "p/{clip}.txt", ""),)))),
            "b has files per clip but does not run per clip",
        ),
        ((Task(step("a"), may_fail=True),), "a may fail but does not run per clip"),
        ((Task(replace(step("a"), work="steps.no:run")),), "a: there is no module steps.no"),
        ((Task(replace(step("a"), fingerprint="no:run")),), "a: there is no module no"),
    ],
)
def test_each_check_finds_its_problem(tasks: tuple[Task, ...], says: str) -> None:
    problems = lint_dag(Dag("tiny", tasks))
    assert any(says in line for line in problems), problems
    assert all(line.startswith("tiny: ") for line in problems)


def test_an_optional_input_needs_no_writer_and_params_that_differ_may_be_fixed() -> None:
    later = Task(step("b", OtherSize, reads=(Port("x", "x.txt", "").maybe(),)), fixed={"size": "9"})
    assert lint_dag(Dag("tiny", (FIRST, later))) == []


def test_a_fan_out_over_a_parameter_is_right() -> None:
    many = step("b", PerClip, reads=(WORD,), writes=(Port("p", "p/{clip}.txt", ""),))
    assert lint_dag(Dag("tiny", (FIRST, Task(many, FanOut(IDS, "clip"), may_fail=True)))) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Hera's own
@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (b"", 80, "is empty"),
        (b"---\n---\n", 80, "is empty"),
        (b"\xff\xfe", 80, "is not a UTF-8 text file"),
        (b"a: [\nb: }", 80, "is not YAML: while parsing a flow node"),
        (b"kind: Workflow\nspec:\n  a: 1\n  b: 2\n  a: 3\n", 80, "the key a appears twice"),
        (b"? [a]\n: b\n", 80, "is not YAML: while constructing a mapping"),
        (b"- a\n", 84, "is a list, not a Kubernetes object"),
        (b"a\n", 84, "is a str, not a Kubernetes object"),
        (b"kind: Workflow\nmetadata: {}\nspec: {1: 2}\n", 84, "spec.1: Argo 4.0 has no such field"),
    ],
)
def test_a_file_that_cannot_be_checked_has_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: bytes, code: int, says: str
) -> None:
    file = tmp_path / "template.yaml"
    file.write_bytes(text)
    assert main(["lint", str(file)]) == code
    first, *_ = capsys.readouterr().err.splitlines()
    assert str(file) in first
    assert says in first


def test_empty_documents_beside_others_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(f"---\n{render('clipmill')}\n---\n# nothing\n---\n{render('clipmill-detect')}")
    assert main(["lint", str(file)]) == 0
    assert capsys.readouterr().out == "2 templates: no problem found\n"


def test_what_is_not_checked_is_reported_and_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nightly.yaml"
    file.write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nmetadata: {name: nightly}\n"
        "spec:\n  schedules: ['0 2 * * *']\n  workflowSpec: {entrypoint: main}\n"
    )
    assert main(["lint", str(file)]) == 0
    line = f"{file}: spec.workflowSpec: not checked: only a WorkflowTemplate is\n"
    assert capsys.readouterr().err == line


def test_a_merge_key_may_appear_twice() -> None:
    text = "a: &a {x: 1}\nb: &b {y: 2}\nc:\n  <<: *a\n  <<: *b\n  x: 3\n"
    assert read_documents(text) == [{"a": {"x": 1}, "b": {"y": 2}, "c": {"x": 3, "y": 2}}]
