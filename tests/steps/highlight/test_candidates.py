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
    score_passages,
)
from steps.highlight.sentences import Sentence, split_sentences
from steps.model.time_ranges import parse_lengths
from steps.model.timing import Span
from steps.model.transcript import Word
from tests.steps.highlight.speech import words

TALK = (
    "We had nothing. | I was terrified! And you know what? Nobody said a word. | "
    "The committee considered the aforementioned procedural documentation in considerable depth. "
    "It concluded the consideration of the documentation. | But I laughed. I cried. You would too! "
) * 6


@given(
    st.lists(st.sampled_from(["word", "stop.", "|", "so"]), min_size=1, max_size=200).map(" ".join),
    st.sampled_from(["short", "short,medium", "20", "long"]),
)
def test_passages_have_an_allowed_length_and_never_cut_a_word(text: str, lengths: str) -> None:
    spoken = words(text, start_ms=100)
    ranges = parse_lengths(lengths)
    bounds = Span(in_ms=0, out_ms=(spoken[-1].out_ms if spoken else 0) + 2000)
    found = passages(split_sentences(spoken), ranges, bounds)
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
    found = passages(split_sentences(spoken), parse_lengths("medium"), Span(in_ms=0, out_ms=3000))
    assert [(first, last) for first, last, _ in found] == [(0, 1)]


def test_edges_keep_some_of_the_pause_and_the_very_start() -> None:
    sentences = split_sentences(words("One two. | Three four. | Five."))
    end = sentences[-1].out_ms + 5000
    whole = edges(sentences, 0, 2, Span(in_ms=0, out_ms=end))
    assert whole == Span(in_ms=0, out_ms=sentences[-1].out_ms + TAIL_MS)
    middle = edges(sentences, 1, 1, Span(in_ms=0, out_ms=end))
    assert middle.in_ms == sentences[1].in_ms - LEAD_MS
    assert middle.out_ms == sentences[1].out_ms + TAIL_MS


def test_lively_words_outrank_dry_ones() -> None:
    sentences = split_sentences(words(TALK))
    found = score_passages(sentences, [(5_000, 9_000)], Span(in_ms=0, out_ms=400_000), (), 100)
    best = max(found, key=lambda item: item.score)
    worst = min(found, key=lambda item: item.score)
    dry = "documentation"
    assert dry not in " ".join(item.text for item in sentences[best.first : best.last + 1])
    assert dry in " ".join(item.text for item in sentences[worst.first : worst.last + 1])
    assert all(0 <= item.score <= 1000 for item in found)


def test_loud_passages_outrank_quiet_ones_of_the_same_words() -> None:
    sentences = split_sentences(words("We go on and on and on. | " * 20))
    bounds = Span(in_ms=0, out_ms=sentences[-1].out_ms)
    half = bounds.out_ms // 2
    levels = [-400 if time < half else -150 for time in range(0, bounds.out_ms, 100)]
    found = score_passages(sentences, [(5_000, 12_000)], bounds, levels, 100)
    best = max(found, key=lambda item: (item.parts["audio"], -item.span.in_ms))
    assert best.span.out_ms > half


def test_the_same_words_give_the_same_scores() -> None:
    sentences = split_sentences(words(TALK))
    runs = [
        score_passages(sentences, [(5_000, 20_000)], Span(in_ms=0, out_ms=400_000), (), 100)
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


def test_a_hostile_number_of_passages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MAX_PASSAGES", 1000)
    word = Word(in_ms=0, out_ms=0, text="No.")
    sentences = [Sentence((word,), first) for first in range(100)]
    with pytest.raises(OverLimit, match="choose shorter --lengths"):
        passages(sentences, [(15_000, 30_000)], Span(in_ms=0, out_ms=60_000))
