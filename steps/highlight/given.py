"""Times that the user gave: cut these instead of choosing."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from steps.contract.errors import BadInput
from steps.highlight.candidates import Candidate
from steps.model.timing import Span, clock

FOREVER_MS = 10**9
"""Longer than any source: to check times before the source is known."""

_CLOCK = re.compile(r"^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)$")


def parse_time(text: str) -> int:
    """Milliseconds of `90`, `1:30`, `1:01:30.250`.

    Raises:
        BadInput: it is no time.
    """
    found = _CLOCK.match(text.strip())
    if not found:
        raise BadInput(f"--at: {text.strip()!r} is no time: write 90, 1:30 or 1:01:30.250")
    hours, minutes, seconds = found.groups(default="0")
    return int((int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)) * 1000)


def parse_spans(text: str, duration_ms: int) -> list[Candidate]:
    """The asked spans in order of time, cut at the end of the source; `end` is its end.

    Raises:
        BadInput: a span is malformed, empty, outside the source, or overlaps another.
    """
    spans = []
    for item in text.split(","):
        start, dash, end = item.strip().partition("-")
        if not dash:
            raise BadInput(f"--at: {item.strip()!r} is no span: write 1:30-2:00")
        in_ms = parse_time(start)
        asked_ms = duration_ms if end.strip() == "end" else parse_time(end)
        if asked_ms <= in_ms and end.strip() != "end":
            raise BadInput(f"--at: {item.strip()} ends before it begins")
        if in_ms >= duration_ms:
            raise BadInput(f"--at: {item.strip()} is past the source's end at {clock(duration_ms)}")
        out_ms = min(asked_ms, duration_ms)
        spans.append(Span(in_ms=in_ms, out_ms=out_ms))
    spans.sort(key=lambda span: span.in_ms)
    for before, after in pairwise(spans):
        if before.out_ms > after.in_ms:
            raise BadInput(f"--at: two spans overlap at {clock(after.in_ms)}")
    return [Candidate(span, score=1000) for span in spans]
