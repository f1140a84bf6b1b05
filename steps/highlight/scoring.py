"""The score of a candidate: words, sound, edges, ending and length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from steps.highlight.boundaries import cuts
from steps.highlight.candidates import Candidate, Passage, passages
from steps.highlight.counts import SIGNIFICANT, Floats, Ints
from steps.highlight.joints import Joints, asks
from steps.highlight.lexicon import Lexicon
from steps.highlight.moments import TextScore
from steps.highlight.sentences import NO_WORDS, Sentence
from steps.model.timing import Span

TEXT_WEIGHT = 120
"""Thousandths for one deviation of the text score."""
LOUD_WEIGHT, LIVELY_WEIGHT = 20, 20
"""Thousandths for one deviation of loudness, and of its variation. Not fitted, for lack of
labelled audio: chosen below the middle of the text weights."""
ENDING_WEIGHT, JUST_BEFORE, MOST_ENDING = 40, 0.4, 2.0
"""Thousandths for one deviation of the last sentence's score, the share that the sentence before it
has of that, and the most deviations that count."""
LEANING_LOSS, NAMELESS_LOSS, ANSWER_LOSS = 80, 50, 30
"""Thousandths for an opening that needs the sentence before it where none starts earlier, or that
greets; for one that speaks of somebody who was not named; and for one that answers a question that
was left out."""
UNFINISHED_LOSS = 60
"""Thousandths where the next sentence goes on ("And", "He") and opens no subject of its own ("So
here is my question"), and where the last one opens a subject, promises what it does not tell, or
says goodbye."""
IDLE_MS, IDLE_LOSS = 1000, 400
"""Pauses longer than this are idle, and thousandths for a passage that is idle all of its time:
music, applause and silence between two sentences are worth nothing to who has not seen the rest."""
PITCH_LOSS, GREETING_LOSS = 1000, 200
"""Thousandths for a passage that only advertises, as a sponsor's message is nobody's highlight, and
for one that only greets or introduces."""
LENGTH_LOSS = 100
"""Thousandths at the very ends of the wanted range, less by the square of the distance from its
middle: of passages that score alike the one of middle length is the safer choice."""
SCORE_SPREAD = 120
"""Raw thousandths that move the score from 500 to 731: one deviation of the text score."""
LIKE_LENGTH, FEWEST_PEERS = 1.3, 12
"""Passages are compared with those of up to this many times their words, at least so many."""


def score_passages(
    sentences: Sequence[Sentence],
    ranges: Sequence[tuple[int, int]],
    bounds: Span,
    text: TextScore,
    levels: Sequence[int] = (),
    level_ms: int = 100,
    lexicon: Lexicon = NO_WORDS,
) -> list[Candidate]:
    """Every candidate with its score, in order of time.

    Args:
        sentences: of the whole source.
        ranges: allowed lengths in milliseconds.
        bounds: of the source.
        text: the text score of these sentences.
        levels: loudness of each `level_ms` of sound, in tenths of dBFS; empty without sound.
        level_ms: what one level covers.
        lexicon: word lists of the language.
    """
    joints = Joints.of(sentences, lexicon)
    found = passages(sentences, ranges, bounds, joints)
    if not found:
        return []
    firsts = np.array([first for first, _, _ in found], np.int64)
    lasts = np.array([last for _, last, _ in found], np.int64)
    begins = np.array([sentence.first for sentence in sentences], np.int64)
    starts = begins[firsts]
    ends = np.append(begins, begins[-1] + len(sentences[-1].words))[lasts + 1]
    lengths = ends - starts
    edge = cuts(sentences, text.vectors, lexicon)
    compared = [among_equals(part, lengths) for part in text.parts(starts, ends)]
    worded = among_equals(np.sum(compared, axis=0), lengths)
    loud, lively = (among_equals(part, lengths) for part in sound_of(found, levels, level_ms))
    terms = {
        "text": TEXT_WEIGHT * worded - aside(sentences, joints, starts, ends),
        "audio": LOUD_WEIGHT * loud
        + LIVELY_WEIGHT * lively
        - IDLE_LOSS * idle_share(found, sentences),
        "opening": -openings(sentences, joints, lexicon)[firsts],
        "ending": ENDING_WEIGHT * endings_of(found, text.endings)
        - unfinished(sentences, joints, lexicon)[lasts],
        "edges": edge[firsts] + edge[lasts + 1],
        "length": -LENGTH_LOSS * np.array([off_middle(item[2], ranges) ** 2 for item in found]),
    }
    rows = np.round(np.stack(list(terms.values()), axis=1)).astype(int).tolist()
    return [
        Candidate(span, squashed(sum(row)), first, last, dict(zip(terms, row, strict=True)))
        for (first, last, span), row in zip(found, rows, strict=True)
    ]


def squashed(raw: int) -> int:
    """Raw thousandths as a score of 0 to 1000, in the same order."""
    return round(1000 / (1 + math.exp(-raw / SCORE_SPREAD)))


def among_equals(values: Floats, lengths: Ints) -> Floats:
    """Each value in deviations from the mean of passages of about its length.

    A mean over fewer words varies more, and the best of more sentences is higher: compared with
    all others, the best passages would all be short, or all be long.
    """
    order = np.argsort(lengths, kind="stable")
    sizes = lengths[order]
    sums = np.concatenate([[0.0], np.cumsum(values[order])])
    squares = np.concatenate([[0.0], np.cumsum(values[order] ** 2)])
    low = np.searchsorted(sizes, lengths / LIKE_LENGTH, side="left")
    high = np.searchsorted(sizes, lengths * LIKE_LENGTH, side="right")
    few = high - low < FEWEST_PEERS
    low[few], high[few] = 0, len(values)
    count = high - low
    mean = (sums[high] - sums[low]) / count
    spread = np.sqrt(np.maximum(0.0, (squares[high] - squares[low]) / count - mean * mean))
    away = values - mean
    found: Floats = np.divide(away, spread, out=np.zeros_like(away), where=spread > SIGNIFICANT)
    return np.where(np.abs(away) > SIGNIFICANT, found, 0.0)


def sound_of(
    found: Sequence[Passage], levels: Sequence[int], level_ms: int
) -> tuple[Floats, Floats]:
    """Mean loudness of each passage and how much it varies; zeros without sound."""
    if not levels:
        return np.zeros(len(found)), np.zeros(len(found))
    heard = np.array(levels, np.float64)
    sums = np.concatenate([[0.0], np.cumsum(heard)])
    squares = np.concatenate([[0.0], np.cumsum(heard * heard)])
    start = np.array([min(len(heard) - 1, span.in_ms // level_ms) for _, _, span in found])
    end = np.array([span.out_ms // level_ms for _, _, span in found])
    end = np.clip(end, start + 1, len(heard))
    mean = (sums[end] - sums[start]) / (end - start)
    variance = (squares[end] - squares[start]) / (end - start) - mean * mean
    return mean, np.sqrt(np.maximum(0.0, variance))


def idle_share(found: Sequence[Passage], sentences: Sequence[Sentence]) -> Floats:
    """The share of each passage in which nobody speaks for long: 0 to 1."""
    gaps_ms = [after.in_ms - before.out_ms for before, after in pairwise(sentences)]
    idle_ms = np.concatenate([[0.0], np.cumsum(np.maximum(0, np.array(gaps_ms) - IDLE_MS))])
    share = [
        (idle_ms[last] - idle_ms[first]) / max(1, span.duration_ms) for first, last, span in found
    ]
    return np.array(share, np.float64)


def aside(sentences: Sequence[Sentence], joints: Joints, starts: Ints, ends: Ints) -> Floats:
    """What the share of each passage `[start, end)` in words costs that sells or greets."""
    loss = [
        PITCH_LOSS if sells else GREETING_LOSS * frames
        for sells, frames in zip(joints.sells, joints.frames, strict=True)
    ]
    lost = np.repeat(loss, [len(item.words) for item in sentences])
    sums = np.concatenate([[0.0], np.cumsum(lost)])
    found: Floats = (sums[ends] - sums[starts]) / (ends - starts)
    return found


def endings_of(found: Sequence[Passage], endings: Floats) -> Floats:
    """How well each passage ends: on or just after a sentence to which a room would react."""
    lasts = np.array([last for _, last, _ in found])
    before = np.where(lasts > 0, endings[np.maximum(0, lasts - 1)], -np.inf)
    best = np.maximum(endings[lasts], JUST_BEFORE * before)
    ended: Floats = np.clip(best, -MOST_ENDING, MOST_ENDING)
    return ended


def off_middle(span: Span, ranges: Sequence[tuple[int, int]]) -> float:
    """How far a length is from the middle of its range: 0 there, 1 at the range's ends.

    Ranges that meet count as one; a length outside of all is as far as can be.
    """
    for low, high in merged(ranges):
        if low <= span.duration_ms <= high:
            return abs(2 * span.duration_ms - low - high) / max(1, high - low)
    return 1.0


def merged(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted ranges, those that meet or overlap made one."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def openings(sentences: Sequence[Sentence], joints: Joints, lexicon: Lexicon) -> Floats:
    """What it costs to begin with each sentence."""
    found = np.zeros(len(sentences))
    for at, sentence in enumerate(sentences):
        if joints.leans[at] or joints.frames[at]:
            found[at] = LEANING_LOSS
        elif lexicon.nameless(sentence.texts):
            found[at] = NAMELESS_LOSS
        elif at and asks(sentences[at - 1], lexicon):
            found[at] = ANSWER_LOSS
    return found


def unfinished(sentences: Sequence[Sentence], joints: Joints, lexicon: Lexicon) -> Floats:
    """What it costs to end with each sentence."""
    found = np.zeros(len(sentences))
    leans, frames = [*joints.leans, False], joints.frames
    for at, sentence in enumerate(sentences):
        goes_on = leans[at + 1] and not lexicon.announces(sentences[at + 1].texts)
        words = sentence.texts
        if goes_on or frames[at] or lexicon.announces(words) or lexicon.promises(words):
            found[at] = UNFINISHED_LOSS
    return found
