"""The scores of passages: words, sound, edges, length."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from steps.highlight.candidates import Candidate
from steps.highlight.joints import Joints
from steps.highlight.lexicon import lexicon_of
from steps.highlight.moments import CountScore
from steps.highlight.scoring import (
    UNFINISHED_LOSS,
    among_equals,
    merged,
    off_middle,
    score_passages,
    unfinished,
)
from steps.highlight.sentences import Sentence, split_sentences
from steps.model.timing import Span
from tests.steps.highlight.speech import words

TALK = (
    "We had nothing. | I was terrified! And you know what? Nobody said a word. | "
    "The committee considered the aforementioned procedural documentation in considerable depth. "
    "It concluded the consideration of the documentation. | But I laughed. I cried. You would too! "
) * 6


def scored(
    sentences: list[Sentence], low_ms: int, high_ms: int, levels: tuple[int, ...] = ()
) -> list[Candidate]:
    bounds = Span(in_ms=0, out_ms=400_000)
    text = CountScore(sentences, "en")
    return score_passages(sentences, [(low_ms, high_ms)], bounds, text, levels, 100)


def test_lively_words_outrank_dry_ones() -> None:
    sentences = split_sentences(words(TALK))
    found = scored(sentences, 5_000, 9_000)
    best = max(found, key=lambda item: item.parts["text"])
    worst = min(found, key=lambda item: item.parts["text"])
    dry = "documentation"
    assert dry not in " ".join(item.text for item in sentences[best.first : best.last + 1])
    assert dry in " ".join(item.text for item in sentences[worst.first : worst.last + 1])
    assert all(0 <= item.score <= 1000 for item in found)


def test_loud_passages_outrank_quiet_ones_of_the_same_words() -> None:
    sentences = split_sentences(words("We go on and on and on. | " * 20))
    end = sentences[-1].out_ms
    levels = tuple(-400 if time < end // 2 else -150 for time in range(0, end, 100))
    found = scored(sentences, 5_000, 12_000, levels)
    best = max(found, key=lambda item: (item.parts["audio"], -item.span.in_ms))
    assert best.span.out_ms > end // 2


def test_the_same_words_give_the_same_scores() -> None:
    sentences = split_sentences(words(TALK))
    assert scored(sentences, 5_000, 20_000) == scored(sentences, 5_000, 20_000)


def test_short_passages_are_not_preferred_for_varying_more() -> None:
    """A mean over few words varies more: without the comparison all of the best would be short."""
    draw = random.Random(3)
    lengths = np.array([draw.randint(40, 160) for _ in range(4000)])
    means = np.array([draw.gauss(0, 1 / math.sqrt(length)) for length in lengths])
    best = np.argsort(-among_equals(means, lengths))[:100]
    plain = np.argsort(-means)[:100]
    assert np.median(lengths[plain]) < 75
    assert 85 < np.median(lengths[best]) < 115


def test_equal_values_are_no_deviation() -> None:
    assert not among_equals(np.full(50, 0.1), np.arange(50) + 10).any()


@pytest.mark.parametrize(
    ("duration_ms", "away"),
    [(15_000, 1.0), (37_500, 0.0), (60_000, 1.0), (90_000, 0.0), (61_000, 1.0), (80_000, 1.0)],
)
def test_the_middle_of_the_wanted_range_is_preferred(duration_ms: int, away: float) -> None:
    ranges = [(15_000, 30_000), (30_000, 60_000), (80_000, 100_000)]
    assert merged(ranges) == [(15_000, 60_000), (80_000, 100_000)]
    assert off_middle(Span(in_ms=0, out_ms=duration_ms), ranges) == pytest.approx(away)


def test_a_passage_that_is_mostly_silence_or_music_does_not_win() -> None:
    """The same words with 12 s of nothing between them, and with a second."""
    sentences = split_sentences(words("We go on and on and on. | " * 40))
    apart = [
        Sentence(
            tuple(
                word.model_copy(
                    update={
                        "in_ms": word.in_ms + 12_000 * min(4, at),
                        "out_ms": word.out_ms + 12_000 * min(4, at),
                    }
                )
                for word in sentence.words
            ),
            sentence.first,
        )
        for at, sentence in enumerate(sentences)
    ]
    found = scored(apart, 15_000, 30_000)
    best = max(found, key=lambda item: (item.score, -item.span.in_ms))
    assert best.first >= 4
    assert best.parts["audio"] > -10
    idle = [item for item in found if item.last <= 4]
    assert idle
    assert all(item.parts["audio"] < -200 for item in idle)


@pytest.mark.parametrize(
    ("following", "loss"),
    [
        ("And then it broke again.", UNFINISHED_LOSS),
        ("So we went home.", UNFINISHED_LOSS),
        ("So here is my question for you.", 0),
        ("The bridge was closed.", 0),
    ],
)
def test_a_thought_has_ended_where_the_next_sentence_opens_another(
    following: str, loss: int
) -> None:
    sentences = split_sentences(words(f"We simply stopped being afraid. {following}"))
    lexicon = lexicon_of("en")
    assert unfinished(sentences, Joints.of(sentences, lexicon), lexicon)[0] == loss
