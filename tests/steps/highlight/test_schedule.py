from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from steps.highlight.candidates import Candidate
from steps.highlight.choose import SAME_IOU, overlap_share, schedule, shortlist
from steps.model.timing import Span

candidates = st.lists(
    st.builds(
        lambda start, length, score: Candidate(Span(in_ms=start, out_ms=start + length), score),
        st.integers(0, 200),
        st.integers(1, 60),
        st.integers(0, 50),
    ),
    max_size=15,
)


def brute_force(found: list[Candidate], count: int, gap_ms: int) -> int:
    best = 0
    for size in range(count + 1):
        for group in combinations(sorted(found, key=lambda item: item.span.in_ms), size):
            if all(a.span.out_ms + gap_ms <= b.span.in_ms for a, b in zip(group, group[1:])):  # noqa: B905, RUF007
                best = max(best, sum(item.score for item in group))
    return best


@given(candidates, st.integers(1, 4), st.integers(0, 30))
def test_the_schedule_is_as_good_as_trying_every_set(
    found: list[Candidate], count: int, gap_ms: int
) -> None:
    chosen = schedule(found, count, gap_ms)
    assert len(chosen) <= count
    assert chosen == sorted(chosen, key=lambda item: item.span.in_ms)
    assert all(
        a.span.out_ms + gap_ms <= b.span.in_ms
        for a, b in zip(chosen, chosen[1:], strict=False)  # noqa: RUF007
    )
    assert sum(item.score for item in chosen) == brute_force(found, count, gap_ms)


@given(candidates)
def test_the_schedule_does_not_depend_on_the_order(found: list[Candidate]) -> None:
    forwards = schedule(found, 3, 0)
    backwards = schedule(found[::-1], 3, 0)
    assert sum(item.score for item in forwards) == sum(item.score for item in backwards)


def test_a_clip_at_zero_is_a_clip() -> None:
    first = Candidate(Span(in_ms=0, out_ms=20_000), 700)
    assert schedule([first], 1, 5_000) == [first]


@given(candidates)
def test_the_shortlist_is_sorted_and_holds_no_moment_twice(found: list[Candidate]) -> None:
    kept = shortlist(found)
    assert kept == sorted(kept, key=lambda item: item.rank_key)
    assert all(overlap_share(a, b) <= SAME_IOU for a, b in combinations(kept, 2))
    assert not found or kept[0] == min(found, key=lambda item: item.rank_key)
