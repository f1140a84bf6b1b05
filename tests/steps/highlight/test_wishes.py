"""What the user asks for: words, times, and times that cut no word."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.errors import BadInput
from steps.contract.receipt import Receipt
from steps.highlight.candidates import LEAD_MS, TAIL_MS, Candidate
from steps.highlight.given import given_candidates
from steps.highlight.sentences import split_sentences
from steps.highlight.wishes import Allowed, Wishes, stem
from steps.model.geometry import Box
from steps.model.moderation import Finding, Moderation
from steps.model.timing import Span
from tests.steps.highlight.speech import words
from tests.steps.highlight.test_work import TALK, highlight, job


@pytest.mark.parametrize(
    "forms",
    ["cook cooks cooking cooked", "story stories", "running runs run", "Brot Brote Broten",
     "teach teacher teachers", "casa casas"],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form.lower()) for form in forms.split()}) == 1


def test_wanted_words_lift_and_unwanted_words_lower() -> None:
    sentences = split_sentences(words("She cooked dinner. He sold bitcoin. We walked home."))
    found = [Candidate(Span(in_ms=n, out_ms=n + 1), 500, n, n, {"text": 0}) for n in range(3)]
    wishes = Wishes.of("prefer clips about cooking", "crypto or bitcoins", sentences)
    lifted, lowered, same = wishes.applied(found)
    assert lifted.score > 800
    assert lowered.score < 100
    assert same == found[2]
    assert wishes.unheard() == []
    assert Wishes.of("sailing", "", sentences).unheard() == ["--prompt"]
    assert Wishes.of("", "", sentences).applied(found) == found


def test_times_that_are_left_out() -> None:
    box = Box(x_px=0, y_px=0, width_px=2, height_px=2)
    finding = Finding(label="nudity", score=900, time_ms=70_000, box=box)
    moderated = Moderation(policy="flag", verdict="flagged", frames=9, findings=(finding,))
    times = Allowed.of("0:10-2:00", "0:30-0:40,3:00-end", 150_000, moderated)
    spans = {name: Span(in_ms=a, out_ms=b) for name, a, b in (
        ("free", 10_000, 30_000), ("early", 9_000, 20_000), ("excluded", 39_999, 50_000),
        ("moderated", 60_000, 80_000), ("after", 71_000, 80_000))}  # fmt: skip
    assert {name: times.why_not(span) for name, span in spans.items()} == {
        "free": "",
        "early": "is outside --range",
        "excluded": "is in a time that --exclude names",
        "moderated": "moderation found something in it",
        "after": "",
    }
    with pytest.raises(BadInput, match="--range: '5:00-6:00' starts after"):
        Allowed.of("5:00-6:00", "", 150_000, None)


@given(st.integers(0, 9_000), st.integers(100, 9_000))
def test_given_times_never_cut_a_word(in_ms: int, length_ms: int) -> None:
    spoken = words("one two. | three four five. six | seven eight nine ten " * 2, start_ms=100)
    span = Span(in_ms=in_ms, out_ms=in_ms + length_ms)
    (moved,) = given_candidates([span], spoken, exact=False)
    inside = [
        w for w in spoken for t in (moved.span.in_ms, moved.span.out_ms) if w.in_ms < t < w.out_ms
    ]
    assert not inside or moved.span == span  # all of it is inside one word
    assert abs(moved.span.in_ms - span.in_ms) <= 300 + LEAD_MS
    assert abs(moved.span.out_ms - span.out_ms) <= 300 + TAIL_MS
    assert given_candidates([span], spoken, exact=True)[0].span == span


def test_a_pair_of_neighbours_does_not_overlap() -> None:
    spoken = words("one two three four five six seven")
    pair = [Span(in_ms=0, out_ms=1_100), Span(in_ms=1_100, out_ms=2_000)]
    one, two = given_candidates(pair, spoken, exact=False)
    assert one.span.out_ms <= two.span.in_ms


def test_the_step_says_what_was_not_heard(tmp_path: Path) -> None:
    folder = job(tmp_path, words(TALK))
    plan = highlight(
        folder, "--range=0:40-1:40", "--prompt=zeppelins", "--text-score=counts", "--lengths=10-15"
    )
    assert all(clip.in_ms >= 40_000 and clip.out_ms <= 100_000 for clip in plan.clips)
    receipt = Receipt.from_file(folder / "receipts/highlight.json")
    assert [one.message for one in receipt.degradations] == [
        "no word of --prompt is said in the source"
    ]
