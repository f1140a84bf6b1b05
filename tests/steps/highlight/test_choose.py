from __future__ import annotations

from steps.highlight.candidates import Candidate
from steps.highlight.choose import choose, shortfall
from steps.highlight.describe import TITLE_CHARACTERS, shorten, title_of
from steps.highlight.keywords import summarise, top_words, weigh_words
from steps.highlight.position import position_candidates
from steps.highlight.sentences import split_sentences
from steps.model.timing import Span
from tests.steps.highlight.speech import words

TOPICS = {
    0: "rockets burn fuel and rockets fly",
    1: "rockets fly on burning fuel",
    2: "fuel makes rockets fly and burn",
    3: "bread needs flour water and patience",
}


def candidate(number: int, score: int) -> Candidate:
    return Candidate(Span(in_ms=number * 1000, out_ms=number * 1000 + 900), score, number, number)


def test_at_most_two_clips_are_of_one_topic() -> None:
    found = [candidate(number, 900 - number) for number in TOPICS]
    chosen = choose(found, 4, 0, lambda item: TOPICS[item.first])
    assert [item.first for item in chosen] == [0, 1, 3]


def test_clips_without_words_are_not_taken_to_be_of_one_topic() -> None:
    found = [candidate(number, 500) for number in range(5)]
    assert len(choose(found, 5, 0, lambda _: "")) == 5


def test_only_fewer_clips_than_wanted_have_a_reason() -> None:
    assert shortfall(3, 3, 9, "short", short=False) == ""
    assert "no passage" in shortfall(3, 0, 0, "long", short=False)
    assert "only 1 of 3 clips" in shortfall(3, 1, 9, "short", short=False)
    assert "the longest one is taken" in shortfall(3, 1, 1, "long", short=True)


def test_windows_without_speech_go_where_it_is_loud() -> None:
    levels = [-600] * 600 + [-100] * 300 + [-600] * 600
    found = position_candidates(150_000, [(15_000, 30_000)], 1, levels, 100)
    best = min(found, key=lambda item: item.rank_key)
    assert 58_000 <= best.span.in_ms <= 70_000
    assert all(item.span.out_ms <= 150_000 for item in found)


def test_windows_without_sound_are_spread_evenly() -> None:
    found = position_candidates(300_000, [(15_000, 30_000)], 3, (), 100)
    assert [item.span.in_ms for item in found] == [38_750, 138_750, 238_750]


def test_a_short_silent_source_is_one_clip_at_zero() -> None:
    (only,) = position_candidates(4_000, [(15_000, 30_000)], 3, (), 100)
    assert only.span == Span(in_ms=0, out_ms=4_000)
    assert position_candidates(0, [(15_000, 30_000)], 3, (), 100) == []


def test_titles_are_whole_words_of_the_speech() -> None:
    sentences = split_sentences(
        words("And so the enormous telescope finally unfolded its golden mirror in the cold dark "
              "of space while everybody on the ground held their breath. Yes.")
    )  # fmt: skip
    weights = weigh_words([sentence.text for sentence in sentences])
    title = title_of(sentences, weights)
    assert title.startswith("The enormous telescope")
    assert len(title) <= TITLE_CHARACTERS
    assert title.rstrip("…").split()[-1] in sentences[0].text.split()


def test_shorten_does_not_end_in_a_loose_word() -> None:
    assert shorten("one of the many things in the world", 20) == "one of the many…"
    assert shorten("short", 20) == "short"
    assert len(shorten("x" * 200, 60)) <= 60


def test_the_summary_has_different_sentences_in_order() -> None:
    sentences = split_sentences(
        words("Telescopes see mirrors. Telescopes see mirrors. Bread is warm bread. Okay.")
    )
    weights = weigh_words([sentence.text for sentence in sentences])
    summary = summarise(sentences, weights, count=2)
    assert [item.text for item in summary] == ["Telescopes see mirrors.", "Bread is warm bread."]
    assert "okay" not in top_words(weights, list(weights), 10)
