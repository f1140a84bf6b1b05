"""Candidates: every passage that could be a clip, with its score."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from steps.contract.errors import OverLimit
from steps.highlight import features
from steps.highlight.sentences import Sentence
from steps.model.phrases import bare_word
from steps.model.timing import Span

MAX_PASSAGES = 300_000
"""Ten hours of speech have about 200,000 passages of up to two minutes."""
LEAD_MS, TAIL_MS = 150, 300
"""At most this much of the pauses around a passage is kept, so that no word sounds cut off."""
GOOD_PAUSE_MS = 250
"""A pause this long at an edge is preferred."""
EDGE_BONUS = 30
"""Thousandths for each edge with a good pause: about one feature's weight."""
LOUD_WEIGHT, LIVELY_WEIGHT = 20, 20
"""Thousandths for one standard deviation of loudness, and of its variation. Not fitted, for lack of
labelled audio: chosen below the middle of the text weights."""
SCORE_SPREAD = 120
"""Raw thousandths that move the score from 500 to 731: about one deviation of the raw sum."""


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


def edges(sentences: Sequence[Sentence], first: int, last: int, bounds: Span) -> Span:
    """In and out points of a passage: never inside a word, with a little of the pauses kept."""
    before = sentences[first - 1].out_ms if first else bounds.in_ms
    after = sentences[last + 1].in_ms if last + 1 < len(sentences) else bounds.out_ms
    start, end = sentences[first].in_ms, sentences[last].out_ms
    lead = min(LEAD_MS, max(0, start - before) // 2 if first else max(0, start - before))
    tail = min(
        TAIL_MS, max(0, after - end) // 2 if last + 1 < len(sentences) else max(0, after - end)
    )
    return Span(in_ms=start - lead, out_ms=end + tail)


def passages(
    sentences: Sequence[Sentence], ranges: Sequence[tuple[int, int]], bounds: Span
) -> list[tuple[int, int, Span]]:
    """All runs of sentences of an allowed length: first and last index, in and out points.

    If none is long enough, as in a short source, the longest that is not too long is taken.

    Raises:
        OverLimit: there are more than MAX_PASSAGES.
    """
    longest_ms = max(high for _, high in ranges)
    found: list[tuple[int, int, Span]] = []
    longest: tuple[int, int, Span] | None = None
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
    return found or ([longest] if longest else [])


def score_passages(
    sentences: Sequence[Sentence],
    ranges: Sequence[tuple[int, int]],
    bounds: Span,
    levels: Sequence[int],
    level_ms: int,
) -> list[Candidate]:
    """Every candidate with its score.

    Args:
        sentences: of the whole source.
        ranges: allowed lengths in milliseconds.
        bounds: of the source.
        levels: loudness of each `level_ms` of sound, in tenths of dBFS; empty without sound.
        level_ms: what one level covers.
    """
    found = passages(sentences, ranges, bounds)
    totals = features.running_totals([features.count(sentence) for sentence in sentences])
    rows = [
        features.measure(totals[first], totals[last + 1], distinct)
        for (first, last, _), distinct in zip(found, _distinct_words(sentences, found), strict=True)
    ]
    sounds = [_sound(levels, level_ms, span) for _, _, span in found]
    spoken = features.standardise(rows)
    sounding = features.standardise(sounds)
    return [
        _candidate(sentences, item, text, sound)
        for item, text, sound in zip(found, spoken, sounding, strict=True)
    ]


def _distinct_words(
    sentences: Sequence[Sentence], found: Sequence[tuple[int, int, Span]]
) -> Iterator[int]:
    """How many different words each passage has; passages are in order of first, then of last."""
    words = [{bare_word(word.text) for word in sentence.words} for sentence in sentences]
    seen: set[str] = set()
    start = reached = -1
    for first, last, _ in found:
        if first != start:
            seen, start, reached = set(), first, first
        for sentence_words in words[reached : last + 1]:
            seen |= sentence_words
        reached = last + 1
        yield len(seen)


def _sound(levels: Sequence[int], level_ms: int, span: Span) -> dict[str, float]:
    part = levels[span.in_ms // level_ms : max(span.in_ms // level_ms + 1, span.out_ms // level_ms)]
    if not part:
        return {"loud": 0.0, "lively": 0.0}
    mean = sum(part) / len(part)
    return {
        "loud": mean,
        "lively": math.sqrt(math.fsum((level - mean) ** 2 for level in part) / len(part)),
    }


def _candidate(
    sentences: Sequence[Sentence],
    passage: tuple[int, int, Span],
    text: dict[str, float],
    sound: dict[str, float],
) -> Candidate:
    first, last, span = passage
    parts = {
        "text": round(features.weigh(text)),
        "audio": round(LOUD_WEIGHT * sound["loud"] + LIVELY_WEIGHT * sound["lively"]),
        "edges": EDGE_BONUS * _good_edges(sentences, first, last),
    }
    raw = sum(parts.values())
    score = round(1000 / (1 + math.exp(-raw / SCORE_SPREAD)))
    return Candidate(span, score, first, last, parts)


def _good_edges(sentences: Sequence[Sentence], first: int, last: int) -> int:
    opening = first == 0 or sentences[first].in_ms - sentences[first - 1].out_ms >= GOOD_PAUSE_MS
    closing = (
        last + 1 == len(sentences)
        or sentences[last + 1].in_ms - sentences[last].out_ms >= GOOD_PAUSE_MS
    )
    return int(opening) + int(closing)
