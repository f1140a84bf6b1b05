"""The checks of a Dag: the real ones pass, and each check finds what it is for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipelines.dag import Dag, FanOut, Task, clips_dag, detect_dag
from pipelines.lint import lint_dag
from steps.contract import DocumentPort, Params, Port, Step, param
from steps.model.check import RenderCheck
from steps.model.edl import Edl

WORD = Port("word", "word.txt", "a word")
IDS = Port("ids", "ids.json", "ids", parameter=True)
LIST = DocumentPort("edl", "edl.json", "a list", document=Edl)


class Size(Params):
    size: int = param(3, ge=1, description="A size.")


class OtherSize(Params):
    size: int = param(4, ge=1, description="A size.")


class PerClip(Params):
    clip: str = param(description="An id.")


class Reserved(Params):
    cache: str = param("", description="Taken.")


def step(
    name: str,
    params: type[Params] = Size,
    reads: tuple[Port, ...] = (),
    writes: tuple[Port, ...] = (),
) -> Step[Any]:
    return Step(
        name=name, summary=name, params=params, reads=reads, writes=writes, work="nowhere:run"
    )


FIRST = Task(step("first", writes=(WORD, IDS, LIST)))


@pytest.mark.parametrize("dag", [clips_dag(), detect_dag()], ids=lambda dag: dag.name)
def test_the_real_dags_have_no_problem(dag: Dag) -> None:
    assert lint_dag(dag) == []


@pytest.mark.parametrize(
    ("tasks", "says"),
    [
        ((FIRST, Task(step("first"))), "2 tasks are called first"),
        ((Task(step("a", writes=(Port("x", "../x", ""),))),), "'../x' is no path inside"),
        ((Task(step("a", writes=(Port("x", "/x", ""),))),), "'/x' is no path inside"),
        ((Task(step("a", writes=(Port("x", ".x", ""),))),), "'.x' is no path inside"),
        ((FIRST, Task(step("b", writes=(WORD,)))), "word.txt is written by 2 tasks"),
        ((Task(step("b", reads=(WORD,))),), "b: nobody writes word.txt"),
        ((Task(step("b", reads=(WORD,))), FIRST), "word.txt is written later, by first"),
        ((Task(step("b", reads=(WORD,), writes=(WORD,))),), "written later, by b"),
        (
            (FIRST, Task(step("b", reads=(replace(LIST, document=RenderCheck),)))),
            "edl.json is clipmill/edl@1, not clipmill/render-check@1",
        ),
        (
            (FIRST, Task(step("b", reads=(DocumentPort("word", "word.txt", "", document=Edl),)))),
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
        ((FIRST, Task(step("b", PerClip), FanOut(WORD, "clip"))), "word.txt is no parameter port"),
        (
            (FIRST, Task(step("b", writes=(Port("p", "p/{clip}.txt", ""),)))),
            "b has files per clip, and is not run per clip",
        ),
        ((Task(step("a"), may_fail=True),), "a may fail, and is not one of many"),
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
