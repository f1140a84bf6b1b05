"""Sentences as vectors, by the packaged model."""

from __future__ import annotations

import numpy as np
import pytest

from steps.highlight.vectors import SIZE, SentenceEncoder, cosines

PAIRS = (
    ("The doctor told him to stop smoking at once.", "His physician made him quit cigarettes."),
    ("Prices of houses went up a lot last year.", "Homes cost far more after twelve months."),
    ("Our rocket exploded just after the launch.", "The spacecraft blew up seconds after liftoff."),
    ("She taught herself the piano as a child.", "As a girl she learned to play keyboard alone."),
)  # fmt: skip
"""Each says the same in other words."""


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder.packaged()


def test_a_paraphrase_is_nearer_than_any_other_sentence(encoder: SentenceEncoder) -> None:
    likenesses = cosines(
        encoder.vectors([one for one, _ in PAIRS]), encoder.vectors([other for _, other in PAIRS])
    )
    same = np.diag(likenesses)
    others = likenesses[~np.eye(len(PAIRS), dtype=bool)]
    assert same.min() > 0.45
    assert others.max() < 0.3


def test_a_vector_depends_on_its_sentence_only(encoder: SentenceEncoder) -> None:
    texts = [text for pair in PAIRS for text in pair]
    together = encoder.vectors(texts)
    assert together.shape == (len(texts), SIZE)
    assert together.dtype == np.float32
    for text, vector in zip(texts, together, strict=True):
        assert np.array_equal(encoder.vectors([text])[0], vector)
    assert np.array_equal(encoder.vectors([texts[0], texts[0]]), together[[0, 0]])


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_a_sentence_without_tokens_is_zero_and_like_nothing(
    text: str, encoder: SentenceEncoder
) -> None:
    vector = encoder.vectors([text])
    assert not vector.any()
    assert not cosines(vector, encoder.vectors(["A sentence."])).any()


def test_a_long_sentence_is_cut(encoder: SentenceEncoder) -> None:
    long = "word " * 126
    assert np.array_equal(encoder.vectors([long]), encoder.vectors([long + "and more " * 5000]))


def test_no_sentences(encoder: SentenceEncoder) -> None:
    assert encoder.vectors([]).shape == (0, SIZE)
