"""Cases of documents: a changed document of a finished job, before each step that reads it."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steps.catalogue import NAMES, load_step
from steps.contract import DocumentPort
from tests.fuzz.trial import Outcome, run_step

Json = Any
Place = tuple[Any, Any]
"""A list or an object, and an index or a key of it."""

CLIP = "clip_01"
OPTIONS = {"render": (f"--clip={CLIP}", "--preset=ultrafast"), "highlight": ("--at=0-1",)}
VALUES: tuple[Json, ...] = (
    0, 1, -1, 2, 7, 999, 2**31, 10**9, 10**12, 2**53, 2**63, 10**30, 0.5, -0.0, 1e308, None, True,
    "", "x", "clip_01", "clip_99", "../../x", "\0", "\u202e\u0301", "💥👩‍👩‍👧", "{\\b1}\\N", "a\nb",
    "x" * 100_000,
    "1/0", "1000000/1", "1/1000000", [], {}, [[]], [0] * 1000,
)  # fmt: skip


def places(value: Json) -> Iterator[Place]:
    """Every place of a document that holds a value, depth first."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def put(document: Json, rng: random.Random) -> str:
    """Write an odd value somewhere."""
    holder, key = rng.choice(list(places(document)))
    holder[key] = rng.choice(VALUES)
    return f"{key}={str(holder[key])[:30]!r}"


def scale(document: Json, rng: random.Random) -> str:
    """Multiply a number, or change its sign."""
    numbers = [place for place in places(document) if type(place[0][place[1]]) is int]
    if not numbers:
        return put(document, rng)
    holder, key = rng.choice(numbers)
    holder[key] *= rng.choice((-1, 2, 10, 1000, 10**6))
    return f"{key}*={holder[key]}"


def remove(document: Json, rng: random.Random) -> str:
    """Take a field or an item away."""
    holder, key = rng.choice(list(places(document)))
    del holder[key]
    return f"no {key}"


def duplicate(document: Json, rng: random.Random) -> str:
    """Repeat an item of a list, once or many times."""
    lists = [holder[key] for holder, key in places(document) if isinstance(holder[key], list)]
    filled = [items for items in lists if items]
    if not filled:
        return put(document, rng)
    items, times = rng.choice(filled), rng.choice((1, 2, 500))
    items.extend([rng.choice(items)] * times)
    return f"an item {times} times more"


def reverse(document: Json, rng: random.Random) -> str:
    """Turn a list round."""
    lists = [holder[key] for holder, key in places(document) if isinstance(holder[key], list)]
    if not lists:
        return put(document, rng)
    rng.choice(lists).reverse()
    return "a list reversed"


def swap(document: Json, rng: random.Random) -> str:
    """Exchange two values."""
    all_places = list(places(document))
    (one, first), (other, second) = rng.choice(all_places), rng.choice(all_places)
    one[first], other[second] = other[second], one[first]
    try:
        json.dumps(document)
    except ValueError:  # a value went into itself
        other[second] = 0
        one[first] = 0
    return f"{first}<>{second}"


CHANGES: tuple[Callable[[Json, random.Random], str], ...] = (
    put, put, put, scale, scale, remove, duplicate, reverse, swap,
)  # fmt: skip


def broken(text: str, rng: random.Random) -> tuple[bytes, str]:
    """The bytes of what is not the document any more."""
    data = text.encode()
    return rng.choice((
        (data[: rng.randrange(len(data))], "cut short"),
        (b"", "empty"),
        (b"[" * 100_000, "deep"),
        (b"\xff\xfe" + data, "not UTF-8"),
        (data.replace(b":", b":NaN,", 1), "not JSON"),
        (b"null", "null"),
        (b"\xef\xbb\xbf" + data, "a byte order mark"),
        (data + data, "twice"),
        (data.replace(b"clipmill/", b"clipmill/x", 1), "another kind"),
    ))  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A case: which document, its new bytes, and what was changed."""

    path: str
    data: bytes
    about: str


def readers(job: Path) -> dict[str, tuple[str, ...]]:
    """Documents that are in a job, each with the steps that read it."""
    found: dict[str, tuple[str, ...]] = {}
    for name in NAMES:
        for port in load_step(name).reads:
            if isinstance(port, DocumentPort) and (job / port.path).exists():
                found[port.path] = (*found.get(port.path, ()), name)
    return found


def change(seed: int, number: int, job: Path) -> Change:
    """The change of a case, the same for the same seed, number and job."""
    rng = random.Random(f"documents:{seed}:{number}")
    path = rng.choice(sorted(readers(job)))
    text = (job / path).read_text()
    if rng.random() < 0.1:
        data, about = broken(text, rng)
        return Change(path, data, f"{path} {about}")
    document, told = json.loads(text), []
    for kind in rng.choices(CHANGES, k=rng.choice((1, 1, 2, 3))):
        if list(places(document)):
            told.append(kind(document, rng))
    return Change(path, json.dumps(document).encode(), f"{path} {', '.join(told)}")


def outcomes(
    case: Change, job: Path, folder: Path, run: Callable[..., Outcome] = run_step
) -> list[Outcome]:
    """Run each step that reads the document, each in its own copy of the job."""
    found = []
    for name in readers(job)[case.path]:
        copy = folder / name
        shutil.copytree(job, copy, copy_function=os.link)
        (copy / case.path).unlink()
        (copy / case.path).write_bytes(case.data)
        found.append(run(name, copy, *OPTIONS.get(name, ())))
        shutil.rmtree(copy)
    return found


def make_job(folder: Path, source: Path, names: tuple[str, ...] = NAMES) -> Path:
    """A finished job of one short clip of a source, by these steps in order.

    Raises:
        AssertionError: a step failed on an input that is sound.
    """
    folder.mkdir(parents=True)
    for name in names:
        options = (f"--source={source}",) if name == "download" else OPTIONS.get(name, ())
        outcome = run_step(name, folder, *options, limit_s=600)
        assert outcome.code == 0, outcome
        (folder / f"{name}.log").unlink()
    return folder
