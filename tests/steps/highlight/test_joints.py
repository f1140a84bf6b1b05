"""What a clip may not begin with and not end with, in talks of several kinds."""

from __future__ import annotations

import numpy as np
import pytest

from steps.highlight.candidates import passages
from steps.highlight.joints import leaning, left_open, no_end, no_start
from steps.highlight.lexicon import lexicon_of
from steps.highlight.scoring import pitch_share
from steps.highlight.sentences import Sentence, split_sentences
from steps.model.timing import Span
from tests.steps.highlight.speech import words

EN = lexicon_of("en")


def voices(*turns: tuple[str, str]) -> list[Sentence]:
    """The sentences of turns: who speaks, and what."""
    spoken = words(" ".join(text for _, text in turns))
    who = [voice for voice, text in turns for _ in text.split()]
    named = [
        word.model_copy(update={"speaker": voice}) for word, voice in zip(spoken, who, strict=True)
    ]
    return split_sentences(named, EN)


@pytest.mark.parametrize(
    ("language", "text", "open_at"),
    [
        ("en", "She said, Dad, you left the light on. I said, I never did. We cried.", [0]),
        ("en", "Did you ever turn around? Once. I still think about it.", [0, 1]),
        ("en", "What does it cost? About four dollars each. The place is closed.", [0]),
        ("de", "Hattest du mal einen Unfall? Einmal. Ein Auto stand auf den Gleisen.", [0, 1]),
        ("es", "Mi madre me preguntó la hora. Yo le dije que tarde. Nos fuimos.", [0]),
    ],
)
def test_a_point_that_comes_next_is_waited_for(
    language: str, text: str, open_at: list[int]
) -> None:
    lexicon = lexicon_of(language)
    found = left_open(split_sentences(words(text), lexicon), lexicon)
    assert [at for at, is_open in enumerate(found) if is_open] == open_at


def test_an_answer_is_not_cut_after_its_first_sentence() -> None:
    asked = ("a", "Why did you stop after all those years?")
    answer = ("b", "My daughter was the reason for it. She drew me as a very small train.")
    assert left_open(voices(asked, answer), EN) == [True, True, False]
    brief = voices(asked, ("b", "My daughter was the reason for it."), ("a", "Let us go on."))
    assert left_open(brief, EN) == [True, False, False]


def test_an_ending_waits_for_its_point_or_stops_before_it() -> None:
    text = "We crossed the bay by noon that day. Who was the first to see the coast? My old mother."
    sentences = split_sentences(words(text), EN)
    bounds = Span(in_ms=0, out_ms=sentences[-1].out_ms)
    for low, expected in ((2_000, {0}), (4_000, {1})):  # the answer does not fit
        found = passages(sentences, [(low, 6_000)], bounds, EN)
        assert {last for first, last, _ in found if first == 0} == expected


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("It works. Uncovered.", True),
        ("It works. Listen.", False),
        ("It works. Yes, my flatmate will ask.", True),
        ("It works. No man is an island.", False),
        ("My wife said, come in. I said, baby, not yet.", True),
        ("My wife came in. I said, baby, not yet.", False),
    ],
)
def test_an_opening_needs_nothing_before_it(text: str, leans: bool) -> None:
    assert leaning(split_sentences(words(text), EN), EN)[-1] is leans


def test_no_clip_ends_with_the_goodbye_or_an_advertisement() -> None:
    text = (
        "We crossed the bay by noon. She listens to all of it. Hello, Mum. The wind came up at"
        " night. Use code BOAT for ten percent off. We slept on deck. Subscribe for more. Bye!"
    )
    sentences = split_sentences(words(text), EN)
    assert [at for at, bad in enumerate(no_end(sentences, EN)) if bad] == [4, 6, 7]
    assert [at for at, bad in enumerate(no_start(sentences, EN)) if bad] == [2, 4, 6, 7]
    found = passages(sentences, [(1_500, 20_000)], Span(in_ms=0, out_ms=20_000), EN)
    assert {last for _, last, _ in found}.isdisjoint({4, 6, 7})
    firsts = np.cumsum([0, *(len(item.words) for item in sentences)])
    share = pitch_share(firsts[[0, 4]], firsts[[4, 5]], sentences, EN)
    assert share.tolist() == [0.0, 1.0]
