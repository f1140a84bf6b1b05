"""Candidates: every passage that could be a clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from steps.contract.errors import OverLimit
from steps.highlight.joints import Joints
from steps.highlight.sentences import Sentence
from steps.model.timing import Span

MAX_PASSAGES = 300_000
"""Ten hours of speech have about 200,000 passages of up to two minutes."""
LEAD_MS, TAIL_MS = 150, 300
"""At most this much of the pauses around a passage is kept, so that no word sounds cut off."""

Passage = tuple[int, int, Span]
"""Indices of the first and the last sentence, in and out points."""


@dataclass(frozen=True)
class Candidate:
    """A passage of whole sentences.

    Attributes:
        span: its in and out points, with a little of the pauses around it.
        score: 0 to 1000.
        first: index of its first sentence.
        last: index of its last sentence.
        parts: the terms of the score, in raw thousandths by criterion.
    """

    span: Span
    score: int
    first: int = 0
    last: int = 0
    parts: dict[str, int] = field(default_factory=dict)

    @property
    def rank_key(self) -> tuple[int, int, int]:
        """Best first: score down, in point up, out point up."""
        return (-self.score, self.span.in_ms, self.span.out_ms)


def allowed(duration_ms: int, ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether a length is in one of the ranges."""
    return any(low <= duration_ms <= high for low, high in ranges)


def lead_ms(pause_ms: int) -> int:
    """How much of a pause between words goes to what comes after it: a third at most."""
    return min(LEAD_MS, max(0, pause_ms) // 3)


def tail_ms(pause_ms: int) -> int:
    """How much of a pause between words goes to what comes before it: the rest at most."""
    return min(TAIL_MS, 2 * max(0, pause_ms) // 3)


def edges(sentences: Sequence[Sentence], first: int, last: int, bounds: Span) -> Span:
    """In and out points of a passage: never inside a word, with a little of the pauses kept.

    Of a pause a third at most goes to the passage after it and the rest to the one before it, so
    that neighbours do not overlap.
    """
    start, end = sentences[first].in_ms, sentences[last].out_ms
    if first:
        lead = lead_ms(start - sentences[first - 1].out_ms)
    else:
        lead = min(LEAD_MS, max(0, start - bounds.in_ms))
    if last + 1 < len(sentences):
        tail = tail_ms(sentences[last + 1].in_ms - end)
    else:
        tail = min(TAIL_MS, max(0, bounds.out_ms - end))
    return Span(in_ms=start - lead, out_ms=end + tail)


def passages(
    sentences: Sequence[Sentence],
    ranges: Sequence[tuple[int, int]],
    bounds: Span,
    joints: Joints,
) -> list[Passage]:
    """The runs of sentences of an allowed length that begin and end well, in order.

    A passage whose opening leans back ("and", "because", a pronoun without its noun) is left out
    where one with the same ending starts earlier and does not: the start moves, the ending stays.
    One that begins or ends with a greeting, an introduction or an advertisement is left out where
    there is any that does not. One that ends before its point, as with a question, is left out
    where one with the same start ends well. If no passage is long enough, as in a short source, the
    longest that is not too long is taken.

    Raises:
        OverLimit: there are more than MAX_PASSAGES.
    """
    longest_ms = max(high for _, high in ranges)
    found: list[Passage] = []
    longest: Passage | None = None
    tried = 0
    for first in range(len(sentences)):
        for last in range(first, len(sentences)):
            span = edges(sentences, first, last, bounds)
            tried += 1
            if span.duration_ms > longest_ms or tried > MAX_PASSAGES:
                break
            if allowed(span.duration_ms, ranges):
                found.append((first, last, span))
            elif longest is None or span.duration_ms > longest[2].duration_ms:
                longest = (first, last, span)
    if tried > MAX_PASSAGES:
        raise OverLimit(
            f"the transcript has over {MAX_PASSAGES:,} passages of the wanted lengths:"
            " choose shorter --lengths"
        )
    return well_cut(found, joints) or ([longest] if longest else [])


def well_cut(found: Sequence[Passage], joints: Joints) -> list[Passage]:
    """The passages without those that a better start or a better end replaces."""
    leans, opens = joints.leans, joints.opens
    bad = [joints.frames[first] or joints.closes[last] for first, last, _ in found]
    only_bad = all(bad)
    earliest: dict[int, int] = {}
    ended: set[int] = set()
    for first, last, _ in found:
        if not leans[first]:
            earliest[last] = min(first, earliest.get(last, first))
        if not opens[last]:
            ended.add(first)
    return [
        (first, last, span)
        for (first, last, span), is_bad in zip(found, bad, strict=True)
        if not (leans[first] and earliest.get(last, first) < first)
        and (only_bad or not is_bad)
        and not (opens[last] and first in ended)
    ]
