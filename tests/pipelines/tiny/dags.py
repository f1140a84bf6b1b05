"""The Dags of the tiny steps.

`tiny_dag` is `first -> many xN -> last`, with `side` beside it. The steps of `engines_dag` choose
an engine each; one of the engines has an environment of its own.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.dag import Dag, FanOut, Task
from tests.pipelines.tiny.catalogue import FIRST, IDS, LAST, LEFT, MANY, RIGHT, SIDE_STEP


def tiny_dag(*, may_fail: bool = True, side_timeout_s: int = 600) -> Dag:
    fan_out = FanOut(ids=IDS, param="clip")
    return Dag(
        "tiny",
        (
            Task(FIRST),
            Task(replace(SIDE_STEP, timeout_s=side_timeout_s)),
            Task(MANY, fan_out, may_fail=may_fail),
            Task(LAST),
        ),
    )


def engines_dag() -> Dag:
    return Dag("engines", (Task(LEFT), Task(RIGHT)))
