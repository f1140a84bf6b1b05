"""What a job will work on, before its source was read: seconds of source and of clips. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from steps.highlight import HighlightParams
from steps.model.geometry import Size
from steps.model.time_ranges import parse_lengths, parse_spans
from steps.model.timing import MAX_MS, Span

MINUTE_S = 60.0
USUAL_RATE = Fraction(30)
USUAL_MPX_PER_S = 1.92 * 1.08 * 30
"""Millions of pixels in a second of a source that nobody has looked at: 1080p at 30 a second."""
MOST_FILLED = 0.75
"""Clips leave at least a quarter of a short source out: where they would take more, the schedule
takes shorter ones before it takes fewer. The sample's three fill 0.68 to 0.74 of it."""


@dataclass(frozen=True)
class Workload:
    """The amounts that the time of a job depends on.

    Attributes:
        source_s: 0 where the length is not known.
        clips: how many.
        clip_s: seconds of all clips together.
        mpx_per_s: millions of pixels of the source's picture in a second.
        to_the_end: whether a clip ends where the source does, wherever that is.
    """

    source_s: float
    clips: int
    clip_s: float
    mpx_per_s: float = USUAL_MPX_PER_S
    to_the_end: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the length of the source is known."""
        return self.source_s > 0

    @property
    def minute(self) -> Workload:
        """One more minute of the source, with the same clips."""
        return replace(self, source_s=MINUTE_S, clips=0, clip_s=MINUTE_S * self.to_the_end)


def pixel_rate(size: Size, rate: Fraction) -> float:
    """Millions of pixels in a second of a picture."""
    return float(size.width_px * size.height_px * rate) / 1e6


def workload(
    params: HighlightParams, duration_ms: int, length_share: float, mpx_per_s: float
) -> Workload:
    """What a job will work on.

    Args:
        params: of highlight; `at` decides alone.
        duration_ms: of the source; 0 where it is not known, and enough for all clips then.
        length_share: where in the allowed lengths chosen clips are, 0 to 1.
        mpx_per_s: of the source's picture.

    Raises:
        BadInput: a span does not fit the source.
    """
    end_ms = duration_ms or MAX_MS
    if params.at:
        spans = parse_spans(params.at, end_ms)
        ended = [span for span in spans if span.out_ms < MAX_MS]
        clips, clip_ms, to_the_end = len(spans), _total(ended), len(ended) < len(spans)
        return Workload(duration_ms / 1000, clips, clip_ms / 1000, mpx_per_s, to_the_end)
    ranges = parse_lengths(params.lengths)
    low_ms, high_ms = ranges[0][0], max(top for _, top in ranges)
    length_ms = low_ms + length_share * (high_ms - low_ms)
    free_ms = end_ms
    if params.range:
        free_ms = _total(parse_spans(params.range, end_ms, "--range", MAX_MS))
    if params.exclude:
        whole = Span(in_ms=0, out_ms=end_ms)
        excluded = parse_spans(params.exclude, MAX_MS, "--exclude", MAX_MS)
        free_ms -= sum(span.overlap_ms(whole) for span in excluded)
    room_ms = MOST_FILLED * free_ms
    clips = max(1, min(params.clips, int(room_ms / low_ms)))
    return Workload(duration_ms / 1000, clips, min(clips * length_ms, room_ms) / 1000, mpx_per_s)


def _total(spans: Sequence[Span]) -> int:
    return sum(span.duration_ms for span in spans)
