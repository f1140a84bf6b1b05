from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.errors import OverLimit
from steps.highlight import candidates
from steps.highlight.candidates import (
    LEAD_MS,
    TAIL_MS,
    allowed,
    edges,
    passages,
)
from steps.highlight.joints import Joints
from steps.highlight.lexicon import lexicon_of
from steps.highlight.sentences import NO_WORDS, Sentence, split_sentences
from steps.model.time_ranges import parse_lengths
from steps.model.timing import Span
from steps.model.transcript import Word
from tests.steps.highlight.speech import words


@given(
    st.lists(st.sampled_from(["word", "stop.", "|", "so"]), min_size=1, max_size=200).map(" ".join),
    st.sampled_from(["short", "short,medium", "20", "long"]),
)
def test_passages_have_an_allowed_length_and_never_cut_a_word(text: str, lengths: str) -> None:
    spoken = words(text, start_ms=100)
    ranges = parse_lengths(lengths)
    bounds = Span(in_ms=0, out_ms=(spoken[-1].out_ms if spoken else 0) + 2000)
    sentences = split_sentences(spoken)
    found = passages(sentences, ranges, bounds, Joints.of(sentences, NO_WORDS))
    for _, _, span in found:
        assert bounds.in_ms <= span.in_ms < span.out_ms <= bounds.out_ms
        assert span.duration_ms <= max(high for _, high in ranges)
        assert all(
            word.out_ms <= span.in_ms or word.in_ms >= span.out_ms or
            (span.in_ms <= word.in_ms and word.out_ms <= span.out_ms)
            for word in spoken
        )  # fmt: skip
    if len(found) > 1:
        assert all(allowed(span.duration_ms, ranges) for _, _, span in found)


def test_a_source_that_is_too_short_is_one_passage() -> None:
    spoken = words("Only this. And that.")
    sentences, bounds = split_sentences(spoken), Span(in_ms=0, out_ms=3000)
    found = passages(sentences, parse_lengths("medium"), bounds, Joints.of(sentences, NO_WORDS))
    assert [(first, last) for first, last, _ in found] == [(0, 1)]


def test_edges_keep_some_of_the_pause_and_the_very_start() -> None:
    sentences = split_sentences(words("One two. | Three four. | Five."))
    end = sentences[-1].out_ms + 5000
    whole = edges(sentences, 0, 2, Span(in_ms=0, out_ms=end))
    assert whole == Span(in_ms=0, out_ms=sentences[-1].out_ms + TAIL_MS)
    middle = edges(sentences, 1, 1, Span(in_ms=0, out_ms=end))
    assert middle.in_ms == sentences[1].in_ms - LEAD_MS
    assert middle.out_ms == sentences[1].out_ms + TAIL_MS


@given(st.integers(0, 700))
def test_neighbours_share_the_pause_between_them(pause_ms: int) -> None:
    one, two = (Word(in_ms=at, out_ms=at + 300, text="Yes.") for at in (0, 300 + pause_ms))
    sentences = [Sentence((one,), 0), Sentence((two,), 1)]
    bounds = Span(in_ms=0, out_ms=2000)
    before, after = (edges(sentences, at, at, bounds) for at in (0, 1))
    assert one.out_ms <= before.out_ms <= after.in_ms <= two.in_ms
    if pause_ms >= 3 * LEAD_MS:
        assert (before.out_ms - one.out_ms, two.in_ms - after.in_ms) == (TAIL_MS, LEAD_MS)


def starts_of(text: str, lengths: str, language: str = "en") -> set[str]:
    """The first words of all passages of some speech."""
    lexicon = lexicon_of(language)
    sentences = split_sentences(words(text), lexicon)
    bounds = Span(in_ms=0, out_ms=sentences[-1].out_ms)
    found = passages(sentences, parse_lengths(lengths), bounds, Joints.of(sentences, lexicon))
    return {sentences[first].text for first, _, _ in found}


LEANING = (
    (
        "en",
        "The boat left. {} crossed the bay by noon, and we all waved at the crew for a whole day.",
    ),
    ("de", "Das Boot fuhr am Morgen. {} kam mittags an, und wir haben der Mannschaft gewunken."),
)


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        *(
            ("en", word)
            for word in ("And we", "So they", "Because it", "It", "He", "That's how it")
        ),
        *(("de", word) for word in ("Und wir", "Aber es", "Es", "Weil sie")),
    ],
)
def test_the_start_moves_back_from_a_sentence_that_leans_on_the_one_before(
    language: str, opening: str
) -> None:
    text = dict(LEANING)[language].format(opening)
    assert starts_of(text, "5-30", language) == {text.partition(". ")[0] + "."}


@pytest.mark.parametrize("opening", ["We", "This house", "You"])
def test_a_sentence_that_stands_alone_may_start(opening: str) -> None:
    text = dict(LEANING)["en"].format(opening)
    assert len(starts_of(text, "5-30")) == 2


def test_a_leaning_start_stays_where_none_starts_earlier() -> None:
    text = "And we crossed the bay by noon, and we waved at the crew all day long again."
    assert len(starts_of(text, "5-30")) == 1


def test_a_question_keeps_its_answer() -> None:
    text = "We sailed for three whole days without any sleep at all. Why did we do that? Money."
    sentences = split_sentences(words(text))
    bounds = Span(in_ms=0, out_ms=sentences[-1].out_ms)
    found = passages(sentences, [(3_000, 20_000)], bounds, Joints.of(sentences, NO_WORDS))
    assert {(first, last) for first, last, _ in found} == {(0, 0), (0, 2)}


def test_a_hostile_number_of_passages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MAX_PASSAGES", 1000)
    word = Word(in_ms=0, out_ms=0, text="No.")
    sentences = [Sentence((word,), first) for first in range(100)]
    bounds, joints = Span(in_ms=0, out_ms=60_000), Joints.of(sentences, NO_WORDS)
    with pytest.raises(OverLimit, match="choose shorter --lengths"):
        passages(sentences, [(15_000, 30_000)], bounds, joints)
