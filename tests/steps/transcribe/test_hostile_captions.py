"""Captions of any size and shape: linear time, no recursion, a reason if they are not used."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.formats.subtitles import Subtitle, TimedText
from steps.model.timing import Span
from steps.model.transcript import MAX_WORD_CHARACTERS, MAX_WORDS
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.agreement import MAX_CUES, flaw
from steps.transcribe.captions import caption_words, lay_over_voice
from steps.transcribe.cues import SpokenCue, spoken_cues, within
from steps.transcribe.word_times import remove_overlaps, spread, trim_pauses

LINES = 30_000


@contextmanager
def quick() -> Iterator[None]:
    """Fail where it takes far more than linear time; what is quadratic takes minutes."""
    began = time.process_time()
    yield
    assert time.process_time() - began < 20


def test_very_many_lines_in_three_abutting_cues() -> None:
    """A search that compares every number of lines needs a minute for these."""
    lines = ["No."] * LINES
    cues = [
        Subtitle.of(1000 * at, 1000 * at + 1000, [*lines, last])
        for at, last in enumerate(["yes", "perhaps", "yes"])
    ]
    with quick():
        found = spoken_cues(cues)
    assert sum(len(cue.words) for cue in found) == 3 * (LINES + 1)


@pytest.mark.parametrize("pattern", "# ♪ 【 [ ( （ <i> &amp; >> - A :".split())  # noqa: RUF001
@pytest.mark.parametrize("start", ["", "x"])
@pytest.mark.parametrize("end", ["", " x", "x"])
def test_repeated_marks(pattern: str, start: str, end: str) -> None:
    text = start + pattern * 100_000 + end
    with quick():
        spoken_cues([Subtitle.of(0, 1000, [text])])


@pytest.mark.parametrize("shrink", [True, False], ids=["ever shorter pauses", "equal pauses"])
def test_a_cue_over_very_many_pauses(shrink: bool) -> None:
    parts, now = [], 0
    for number in range(4000):
        parts.append(Span(in_ms=now, out_ms=now + 200))
        now += 200 + (5000 - number if shrink else 300)
    texts = ["word"] * 20_000
    with quick():
        spans = lay_over_voice(texts, parts)
    assert len(spans) == len(texts)
    assert all(before.out_ms <= after.in_ms for before, after in pairwise(spans))


def recursive(texts: list[str], parts: list[Span], stop: Callable[[str], bool]) -> list[Span]:
    """The rule of `lay_over_voice` as it is stated, for short texts only."""
    if len(parts) == 1 or not texts:
        return spread(texts, parts[0])
    pauses = [after.in_ms - before.out_ms for before, after in pairwise(parts)]
    cut = 1 + pauses.index(max(pauses))
    due_ms = sum(part.duration_ms for part in parts[:cut])
    whole = Span(in_ms=0, out_ms=sum(part.duration_ms for part in parts))
    edges = [0, *(span.out_ms for span in spread(texts, whole))]
    place = min(
        range(len(edges)),
        key=lambda at: abs(edges[at] - due_ms) - 600 * (at > 0 and stop(texts[at - 1])),
    )
    return recursive(texts[:place], parts[:cut], stop) + recursive(texts[place:], parts[cut:], stop)


@given(
    st.lists(st.sampled_from(["a", "longer", "stop.", "and,", "x" * 30]), max_size=40),
    st.lists(st.tuples(st.integers(1, 900), st.integers(0, 2000)), min_size=1, max_size=12),
)
def test_texts_lie_where_the_rule_puts_them(
    texts: list[str], lengths: list[tuple[int, int]]
) -> None:
    parts, now = [], 0
    for pause, voice in lengths:
        parts.append(Span(in_ms=now + pause, out_ms=now + pause + voice))
        now = parts[-1].out_ms
    expected = recursive(texts, parts, lambda text: text.endswith((".", ",")))
    assert lay_over_voice(texts, parts) == expected


@given(
    st.lists(
        st.tuples(st.integers(0, 100_000), st.integers(1, 10**12), st.integers(1, 50)), max_size=12
    )
)
@settings(max_examples=50)
def test_any_cues_become_words_inside_the_source(cues: list[tuple[int, int, int]]) -> None:
    spoken = [
        SpokenCue(at, at + length, (TimedText("a"), TimedText("b", at + length // 2)) * count)
        for at, length, count in sorted(cues)
    ]
    activity = VoiceActivity(
        tuple(Span(in_ms=n, out_ms=n + 99) for n in range(0, 60_000, 4000)), 60_000
    )
    raw = caption_words(within(spoken, 60_000), activity)
    words = remove_overlaps(
        [word for word in trim_pauses(raw, activity) if word.span.in_ms < 60_000], 60_000
    )
    assert all(before.out_ms <= after.in_ms for before, after in pairwise(words))
    assert all(word.out_ms <= 60_000 for word in words)


ACTIVITY = VoiceActivity((Span(in_ms=0, out_ms=3_600_000),), 3_600_000)


@pytest.mark.parametrize(
    ("cues", "why"),
    [
        ([SpokenCue(0, 1, (TimedText("a"),))] * (MAX_CUES + 1), "they have 50,001 cues"),
        ([SpokenCue(0, 1, (TimedText("a"),) * (MAX_WORDS + 1))], "they have 300,001 words"),
        (
            [SpokenCue(0, 1, (TimedText("a" * (MAX_WORD_CHARACTERS + 1)),))],
            "one of their words has 2,001 characters",
        ),
    ],
    ids=["cues", "words", "a word"],
)
def test_too_much_is_refused_with_a_reason(cues: list[SpokenCue], why: str) -> None:
    assert flaw(cues, ACTIVITY).startswith(why)
