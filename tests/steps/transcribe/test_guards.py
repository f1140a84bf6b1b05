"""Guards against words that nobody said."""

import pytest

from steps.model.timing import Span
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.guards import Guarded, doubtful, guard, loops
from steps.transcribe.word_times import RawWord


def said(text: str, confidence: int = 900, start_ms: int = 0) -> list[RawWord]:
    return [
        RawWord(word, start_ms + 300 * at, start_ms + 300 * at + 250, confidence)
        for at, word in enumerate(text.split())
    ]


ALL_VOICE = VoiceActivity((Span(in_ms=0, out_ms=60_000),), 60_000)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("no no no no no no", "no no no no no no"),
        ("No, no no no no no no. Yes", "No, Yes"),
        ("we can we can we can we can", "we can we can we can we can"),
        ("so I know. I know, I know. I know I know and", "so I know. and"),
        ("a b c a b c a b c a b c a b c a b", "a b c a b"),
        ("one two three four", "one two three four"),
    ],
)
def test_loops(text: str, kept: str) -> None:
    words = said(text)
    refused = set(loops(words))
    assert " ".join(w.text for at, w in enumerate(words) if at not in refused) == kept


def test_each_guard_names_itself_and_keeps_the_rest() -> None:
    voiced = VoiceActivity((Span(in_ms=0, out_ms=2000), Span(in_ms=9000, out_ms=12_000)), 12_000)
    heard = [
        *said("here we are"),
        *said("phantom", start_ms=5000),
        *said("mumble mumble", confidence=100, start_ms=9000),
        *said("surely", confidence=990, start_ms=10_500),
        *said("late", start_ms=11_500),
    ]
    guarded = guard(heard, voiced, 11_500)
    assert [word.text for word in guarded.words] == ["here", "we", "are", "surely"]
    assert [(item.guard, item.text) for item in guarded.dropped] == [
        ("silence", "phantom"),
        ("confidence", "mumble"),
        ("confidence", "mumble"),
        ("outside", "late"),
    ]


def test_one_unsure_word_in_a_sure_phrase_stays() -> None:
    heard = [*said("we met"), *said("Zbigniew", 50, 600), *said("in the city", 950, 900)]
    assert guard(heard, ALL_VOICE, 60_000).words == heard


@pytest.mark.parametrize(
    ("unsure", "sure", "expected"), [(0, 4, False), (1, 4, False), (2, 4, True), (0, 0, False)]
)
def test_doubt(unsure: int, sure: int, expected: bool) -> None:
    words = said("x " * unsure, 400) + said("y " * sure, 900)
    assert doubtful(Guarded(words)) is expected
