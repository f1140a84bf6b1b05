"""The vote on the language."""

from __future__ import annotations

import pytest

from steps.model.timing import Span
from steps.transcribe.languages import Vote, vote, voters
from steps.transcribe.windows import Window


def window(in_ms: int, duration_ms: int = 1000) -> Window:
    return Window((Span(in_ms=in_ms, out_ms=in_ms + duration_ms),))


def test_windows_count_by_their_length() -> None:
    windows = [window(0, 9000), window(20_000, 1000)]
    assert vote(windows, [{"de": 0.9, "nl": 0.1}, {"nl": 1.0}]) == Vote("de", 810)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ({"la": 0.8, "it": 0.15, "es": 0.05}, Vote("it", 150)),
        ({"es": 0.5, "de": 0.5}, Vote("de", 500)),
        ({"en": 1.0}, Vote("en", 1000)),
    ],
    ids=["never Latin", "a tie", "only English"],
)
def test_one_window(found: dict[str, float], wanted: Vote) -> None:
    assert vote([window(0)], [found]) == wanted


@pytest.mark.parametrize(("share", "sure"), [(899, False), (900, True)])
def test_when_a_vote_is_sure(share: int, sure: bool) -> None:
    assert Vote("de", share).sure is sure


@pytest.mark.parametrize(("count", "chosen"), [(0, []), (1, [0]), (3, [0, 1, 2]), (10, [0, 3, 6])])
def test_voters_are_spread_over_the_source(count: int, chosen: list[int]) -> None:
    planned = [window(at * 1000) for at in range(count)]
    assert voters(planned) == [planned[at] for at in chosen]
