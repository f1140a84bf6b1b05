"""Times and lengths as a user writes them: the grammar of `--at` and `--lengths`. Pure."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

from steps.contract.errors import BadInput
from steps.contract.params import param
from steps.model.clips import LENGTHS_MS, LONGEST_CLIP_S, MAX_CLIP_MS, SHORTEST_CLIP_S
from steps.model.timing import MAX_MS, Span, clock

EXACT_SHARE = 10
"""An exact length of N seconds allows N ± N/10."""

_CLOCK = re.compile(r"^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)$")


def at_param() -> Any:
    """The param `at`: highlight cuts there, and download refuses times after the source's end."""
    return param(
        "",
        max_length=2000,
        description="Times to cut instead of choosing: 1:30-2:00,5:00-5:45. An edge inside a word"
        " moves out of it, unless --at-edges exact.",
    )


def range_param() -> Any:
    """The param `range`: highlight chooses there, and download refuses times after the end."""
    return param("", max_length=2000, description="Choose only in these times: 10:00-40:00.")


def parse_lengths(text: str) -> list[tuple[int, int]]:
    """The allowed lengths in milliseconds, both ends included, the shortest first.

    Each item is a name, seconds ±10 % (`25`) or a range of seconds (`20-25`).

    Raises:
        BadInput: an item is malformed, out of bounds, or ends before it begins.
    """
    ranges = set()
    for item in text.split(","):
        if item in LENGTHS_MS:
            ranges.add(LENGTHS_MS[item])
            continue
        low, dash, high = item.partition("-")
        if not low.isdigit() or (dash and not high.isdigit()):
            raise BadInput(
                f"--lengths: {item!r} is not a length: write short, medium, long, 25 or 20-25"
            )
        low_s, high_s = int(low), int(high or low)
        if not (low_s >= SHORTEST_CLIP_S and high_s <= LONGEST_CLIP_S):
            raise BadInput(
                f"--lengths: {item!r} is out of bounds: a clip has {SHORTEST_CLIP_S} to"
                f" {LONGEST_CLIP_S} seconds"
            )
        if low_s > high_s:
            raise BadInput(f"--lengths: {item!r} ends before it begins: write {high_s}-{low_s}")
        around_ms = 0 if dash else low_s * 1000 // EXACT_SHARE
        ranges.add((low_s * 1000 - around_ms, high_s * 1000 + around_ms))
    return sorted(ranges)


def parse_time(text: str, option: str = "--at") -> int:
    """Milliseconds of `90`, `1:30`, `1:01:30.250`.

    Raises:
        BadInput: it is not a time.
    """
    found = _CLOCK.match(text.strip())
    if not found:
        raise BadInput(f"{option}: {text.strip()!r} is not a time: write 90, 1:30 or 1:01:30.250")
    hours, minutes, seconds = found.groups(default="0")
    return int((int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)) * 1000)


def check_times(at: str, within: str, duration_ms: int) -> None:
    """Check --at and --range as soon as the length of the source is known.

    Raises:
        BadInput: as in `parse_spans`.
    """
    if at:
        parse_spans(at, duration_ms)
    if within:
        parse_spans(within, duration_ms, "--range", MAX_MS)


def check_room(at: str, within: str, exclude: str, lengths: str) -> None:
    """Refuse times that leave no room for a clip, whatever the source is.

    Args:
        at: as in `--at`; the other times do not count with it, but it has to lie in `within`.
        within: as in `--range`.
        exclude: as in `--exclude`.
        lengths: as in `--lengths`.

    Raises:
        BadInput: nothing is left to choose from, or less than the shortest clip needs.
    """
    free = [Span(in_ms=0, out_ms=MAX_MS)]
    if within:
        free = parse_spans(within, MAX_MS, "--range", MAX_MS)
    if at:
        for span in parse_spans(at, MAX_MS):
            if not any(one.in_ms <= span.in_ms and span.out_ms <= one.out_ms for one in free):
                raise BadInput(
                    f"--at: the clip at {clock(span.in_ms)} is not inside --range {within}:"
                    " leave --range out"
                )
        return
    for gap in parse_spans(exclude, MAX_MS, "--exclude", MAX_MS) if exclude else ():
        free = [piece for one in free for piece in one.without(gap)]
    if not free:
        raise BadInput(f"--exclude: {exclude!r} leaves nothing to choose from: exclude less")
    shortest_ms, longest_ms = parse_lengths(lengths)[0][0], max(one.duration_ms for one in free)
    if longest_ms < shortest_ms:
        raise BadInput(
            f"--lengths: {lengths!r} allows no clip under {shortest_ms / 1000:g} s, but --range and"
            f" --exclude leave {longest_ms / 1000:g} s in one piece: choose shorter clips or more"
            " time"
        )


def parse_spans(
    text: str, duration_ms: int, option: str = "--at", most_ms: int = MAX_CLIP_MS
) -> list[Span]:
    """The requested spans in order of time, cut at the end of the source; `end` is its end.

    Pass `MAX_MS` while the source's duration is unknown: then no span is too long. Spans that are
    no clips may be longer than one.

    Raises:
        BadInput: a span is malformed, empty, outside the source, too long, or overlaps another.
    """
    spans = []
    for item in (part.strip() for part in text.split(",")):
        start, dash, end = (part.strip() for part in item.partition("-"))
        if not dash:
            raise BadInput(f"{option}: {item!r} is not a span: write 1:30-2:00")
        in_ms = parse_time(start, option)
        wanted_ms = duration_ms if end == "end" else parse_time(end, option)
        if wanted_ms <= in_ms and end != "end":
            raise BadInput(
                f"{option}: {item!r} ends before it begins: write the earlier time first"
            )
        if in_ms >= duration_ms:
            raise BadInput(
                f"{option}: {item!r} starts after the source's end at {clock(duration_ms)}:"
                " choose an earlier time"
            )
        if duration_ms < MAX_MS and min(wanted_ms, duration_ms) - in_ms > most_ms:
            raise BadInput(
                f"{option}: {item!r} is longer than {most_ms // 60_000} minutes: choose less"
            )
        spans.append(Span(in_ms=in_ms, out_ms=min(wanted_ms, duration_ms)))
    spans.sort(key=lambda span: span.in_ms)
    for before, after in pairwise(spans):
        if before.out_ms > after.in_ms:
            raise BadInput(
                f"{option}: two spans overlap at {clock(after.in_ms)}: make them one, or separate"
                " them"
            )
    return spans
