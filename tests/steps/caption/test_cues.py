"""Cues hold the rules of the house, for speech as it is and for any words at all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.caption.breaks import Limits, Token, break_cost
from steps.caption.cues import HOLD_MS, SHRUNK_PERCENT, STAY_MS, build_cues
from steps.caption.states import LAG_MS, LEAD_MS, STATE_MS, lit
from steps.caption.text import clean
from steps.model.captions import Cue
from steps.model.phrases import join
from steps.model.timing import Span
from steps.model.transcript import Word
from tests.steps.caption.samples import look, spoken

LIMITS = Limits()
FRAME_MS = 34


def cues_of(words: tuple[Word, ...], clip: Span | None = None) -> tuple[Cue, ...]:
    span = clip or Span(in_ms=0, out_ms=max(word.out_ms for word in words) + 2000)
    return build_cues(words, span, LIMITS, look().fill)


def lines(cue: Cue) -> list[str]:
    found = [join(word.text for word in cue.words if word.line == line) for line in (0, 1)]
    return [line for line in found if line]


def test_a_speech_breaks_at_its_phrases() -> None:
    shown = [lines(cue) for cue in cues_of(spoken())]
    assert shown == [
        ["And so,"],
        ["my fellow", "Americans,"],
        ["ask not what", "your country"],
        ["can do for you,"],
        ["ask what you", "can do for"],
        ["your country."],
        ["Honestly?"],
        ["I spent $43,000", "on a machine"],
        ["that nobody", "wanted."],
        ["It was the best"],
        ["mistake", "of my life,"],
        ["because for", "the first time"],
        ["I actually", "talked"],
        ["to the people"],
        ["who would", "use it."],
    ]


def test_no_japanese_line_begins_with_a_full_stop() -> None:
    text = "問わないでください。"
    typesetter = look(text=text, language="ja")
    words = (Word(in_ms=0, out_ms=900, text=text),)
    (cue,) = build_cues(words, Span(in_ms=0, out_ms=2000), LIMITS, typesetter.fill)
    assert lines(cue) == ["問わないでください。"]


words_strategy = st.lists(
    st.tuples(
        st.integers(0, 1500), st.integers(0, 900), st.text(min_size=1, max_size=30), st.booleans()
    ),
    max_size=25,
).map(
    lambda parts: tuple(
        Word(in_ms=begin, out_ms=begin + length, text=text, speaker="a" if first else "b")
        for begin, length, text, first in _laid(parts)
    )
)


def _laid(parts: list[tuple[int, int, str, bool]]) -> list[tuple[int, int, str, bool]]:
    laid, now = [], 0
    for pause, length, text, first in parts:
        laid.append((now + pause, length, text, first))
        now += pause + length
    return laid


@given(words_strategy, st.integers(0, 3000), st.integers(500, 20_000))
def test_rules_hold_for_any_words(words: tuple[Word, ...], start_ms: int, length_ms: int) -> None:
    clip = Span(in_ms=start_ms, out_ms=start_ms + length_ms)
    cues = build_cues(words, clip, LIMITS, look().fill)
    for cue in cues:
        assert clip.in_ms <= cue.in_ms < cue.out_ms <= clip.out_ms
        assert cue.in_ms == cue.words[0].in_ms
        assert cue.out_ms == cue.words[-1].out_ms
        assert all(word.in_ms < word.out_ms for word in cue.words)
        for left, right in pairwise(cue.words):
            assert left.out_ms == right.in_ms or (left.in_ms, left.out_ms) == (
                right.in_ms,
                right.out_ms,
            )
            assert left.line <= right.line
        for line in (0, 1):
            row = [word.text for word in cue.words if word.line == line]
            assert len(row) <= LIMITS.words_per_line
            assert len(row) == 1 or look().fill(join(row)) <= 100
    for before, after in pairwise(cues):
        gap = after.in_ms - before.out_ms
        assert gap == 0 or gap > STAY_MS - HOLD_MS, "a shorter gap would flicker"


@given(words_strategy)
def test_no_word_is_lost_or_over_before_it_is_spoken(words: tuple[Word, ...]) -> None:
    spoken_words = [word for word in words if clean(word.text)]
    end = max((word.out_ms for word in words), default=0) + 5000
    shown = [
        word
        for cue in build_cues(words, Span(in_ms=0, out_ms=end), LIMITS, look().fill)
        for word in cue.words
    ]
    assert "".join(word.text for word in shown) == "".join(clean(w.text) for w in spoken_words)
    if len(shown) == len(spoken_words):
        for said, seen in zip(spoken_words, shown, strict=True):
            assert seen.out_ms >= said.in_ms - LEAD_MS


def test_words_follow_speech_closely_and_stay_readable() -> None:
    words = spoken()
    cues = cues_of(words)
    shown = [word for cue in cues for word in cue.words]
    assert len(shown) == len(words)
    errors = [seen.in_ms - said.in_ms for said, seen in zip(words, shown, strict=True)]
    assert max(errors) <= LAG_MS
    assert sum(map(abs, errors)) / len(errors) <= 40
    states = {(word.in_ms, word.out_ms) for word in shown}
    assert all(end - start >= STATE_MS for start, end in states)


def test_a_cue_is_there_from_its_first_word() -> None:
    words = spoken("So we start here.", 1000)
    (cue,) = cues_of(words)
    assert cue.in_ms == 1000 - LEAD_MS


@pytest.mark.parametrize(
    ("spoken_at", "lit_at"),
    [
        ([0, 300, 600], [0, 300, 600]),
        ([0, 200, 460], [0, 250, 500]),
        ([0, 100, 400], [0, 0, 400]),
        ([0, 290, 380, 800], [0, 290, 290, 800]),
        ([0, 40, 80], [0, 0, 0]),
    ],
    ids=["long", "a little late", "the first two", "the middle two", "all"],
)
def test_short_words_are_lit_together(spoken_at: list[int], lit_at: list[int]) -> None:
    assert lit([spoken_at]) == [lit_at]


def test_a_short_cue_delays_the_next_one_a_little() -> None:
    assert lit([[0], [200, 500]]) == [[0], [250, 500]]
    assert lit([[0], [100, 500]]) == [[0], [100 + LAG_MS, 500]]


@pytest.mark.parametrize(
    ("pause_ms", "gap_ms"),
    [(100, 0), (600, 0), (1000, 0), (1300, 1300 - HOLD_MS), (5000, 5000 - HOLD_MS)],
)
def test_a_cue_stays_through_a_short_pause_and_leaves_in_a_long_one(
    pause_ms: int, gap_ms: int
) -> None:
    first = spoken("one two three four.")
    second = spoken("five six seven.", first[-1].out_ms + pause_ms)
    cues = cues_of(first + second)
    before = next(cue for cue in cues if cue.words[-1].text == "four.")
    after = cues[cues.index(before) + 1]
    assert after.words[0].text == "five"
    assert after.in_ms - before.out_ms == (gap_ms - LEAD_MS if gap_ms else 0)


def test_words_at_the_edges_belong_where_their_middle_is() -> None:
    words = tuple(
        Word(in_ms=start, out_ms=start + 400, text=str(start)) for start in (0, 800, 2000)
    )
    cues = cues_of(words, Span(in_ms=250, out_ms=2250))
    shown = [word.text for cue in cues for word in cue.words]
    assert shown == ["800", "2000"]
    assert cues[-1].out_ms == 2250
    kept = cues_of(words, Span(in_ms=150, out_ms=2100))
    assert [word.text for cue in kept for word in cue.words] == ["0", "800"]
    assert kept[0].in_ms == 150


def test_one_word_at_a_time_pairs_short_words() -> None:
    words = tuple(
        Word(in_ms=start, out_ms=start + 90, text=text)
        for start, text in ((0, "in"), (100, "my"), (400, "whole"), (900, "life"))
    )
    cues = build_cues(words, Span(in_ms=0, out_ms=2000), Limits(1, 18, 1), look("punch").fill)
    assert [[word.text for word in cue.words] for cue in cues] == [
        ["in", "my"],
        ["whole"],
        ["life"],
    ]


def test_a_clip_at_zero_is_a_clip() -> None:
    cues = cues_of((Word(in_ms=0, out_ms=300, text="now"),), Span(in_ms=0, out_ms=300))
    assert [(cue.in_ms, cue.out_ms) for cue in cues] == [(0, 300)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Internationalization-of-everything", ["Internationalization-", "of-everything"]),
        ("今日はとても良い天気ですね明日も晴れます", None),
        ("7" * 60, None),
    ],
)
def test_a_word_wider_than_a_line_is_split(text: str, pieces: list[str] | None) -> None:
    word = Word(in_ms=0, out_ms=2000, text=text)
    shown = [word for cue in cues_of((word,)) for word in cue.words]
    assert "".join(word.text for word in shown) == text
    assert len(shown) > 1
    if pieces:
        assert [word.text for word in shown] == pieces


@pytest.mark.parametrize(
    "text", ["今天我们来谈谈人工智能的发展以及它对我们生活的影响" * 5, "សូមស្វាគមន៍មកកាន់វីដេអូនេះ" * 8]
)
def test_a_cue_without_spaces_is_shown_whole(text: str) -> None:
    word = Word(in_ms=0, out_ms=30_000, text=text)
    fill = look(text=text).fill
    shown = [one.text for cue in build_cues((word,), word, LIMITS, fill) for one in cue.words]
    assert "".join(shown) == text


def test_a_compound_wider_than_a_line_is_hyphenated() -> None:
    text = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz."
    word = Word(in_ms=0, out_ms=3000, text=text)
    *parts, last = [word.text for cue in cues_of((word,)) for word in cue.words]
    assert len(parts) >= 2
    assert all(part.endswith("-") for part in parts)
    assert not last.endswith("-")
    assert "".join(part.removesuffix("-") for part in parts) + last == text
    assert all(look().fill(part) <= SHRUNK_PERCENT for part in parts)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Geschwindigkeitsbe- grenzungsschilder- wald,"),
        ("de", "Rindfleischetikettie- rungsüberwachungs- aufgabenübertra- gungsgesetz."),
        ("xx", "Geschwindigkeitsbegre- nzungsschilderwald,"),
    ],
)
def test_a_compound_is_split_between_the_syllables_of_its_language(
    language: str, text: str
) -> None:
    word = Word(in_ms=0, out_ms=3000, text=text.replace("- ", ""))
    cues = build_cues((word,), word, LIMITS, look().fill, language=language)
    assert [word.text for cue in cues for word in cue.words] == text.split()


def test_right_to_left_words_keep_their_order() -> None:
    cues = cues_of(spoken("שלום עולם זה מבחן."))
    assert [word.text for cue in cues for word in cue.words] == "שלום עולם זה מבחן.".split()


def test_another_speaker_gets_another_cue() -> None:
    words = tuple(
        Word(in_ms=300 * place, out_ms=300 * place + 280, text=text, speaker=who)
        for place, (text, who) in enumerate([("yes", "a"), ("no", "b"), ("maybe", "b")])
    )
    assert [[word.text for word in cue.words] for cue in cues_of(words)] == [
        ["yes"],
        ["no", "maybe"],
    ]


@pytest.mark.parametrize(
    ("left", "pause_ms", "cheaper_than"),
    [("end.", 0, "clause,"), ("clause,", 0, "word"), ("word", 200, "other"), ("word", 0, "the")],
)
def test_better_places_cost_less(left: str, pause_ms: int, cheaper_than: str) -> None:
    right = Token("next", 1000 + pause_ms, 1400)
    worse = Token("next", 1000, 1400)
    cost = break_cost(Token(left, 500, 1000), right)
    assert cost < break_cost(Token(cheaper_than, 500, 1000), worse)


def test_a_number_stays_with_what_it_counts() -> None:
    eleven, seconds, we = Token("11", 0, 300), Token("seconds", 300, 600), Token("we", 300, 600)
    assert break_cost(eleven, seconds) == break_cost(Token("the", 0, 300), seconds)
    assert break_cost(Token("40,000", 0, 300), seconds) == break_cost(eleven, seconds)
    assert break_cost(eleven, we) == break_cost(Token("then", 0, 300), we)


def test_an_emoji_stays_with_the_word_before_it() -> None:
    word, smile, other = Token("year", 0, 300), Token("😀", 300, 600), Token("and", 300, 600)
    assert break_cost(word, smile) > break_cost(word, other)
