"""The tiny steps: what each takes, gives and may be asked to do."""

from __future__ import annotations

from typing import Annotated

from steps.contract import AUTO, Engine, Engines, Params, Port, Resources, Step, param
from steps.model import artifacts

IDS = Port("ids", "ids.json", "ids to fan out over", parameter=True)
WORD = Port("word", "word.txt", "what the first step was given")
SIDE = Port("side", "side.txt", "what the side step wrote")
PIECE = Port("piece", "pieces/{clip}.txt", "what one of many wrote")
PIECES = Port("pieces", "pieces/", "what all of many wrote")
TOTAL = Port("total", "total.txt", "all pieces joined")


class FirstParams(Params):
    word: str = param("hello", description="A word.")
    ids: str = param("a,b,c", description="Ids, joined by commas; may be empty.")
    first_do: str = param("ok", description="What to do.")


class SideParams(Params):
    side_do: str = param("ok", description="What to do.")


class ManyParams(Params):
    clip: str = param(description="One id.")
    many_do: str = param("", description="What single ids do: b=bad,c=transient.")


class LastParams(Params):
    pass


FIRST = Step(
    name="first",
    summary="Write a word and the ids.",
    params=FirstParams,
    writes=(WORD, IDS),
    work="tests.pipelines.tiny.work:first",
)
SIDE_STEP = Step(
    name="side",
    summary="Write beside.",
    params=SideParams,
    reads=(WORD,),
    writes=(SIDE,),
    work="tests.pipelines.tiny.work:side",
    timeout_s=5,
)
MANY = Step(
    name="many",
    summary="Write one piece.",
    params=ManyParams,
    reads=(WORD,),
    writes=(PIECE,),
    work="tests.pipelines.tiny.work:many",
)
LAST = Step(
    name="last",
    summary="Join the pieces.",
    params=LastParams,
    reads=(PIECES, artifacts.RECEIPTS),
    writes=(TOTAL,),
    work="tests.pipelines.tiny.work:last",
)
WORK = "tests.pipelines.tiny.work"
APART = Engine(
    name="apart",
    about="has an environment of its own and uses a GPU",
    load=f"{WORK}:apart",
    packages=("tiny-engine",),
    environment="tiny",
    resources=Resources(gpu=1),
)
PLAIN = Engine(name="plain", about="is in the default install", load=f"{WORK}:plain")


class LeftParams(Params):
    left: Annotated[str, Engines(APART, PLAIN)] = param(AUTO, description="An engine.")


class RightParams(Params):
    right: Annotated[str, Engines(APART, PLAIN)] = param(AUTO, description="An engine.")


LEFT = Step(
    name="left",
    summary="Write which engine and interpreter did it.",
    params=LeftParams,
    writes=(Port("left", "left.json", "engine and interpreter"),),
    work=f"{WORK}:left",
)
RIGHT = Step(
    name="right",
    summary="Write which engine and interpreter did it.",
    params=RightParams,
    writes=(Port("right", "right.json", "engine and interpreter"),),
    work=f"{WORK}:right",
)
STEPS = {step.name: step for step in (FIRST, SIDE_STEP, MANY, LAST, LEFT, RIGHT)}
