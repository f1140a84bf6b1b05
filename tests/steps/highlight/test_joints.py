"""What a clip may not begin with and not end with, in talks of several kinds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from steps.highlight.candidates import passages
from steps.highlight.joints import Joints, asks
from steps.highlight.lexicon import lexicon_of
from steps.highlight.scoring import GREETING_LOSS, PITCH_LOSS, aside
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


def places(found: Sequence[bool]) -> list[int]:
    return [at for at, is_so in enumerate(found) if is_so]


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
    found = Joints.of(split_sentences(words(text), lexicon), lexicon).opens
    assert places(found) == open_at


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "why do we sleep at all", True),
        ("en", "what we know is little", False),
        ("en", "Why do we sleep at all.", False),
        ("de", "was mir fehlt ist Schlaf", False),
        ("de", "wer hat das gesagt", True),
        ("es", "dónde está la salida", True),
        ("fr", "où est la sortie", True),
        ("it", "dove va questa gente", True),
        ("pt", "onde fica a saída", True),
    ],
)
def test_a_question_without_its_mark_is_known_by_its_words(
    language: str, text: str, asked: bool
) -> None:
    lexicon = lexicon_of(language)
    (sentence,) = split_sentences(words(text), lexicon)
    assert asks(sentence, lexicon) is asked


def test_an_answer_is_not_cut_after_its_first_sentence() -> None:
    asked = ("a", "Why did you stop after all those years?")
    answer = ("b", "My daughter was the reason for it. She drew me as a very small train.")
    assert Joints.of(voices(asked, answer), EN).opens == [True, True, False]
    brief = voices(asked, ("b", "My daughter was the reason for it."), ("a", "Let us go on."))
    assert Joints.of(brief, EN).opens == [True, False, False]


def test_an_ending_waits_for_its_point_or_stops_before_it() -> None:
    text = "We crossed the bay by noon that day. Who was the first to see the coast? My old mother."
    sentences = split_sentences(words(text), EN)
    bounds = Span(in_ms=0, out_ms=sentences[-1].out_ms)
    for low, expected in ((2_000, {0}), (4_000, {1})):  # the answer does not fit
        found = passages(sentences, [(low, 6_000)], bounds, Joints.of(sentences, EN))
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
    assert Joints.of(split_sentences(words(text), EN), EN).leans[-1] is leans


def test_no_clip_ends_with_the_goodbye_or_an_advertisement() -> None:
    text = (
        "We crossed the bay by noon. She listens to all of it. Hello, Mum. The wind came up at"
        " night. Use code BOAT for ten percent off. We slept on deck. Subscribe for more. Bye!"
    )
    sentences = split_sentences(words(text), EN)
    joints = Joints.of(sentences, EN)
    assert places(joints.closes) == [4, 6, 7]
    assert places(joints.frames) == [2, 4, 6, 7]
    found = passages(sentences, [(1_500, 20_000)], Span(in_ms=0, out_ms=20_000), joints)
    assert {last for _, last, _ in found}.isdisjoint({4, 6, 7})
    firsts = np.cumsum([0, *(len(item.words) for item in sentences)])
    lost = aside(sentences, joints, firsts[[0, 2, 4]], firsts[[2, 3, 5]])
    assert lost.tolist() == [0.0, GREETING_LOSS, PITCH_LOSS]


@pytest.mark.parametrize(
    ("language", "text", "sold"),
    [
        (
            "en",
            "We met in June. This part is brought to you by Dormio. They make beds. I have slept on"
            " one for a year. Go to dormio.com/show and look. So, back to June.",
            [1, 2, 3, 4],
        ),
        (
            "en",
            "Our sponsor today is Dormio. It is a bed. Nothing beats Dormio. We met in June.",
            [0, 1, 2],
        ),
        ("en", "Subscribe if you like. We met in June. I found it on example.com then.", [0]),
        (
            "de",
            "Wir trafen uns im Juni. Diese Folge wird gesponsert von Dormio. Die machen Betten."
            " Mit dem Rabattcode Juni wird es billiger. Wir trafen uns wieder.",
            [1, 2, 3],
        ),
        (
            "fr",
            "On s'est vus en juin. Cet épisode est sponsorisé par Dormio. Ce sont des lits. Avec le"
            " code promo JUIN c'est moins cher. On s'est revus.",
            [1, 2, 3],
        ),
    ],
)
def test_a_sponsors_message_is_known_from_its_first_word_to_its_last(
    language: str, text: str, sold: list[int]
) -> None:
    lexicon = lexicon_of(language)
    sentences = split_sentences(words(text), lexicon)
    assert places(Joints.of(sentences, lexicon).sells) == sold


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "My guest today is Nadia Brandt, who ran a boat."),
        ("en", "Nadia, it is good to have you here."),
        ("de", "Zu Gast ist heute die Seglerin Nadia Brandt."),
        ("es", "Hoy nos acompaña la capitana Nadia Brandt."),
        ("fr", "Mon invitée ce matin est Nadia Brandt."),
        ("it", "La mia ospite è Nadia Brandt."),
        ("pt", "Minha convidada é a capitã Nadia Brandt."),
    ],
)
def test_no_clip_begins_or_ends_with_a_guests_introduction(language: str, text: str) -> None:
    lexicon = lexicon_of(language)
    sentences = split_sentences(words(f"{text} The boat was long. We left at noon."), lexicon)
    joints = Joints.of(sentences, lexicon)
    assert places(joints.frames) == [0]
    assert places(joints.closes) == [0]
