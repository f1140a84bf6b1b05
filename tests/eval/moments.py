"""How well choosers find the passages that an audience reacted to: `make bench-moments FILE=...`.

A line of the file is a talk: `{"id": "...", "words": ["..."], "window": 100, "labels": [0, 2]}`, a
label for each consecutive window of that many words: how often the audience reacted in it. Each row
ranks the windows of each talk:

- HIT@1: how often a window with a reaction is ranked first,
- P@5: the share of windows with a reaction among the first five (of all, where there are fewer),
- mAP: the mean over talks of the average precision,
- nDCG@5: the reactions in the first five, discounted by rank, as a share of the most possible.

Talks without a reaction, or with one in each window, say nothing and are left out.
"""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated
from zlib import crc32

import numpy as np
from pydantic import BaseModel, Field, ValidationError
from rich.console import Console
from rich.table import Table

from steps.contract import AUTO, Context, logs
from steps.contract.errors import BadInput, StepError, one_line
from steps.highlight import STEP, HighlightParams
from steps.highlight.candidates import Candidate
from steps.highlight.counts import Floats, standardised, windows
from steps.highlight.engines.protocol import Chooser, Speech
from steps.highlight.moments import ENGLISH, CountScore, MomentScore
from steps.highlight.scoring import squashed
from steps.highlight.sentences import Sentence, split_sentences
from steps.highlight.vectors import SentenceEncoder
from steps.model.phrases import bare_word
from steps.model.timing import Span
from steps.model.transcript import Word
from steps.model.weights import MOMENTS

WORD_MS = 400
"""Talks come without times: words follow each other at 150 a minute."""
FOLDS, BUCKETS, RIDGE = 5, 1024, 300.0
METRICS = ("HIT@1", "P@5", "mAP", "nDCG@5")


class _Line(BaseModel):
    """What a line of the file has to hold."""

    id: str
    words: list[Annotated[str, Field(min_length=1)]] = Field(min_length=1)
    window: int = Field(ge=1)
    labels: list[Annotated[int, Field(ge=0)]]


@dataclass(frozen=True)
class Talk:
    """A talk with the reactions to each of its windows."""

    id: str
    sentences: Sequence[Sentence]
    window: int
    labels: Sequence[int]

    @classmethod
    def read(cls, line: str) -> Talk:
        """A line of the file; raises `BadInput` with what is wrong with it."""
        try:
            found = _Line.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise BadInput(f"{where}: {first['msg']}" if where else first["msg"]) from error
        spoken = [
            Word(text=text, in_ms=WORD_MS * at, out_ms=WORD_MS * at + WORD_MS - 50)
            for at, text in enumerate(found.words)
        ]
        count = max(1, len(spoken) // found.window)
        if len(found.labels) < count:
            raise BadInput(
                f"labels: {len(found.labels)} for {count} windows of {found.window} words"
            )
        return cls(found.id, split_sentences(spoken), found.window, found.labels[:count])

    @property
    def words(self) -> list[str]:
        return [word.text for sentence in self.sentences for word in sentence.words]

    @property
    def tells(self) -> bool:
        return any(self.labels) and not all(self.labels)


def read_talks(path: Path) -> list[Talk]:
    """The talks of a file.

    Raises:
        BadInput: the file cannot be read, or a line is not a talk; it says which and why.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {one_line(str(error))}") from error
    talks: dict[str, Talk] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            talk = Talk.read(line)
        except BadInput as error:
            raise BadInput(f"{path}: line {number}: {one_line(str(error))}") from error
        if talk.id in talks:
            raise BadInput(f"{path}: line {number}: the id {talk.id!r} is there twice")
        talks[talk.id] = talk
    return list(talks.values())


def metrics(scores: Sequence[float], labels: Sequence[int]) -> tuple[float, ...]:
    """HIT@1, P@5, average precision, nDCG@5 of one talk; equal scores in order of time."""
    order = sorted(range(len(labels)), key=lambda at: (-scores[at], at))
    hits = [labels[at] > 0 for at in order]
    precise = [sum(hits[: at + 1]) / (at + 1) for at, hit in enumerate(hits) if hit]
    gains = [labels[at] / math.log2(rank + 2) for rank, at in enumerate(order[:5])]
    best = [
        label / math.log2(rank + 2) for rank, label in enumerate(sorted(labels, reverse=True)[:5])
    ]
    top = min(5, len(hits))
    return float(hits[0]), sum(hits[:5]) / top, sum(precise) / len(precise), sum(gains) / sum(best)


Row = Callable[[Talk], Sequence[float]]


def at_random(talk: Talk) -> Sequence[float]:
    """A row that knows nothing."""
    draw = random.Random(talk.id)
    return [draw.random() for _ in talk.labels]


def by_position(talk: Talk) -> Sequence[float]:
    """A row that takes the earliest."""
    return [-float(at) for at in range(len(talk.labels))]


def by_counts(talk: Talk) -> Sequence[float]:
    """The text score `counts`."""
    (raw,) = CountScore(talk.sentences, ENGLISH).parts(*windows(len(talk.words), talk.window))
    return [float(value) for value in raw]


class Heads:
    """The text score `embeddings`, its parts by themselves or their z-scores added."""

    def __init__(self) -> None:
        self._encoder, self._known = SentenceEncoder.packaged(), dict[str, Floats]()

    def parts(self, talk: Talk) -> Floats:
        """The standardised scores of the sentence head and the passage head: (windows, 2)."""
        if talk.id not in self._known:
            score = MomentScore(talk.sentences, self._encoder, MOMENTS.locate())
            raw = np.stack(score.parts(*windows(len(talk.words), talk.window)), axis=1)
            self._known[talk.id] = standardised(raw, raw)
        return self._known[talk.id]

    def row(self, *chosen: int) -> Row:
        """A row of some of the parts."""
        return lambda talk: self.parts(talk)[:, list(chosen)].sum(axis=1).tolist()

    def candidates(self, talk: Talk) -> list[Candidate]:
        """The windows as a chooser gets them, scored by both heads."""
        raw = 120 * self.parts(talk).sum(axis=1)
        starts, ends = windows(len(talk.words), talk.window)
        return [
            Candidate(Span(in_ms=WORD_MS * int(a), out_ms=WORD_MS * int(b)), squashed(round(s)))
            for a, b, s in zip(starts, ends, raw, strict=True)
        ]


def bag_of_words(talks: Sequence[Talk]) -> Row:
    """A ridge regression on words and pairs of words, trained on the other folds of the file."""
    features = {talk.id: np.array([_bag(words) for words in _cut(talk)]) for talk in talks}
    weights = []
    for fold in range(FOLDS):
        others = [talk for talk in talks if _fold(talk) != fold] or list(talks)
        x = np.concatenate([features[talk.id] for talk in others])
        y = np.concatenate([np.minimum(1, talk.labels) - np.minimum(1, talk.labels).mean()
                            for talk in others])  # fmt: skip
        weights.append(np.linalg.solve(x.T @ x + RIDGE * np.eye(BUCKETS), x.T @ y))
    return lambda talk: (features[talk.id] @ weights[_fold(talk)]).tolist()


def _fold(talk: Talk) -> int:
    return crc32(talk.id.encode()) % FOLDS


def _cut(talk: Talk) -> list[list[str]]:
    bare = [bare_word(word) for word in talk.words]
    return [bare[a:b] for a, b in zip(*windows(len(bare), talk.window), strict=True)]


def _bag(words: Sequence[str]) -> Floats:
    row = np.zeros(BUCKETS)
    for text in {*words, *(f"{a} {b}" for a, b in pairwise(words))}:
        row[crc32(text.encode()) % BUCKETS] += 1
    return row


def by_chooser(chooser: Chooser, heads: Heads) -> Row:
    """The scores of a chooser; windows that it leaves out come after, as the scorer has them."""

    def row(talk: Talk) -> Sequence[float]:
        listed = heads.candidates(talk)
        rated = {
            item.span.in_ms: 1000.0 + item.score
            for item in chooser.rate(listed, Speech(talk.sentences, ENGLISH))
        }
        return [rated.get(item.span.in_ms, float(item.score)) for item in listed]

    return row


def choosers(heads: Heads) -> dict[str, Row]:
    """A row for each chooser that can be used here, with what the environment says of a server."""
    rows: dict[str, Row] = {}
    for engine in STEP.engines["chooser"].candidates(AUTO, HighlightParams()):
        folder = Path(tempfile.mkdtemp(prefix="moments-"))
        context = Context(STEP, HighlightParams(chooser=engine.name), folder, folder, folder)
        try:
            chooser: Chooser = context.use("chooser", lambda found: found)
        except StepError as error:
            print(error, file=sys.stderr)
        else:
            rows[f"chooser {engine.name}"] = by_chooser(chooser, heads)
    return rows


def main(path: Path) -> int:
    """Print the table, and the figures as JSON."""
    logs.configure()
    try:
        talks = [talk for talk in read_talks(path) if talk.tells]
        if not talks:
            raise BadInput(f"{path}: no talk has windows with and without a reaction")
    except BadInput as error:
        print(error, file=sys.stderr)
        return error.exit_code
    heads = Heads()
    rows: dict[str, Row] = {
        "random": at_random,
        "position": by_position,
        "bag of words": bag_of_words(talks),
        "counts": by_counts,
        "sentence head": heads.row(0),
        "passage head": heads.row(1),
        "embeddings": heads.row(0, 1),
        **choosers(heads),
    }
    drawn, figures = Table("chooser", *METRICS), {}
    for name, row in rows.items():
        found = np.mean([metrics(row(talk), talk.labels) for talk in talks], axis=0)
        figures[name] = {
            metric: round(float(one), 4) for metric, one in zip(METRICS, found, strict=True)
        }
        drawn.add_row(name, *(f"{one:.3f}" for one in found))
    Console(stderr=True).print(drawn)
    print(json.dumps({"talks": len(talks), "rows": figures}))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("name the file: make bench-moments FILE=talks.jsonl")
    sys.exit(main(Path(sys.argv[1])))
