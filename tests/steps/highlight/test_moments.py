"""The two heads over sentence vectors, against the scores that were published with them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from steps.highlight.counts import WEIGHTS, standardised, windows
from steps.highlight.lexicon import lexicon_of
from steps.highlight.moments import CountScore, MomentScore, joined
from steps.highlight.sentences import split_sentences
from steps.highlight.vectors import SentenceEncoder
from steps.model.weights import MOMENTS
from tests.steps.highlight.speech import talk, unpunctuated, words

REFERENCE = json.loads(Path(__file__).with_name("moments_reference.json").read_bytes())


@pytest.fixture(scope="module")
def score() -> MomentScore:
    text = " ".join(sentence["text"] for sentence in REFERENCE["sentences"])
    return MomentScore(split_sentences(words(text)), SentenceEncoder.packaged(), MOMENTS.locate())


def test_the_sentences_of_the_sample_have_the_reference_scores(score: MomentScore) -> None:
    published = [sentence["score"] for sentence in REFERENCE["sentences"]]
    assert np.abs(score.scores - published).max() < 0.0005


def test_the_counts_are_in_the_order_of_the_weights() -> None:
    with np.load(MOMENTS.locate()) as found:
        published = [str(name) for name in found["passage_counts"]]
        assert found["passage"].shape == (len(WEIGHTS) + 384,)
    ours = "sentences dash w_I excl ell t_once caps wordlen w_you ttr w_say le2 w_emo quotes colon"
    ours += " cos_next commas w_contrast w_cause w_hedge rep lastlen t_new w_sup"
    assert published == ours.split()


def test_a_passage_is_as_strong_as_its_two_best_sentences(score: MomentScore) -> None:
    peaks, _ = score.parts(np.array([0, 0, 0]), np.array([9, 28, 239]))
    one, two = score.scores[:2]
    assert peaks.tolist() == pytest.approx(
        [one + score.scores.min(), one + two, np.sort(score.scores)[-2:].sum()]
    )


def test_short_sentences_join_the_next() -> None:
    sentences = split_sentences(words("Twice. It broke in two. Really? Yes."))
    assert [unit.text for unit in joined(sentences)] == ["Twice. It broke in two.", "Really? Yes."]


def test_the_endings_follow_the_sentences(score: MomentScore) -> None:
    text = " ".join(sentence["text"] for sentence in REFERENCE["sentences"])
    assert len(score.endings) == len(split_sentences(words(text))) == len(score.vectors)
    assert abs(float(score.endings.mean())) < 0.2


@pytest.mark.parametrize("language", ["en", "de", "xx"])
def test_counts_work_in_every_language(language: str) -> None:
    spoken = talk("tutorial_de") if language == "de" else talk("lecture")
    for transcript in (spoken, unpunctuated(spoken)):
        sentences = split_sentences(transcript.words, lexicon_of(language))
        score = CountScore(sentences, language)
        (raw,) = score.parts(*windows(len(transcript.words)))
        assert np.isfinite(raw).all()
        assert raw.std() > 0
        assert not score.endings.any()


def test_windows_cover_a_short_source_and_skip_the_rest_of_a_long_one() -> None:
    assert [part.tolist() for part in windows(30)] == [[0], [30]]
    assert [part.tolist() for part in windows(239)] == [[0, 100], [100, 200]]


def test_what_is_the_same_everywhere_does_not_count() -> None:
    reference = np.array([[1.0, 2.0], [1.0, 4.0]])
    assert standardised(np.array([[9.0, 4.0]]), reference).tolist() == [[0.0, 1.0]]
