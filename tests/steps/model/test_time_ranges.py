from __future__ import annotations

import pytest

from steps.contract.errors import BadInput
from steps.highlight import HighlightParams
from steps.model.time_ranges import check_room, parse_lengths, parse_spans, parse_time
from steps.model.timing import MAX_MS


@pytest.mark.parametrize(
    ("text", "expected_ms"),
    [("0", 0), ("90", 90_000), ("1:30", 90_000), ("1:01:30.250", 3_690_250), ("0.1", 100)],
)
def test_times(text: str, expected_ms: int) -> None:
    assert parse_time(text) == expected_ms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0-10", [(0, 10_000)]),
        ("0:30-end", [(30_000, 60_000)]),
        ("40-50, 10-20", [(10_000, 20_000), (40_000, 50_000)]),
        ("50-99", [(50_000, 60_000)]),
        ("0-10,10-20", [(0, 10_000), (10_000, 20_000)]),
    ],
)
def test_spans(text: str, expected: list[tuple[int, int]]) -> None:
    found = parse_spans(text, 60_000)
    assert [(item.in_ms, item.out_ms) for item in found] == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10", "is not a span"),
        ("a-b", "is not a time"),
        ("20-10", "ends before it begins"),
        ("10-10", "ends before it begins"),
        ("60-end", "after the source"),
        ("70-80", "after the source"),
        ("0-20,10-30", "overlap at 00:00:10.000"),
        ("1:2:3:4-5", "is not a time"),
    ],
)
def test_bad_spans_are_one_clear_line(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        parse_spans(text, 60_000)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short", [(15_000, 30_000)]),
        ("short,medium", [(15_000, 30_000), (30_000, 60_000)]),
        ("30,45", [(27_000, 33_000), (40_500, 49_500)]),
        ("45,short,45", [(15_000, 30_000), (40_500, 49_500)]),
        ("20-25", [(20_000, 25_000)]),
        ("90-120,5", [(4_500, 5_500), (90_000, 120_000)]),
        ("180", [(162_000, 198_000)]),
        ("7-7", [(7_000, 7_000)]),
    ],
)
def test_lengths_are_named_or_in_seconds(text: str, expected: list[tuple[int, int]]) -> None:
    assert parse_lengths(text) == expected
    assert HighlightParams(lengths=text).lengths == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0", "'0' is out of bounds: a clip has 5 to 180 seconds"),
        ("4", "'4' is out of bounds"),
        ("short,181", "'181' is out of bounds"),
        ("3-20", "'3-20' is out of bounds"),
        ("25-20", "'25-20' ends before it begins: write 20-25"),
        ("", "short (15-30 s)"),
        ("huge", "a range (20-25), from 5 to 180 s"),
        ("20-", "a range (20-25), from 5 to 180 s"),
        ("20,", "a range (20-25), from 5 to 180 s"),
        ("1e9", "a range (20-25), from 5 to 180 s"),
    ],
)
def test_lengths_that_cannot_be_are_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        HighlightParams.parse({"lengths": text})
    assert str(caught.value).startswith("--lengths: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_span_is_at_most_an_hour_once_the_duration_is_known() -> None:
    day = 24 * 3_600_000
    assert parse_spans("0-1:00:00", day)[0].duration_ms == 3_600_000
    with pytest.raises(BadInput, match=r"'0-1:00:01' is longer than 60 minutes"):
        parse_spans("0-1:00:01", day)
    assert parse_spans("0-2:00:00", 1_800_000)[0].duration_ms == 1_800_000
    assert parse_spans("0-end", MAX_MS)[0].duration_ms == MAX_MS


@pytest.mark.parametrize(
    ("at", "within", "exclude", "lengths", "says"),
    [
        ("", "", "0-end", "short", "--exclude: '0-end' leaves nothing to choose from"),
        ("", "10:00-20:00", "9:00-15:00,15:00-end", "short", "leaves nothing to choose from"),
        ("", "10:00-10:10", "", "short", "no clip under 15 s, but .* leave 10 s in one piece"),
        ("", "1:00-2:00", "1:20-1:40", "long,20-40", ""),
        ("", "1:00-2:00", "1:20-1:50", "25-40,long", "no clip under 25 s, but .* leave 20 s"),
        ("", "", "0:20-end", "25-40", "no clip under 25 s, but .* leave 20 s"),
        ("3:00-3:30", "1:00-2:00", "", "short", "--at: the clip at 00:03:00.000 is not inside"),
        ("1:50-2:10", "1:00-2:00", "", "short", "--at: the clip at 00:01:50.000 is not inside"),
        ("1:00-1:30", "1:00-2:00", "0-end", "long", ""),
        ("5:00-end", "4:00-end", "", "short", ""),
        ("", "1:00-2:00", "", "long", ""),
        ("", "", "0-1:30,52:10-end", "long", ""),
    ],
)
def test_times_that_leave_no_room_for_a_clip_are_refused(
    at: str, within: str, exclude: str, lengths: str, says: str
) -> None:
    if not says:
        check_room(at, within, exclude, lengths)
        return
    with pytest.raises(BadInput, match=says):
        check_room(at, within, exclude, lengths)
