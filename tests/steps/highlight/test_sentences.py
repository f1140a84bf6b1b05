from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.highlight.lexicon import lexicon_of
from steps.highlight.sentences import (
    CHUNK_MAX_MS,
    LONGEST_SENTENCE_MS,
    LONGEST_SENTENCE_WORDS,
    Sentence,
    chunk_sentences,
    split_sentences,
)
from steps.model.transcript import Word
from tests.steps.highlight.speech import (
    TALKS,
    short_talks,
    talk,
    unpunctuated,
    uttered,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One two. Three four.", ["One two.", "Three four."]),
        (
            "we went there at night | they came back in spring",
            ["we went there at night", "they came back in spring"],
        ),
        ("He said “Stop!” Then left.", ["He said “Stop!”", "Then left."]),
        ("Dr. Smith met Mrs. Jones. Fine.", ["Dr. Smith met Mrs. Jones.", "Fine."]),
        ("Why? Because… well.", ["Why?", "Because…", "well."]),
        ("你好。 再见！", ["你好。", "再见！"]),
        ("I said no. Number no. 7 left.", ["I said no.", "Number no. 7 left."]),
    ],
)
def test_sentences_end_at_stops_and_at_pauses(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in split_sentences(words(text))] == expected


@given(
    st.lists(st.sampled_from(["word", "stop.", "|", "what?"]), max_size=120).map(" ".join),
)
def test_sentences_and_chunks_keep_every_word_in_order(text: str) -> None:
    spoken = words(text)
    sentences = split_sentences(spoken)
    assert [word for sentence in sentences for word in sentence.words] == spoken
    assert all(sentence.words == tuple(spoken[sentence.first :][: len(sentence.words)])
               for sentence in sentences)  # fmt: skip
    chunks = chunk_sentences(sentences)
    assert [sentence for chunk in chunks for sentence in chunk] == sentences


def test_speech_without_stops_is_split_before_it_grows_too_long() -> None:
    sentences = split_sentences(words("on and " * 60))
    assert len(sentences) > 1
    assert all(item.out_ms - item.in_ms <= LONGEST_SENTENCE_MS for item in sentences)


def f_score(found: Sequence[Sentence], true: set[int]) -> float:
    """Of the boundaries found: the harmonic mean of how many are right and how many there are."""
    begins = {sentence.first for sentence in found} - {0}
    return 2 * len(begins & true) / (len(begins) + len(true))


@pytest.mark.parametrize("name", TALKS)
def test_automatic_captions_have_sentences_where_people_hear_them(name: str) -> None:
    spoken = talk(name)
    lexicon = lexicon_of(spoken.language)
    found = split_sentences(unpunctuated(spoken).words, lexicon)
    true = {sentence.first for sentence in split_sentences(spoken.words, lexicon)} - {0}
    assert f_score(found, true) >= 0.74
    assert all(item.out_ms - item.in_ms <= LONGEST_SENTENCE_MS for item in found)


@pytest.mark.parametrize(
    ("pace", "least"), [(0.4, 0.7), (1.0, 0.7), (2.0, 0.7), (0.0, 0.3)], ids=str
)
def test_sentences_without_marks_in_six_languages(pace: float, least: float) -> None:
    """However long somebody pauses; by the words alone, as far as they tell."""
    scores = []
    for name in short_talks():
        spoken, true = uttered(name, pace)
        scores.append(f_score(split_sentences(spoken, lexicon_of(name[:2])), true))
    assert sum(scores) / len(scores) >= least
    assert min(scores) >= least - 0.2


def test_ten_minutes_without_a_pause_or_a_stop_are_many_sentences() -> None:
    spoken = words("we went there and it was cold so the boat could not leave " * 130)
    found = split_sentences(spoken, lexicon_of("en"))
    assert spoken[-1].out_ms > 570_000
    assert all(len(item.words) <= LONGEST_SENTENCE_WORDS for item in found)
    loose = lexicon_of("en").loose
    assert not [item.text for item in found if item.words[-1].text in loose]


def test_a_pause_inside_a_sentence_does_not_end_it_where_there_is_punctuation() -> None:
    spoken = words("It was the | best day. " * 3)
    assert [item.text for item in split_sentences(spoken)] == ["It was the best day."] * 3
    bare = words("it was the | best day | and it never came back")
    assert [item.text for item in split_sentences(bare, lexicon_of("en"))] == [
        "it was the best day",
        "and it never came back",
    ]


def test_chunks_are_ten_to_twenty_seconds() -> None:
    sentences = split_sentences(words("it is what it is and so on. " * 30))
    lengths = [run[-1].out_ms - run[0].in_ms for run in chunk_sentences(sentences)]
    assert all(10_000 <= length <= CHUNK_MAX_MS for length in lengths[:-1])


def test_very_long_speech_is_split_without_recursion() -> None:
    now_ms, spoken = 0, []
    for number in range(6000):
        spoken.append(Word(in_ms=now_ms, out_ms=now_ms + 3000, text="on"))
        now_ms += 3000 + 600 - number // 10
    sentences = split_sentences(spoken)
    assert [word for sentence in sentences for word in sentence.words] == spoken
    assert all(item.out_ms - item.in_ms <= LONGEST_SENTENCE_MS for item in sentences)
