"""Words with times from captions."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.formats.subtitles import TimedText
from steps.model.timing import Span
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.captions import caption_words, lay_over_voice
from steps.transcribe.cues import SpokenCue
from steps.transcribe.word_times import remove_overlaps
from tests.steps.transcribe.speeches import speech

ACTIVITY, _ = speech()


def test_the_times_of_the_file_are_kept() -> None:
    cue = SpokenCue(
        1000,
        4000,
        (TimedText("one"), TimedText("two", 1500), TimedText("and"), TimedText("three", 3000)),
    )
    found = caption_words([cue], VoiceActivity((Span(in_ms=0, out_ms=9000),), 9000))
    assert [(word.text, word.in_ms, word.out_ms, word.interpolated) for word in found] == [
        ("one", 1000, 1500, False),
        ("two", 1500, 2250, False),
        ("and", 2250, 3000, True),
        ("three", 3000, 4000, False),
    ]


def test_times_of_the_file_that_cannot_be_are_passed_over() -> None:
    cue = SpokenCue(1000, 2000, (TimedText("one"), TimedText("two", 900), TimedText("three", 7000)))
    found = caption_words([cue], VoiceActivity((Span(in_ms=0, out_ms=9000),), 9000))
    assert all(1000 <= word.span.in_ms < word.span.out_ms <= 2000 for word in found)
    assert all(word.interpolated for word in found)


def test_words_lie_on_the_voice_of_their_cue() -> None:
    voiced = VoiceActivity((Span(in_ms=1500, out_ms=2500), Span(in_ms=3500, out_ms=4500)), 9000)
    found = caption_words(
        [SpokenCue(1000, 6000, tuple(map(TimedText, ("aaaa", "bbbb", "cccc", "dddd"))))], voiced
    )
    assert [(w.in_ms, w.out_ms) for w in found] == [
        (1500, 2000), (2000, 2500), (3500, 4000), (4000, 4500),
    ]  # fmt: skip


def test_a_cue_without_voice_is_filled_evenly() -> None:
    found = caption_words(
        [SpokenCue(1000, 2000, (TimedText("a"), TimedText("b")))], VoiceActivity((), 9000)
    )
    assert [(w.in_ms, w.out_ms) for w in found] == [(1000, 1500), (1500, 2000)]


def test_people_who_speak_at_once_share_the_time() -> None:
    voiced = VoiceActivity((Span(in_ms=0, out_ms=9000),), 9000)
    first, second = (tuple(map(TimedText, text.split())) for text in ("aa bb cc dd", "ee ff gg hh"))
    for start, end in ((0, 4000), (200, 4000), (200, 900)):
        found = caption_words([SpokenCue(0, 4000, first), SpokenCue(start, end, second)], voiced)
        assert [word.text for word in found] == [word.text for word in (*first, *second)]
        assert all(word.out_ms - word.in_ms == 500 for word in found)


def test_a_cue_that_lingers_gives_way() -> None:
    voiced = VoiceActivity((Span(in_ms=0, out_ms=9000),), 9000)
    cues = [
        SpokenCue(0, 8000, (TimedText("Hi."),)),
        SpokenCue(2000, 4000, tuple(map(TimedText, "how are you my friend".split()))),
    ]
    found = caption_words(cues, voiced)
    assert (found[0].out_ms, found[1].in_ms, found[-1].out_ms) == (2000, 2000, 4000)


@given(st.lists(st.tuples(st.integers(0, 70_000), st.integers(1, 9_000)), max_size=25))
def test_any_cues_give_words_in_order(times: list[tuple[int, int]]) -> None:
    cues = [
        SpokenCue(at, at + length, (TimedText("ab"), TimedText("c")))
        for at, length in sorted(times)
    ]
    inside = [
        word for word in caption_words(cues, ACTIVITY) if word.span.in_ms < ACTIVITY.duration_ms
    ]
    settled = remove_overlaps(inside, ACTIVITY.duration_ms)
    assert all(before.out_ms <= after.in_ms for before, after in pairwise(settled))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ("aaaa bbbb cccc dddd", [(0, 500), (500, 1000), (2000, 2500), (2500, 3000)]),
        ("aaaa, bbbb cccc dddd", [(0, 1000), (2000, 2333), (2333, 2666), (2666, 3000)]),
        ("aaaa bbbb cccc. dddd", [(0, 312), (312, 625), (625, 1000), (2000, 3000)]),
    ],
    ids=["by length", "early comma", "late stop"],
)
def test_a_pause_prefers_punctuation(texts: str, expected: list[tuple[int, int]]) -> None:
    parts = (Span(in_ms=0, out_ms=1000), Span(in_ms=2000, out_ms=3000))
    assert [(span.in_ms, span.out_ms) for span in lay_over_voice(texts.split(), parts)] == expected
