"""source_meta.json, from what was fetched and probed. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from steps.download.fetching import Original
from steps.media.streams import AudioStream, Media, VideoStream
from steps.model.languages import plain_language
from steps.model.source import MAX_CHAPTERS, Audio, Chapter, SourceMeta, Video
from steps.model.timing import MAX_RATE

STANDARD_RATES = tuple(
    Fraction(rate)
    for rate in (
        "24000/1001", 24, 25, "30000/1001", 30, 50, "60000/1001", 60, "48000/1001", 48, "15", 12,
        10, 20, 5, "120000/1001", 120, 100, 90, 240, "15000/1001", "12000/1001",
    )
)  # fmt: skip
"""Tried in this order when the container's own statement does not fit."""

ROUNDING_MS = Fraction(3, 2)
"""Matroska rounds each time to a millisecond; so may the original have done."""

MOST_HOLES = Fraction(1, 20)
"""Share of pictures that may be followed by a gap before the rate counts as variable."""

STILL_A_GRID = Fraction(1, 2)
"""With more than this share of gaps, a fine enough grid fits any times."""

CLOSE = Fraction(1, 4)
"""Two distances that differ by less are taken for one that is jittered."""

_TIMECODE = re.compile(r"(\d\d):(\d\d):(\d\d)([:;.])(\d\d)", re.ASCII)

CaptionSource = Literal["none", "creator", "sidecar", "embedded"]


def source_meta(
    original: Original,
    media: Media,
    video: VideoStream,
    audio: AudioStream | None,
    *,
    duration_ms: int,
    before_ms: int,
    rate: tuple[Fraction, bool],
    captions: CaptionSource,
    sha256: str,
) -> SourceMeta:
    """Make the document.

    Args:
        original: where the source came from.
        media: what it holds.
        video: the picture that `source.mkv` has.
        audio: the sound that it has, if any.
        duration_ms: of `source.mkv`.
        before_ms: from the start of the original to the first picture.
        rate: frames per second, and whether they vary.
        captions: where they came from.
        sha256: of the original file.
    """
    spoken = plain_language(audio.language) if audio else ""
    return SourceMeta(
        name=original.name,
        title=_title(original, media),
        site=original.site,
        page_url=original.page_url,
        uploader=original.uploader,
        duration_ms=duration_ms,
        video=Video(
            codec=video.codec,
            size=video.size,
            rate=rate[0],
            variable_rate=rate[1],
            rotation_deg=video.rotation_deg,
        ),
        audio=Audio(codec=audio.codec, channels=audio.channels, sample_rate_hz=audio.sample_rate_hz)
        if audio
        else None,
        before_ms=before_ms,
        language=original.language or spoken,
        captions=captions,
        chapters=_chapters(original, media, duration_ms, before_ms)[:MAX_CHAPTERS],
        timecode=_timecode(media.timecode, rate[0]),
        source_sha256=sha256,
    )


def _timecode(stated: str, rate: Fraction) -> str:
    """`HH:MM:SS:FF`, or with `;` where it drops; empty if it is no time code at this rate."""
    found = _TIMECODE.fullmatch(stated.strip())
    if not found:
        return ""
    hours, minutes, seconds, frames = (int(found[part]) for part in (1, 2, 3, 5))
    if hours > 23 or minutes > 59 or seconds > 59 or frames >= math.ceil(rate) or frames > 99:
        return ""
    mark = ":" if found[4] == ":" else ";"
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:02}"


def _title(original: Original, media: Media) -> str:
    stated = media.tags.get("title", "") if original.site == "file" else ""
    return " ".join((stated or original.title).split())


def _chapters(
    original: Original, media: Media, duration_ms: int, before_ms: int
) -> tuple[Chapter, ...]:
    stated = [
        (round(start * 1000), round(end * 1000), title) for start, end, title in original.chapters
    ] or [(chapter.in_ms, chapter.out_ms, chapter.title) for chapter in media.chapters]
    shown = [(max(0, start - before_ms), end - before_ms, title) for start, end, title in stated]
    return tuple(
        Chapter(in_ms=start, out_ms=min(end, duration_ms), title=title)
        for start, end, title in shown
        if start < min(end, duration_ms)
    )


def frame_rate(times_ms: Sequence[int], stated: Fraction | None) -> tuple[Fraction, bool]:
    """The nominal rate, and whether it varies.

    The rate is the stated one or a standard one, when every picture is within rounding of a place
    on its grid. It varies when gaps follow more than a few of them. Where no grid fits, it varies
    too, and is that of the usual distance of two pictures: pauses do not lower it.

    Args:
        times_ms: when each picture appears, in order.
        stated: what the container says.
    """
    if stated and stated > MAX_RATE:
        stated = None
    if len(times_ms) < 2 or times_ms[-1] == times_ms[0]:
        return (stated or Fraction(25)), False
    rates = ((stated,) if stated else ()) + STANDARD_RATES
    holes = {rate: _holes(times_ms, rate) for rate in rates}
    for share, varies in ((MOST_HOLES, False), (STILL_A_GRID, True)):
        for rate, empty in holes.items():
            if empty is not None and empty <= share * len(times_ms):
                return rate, varies
    return _usual_rate(times_ms), True


def _usual_rate(times_ms: Sequence[int]) -> Fraction:
    """One over the mean of the distances that are close to the middle one."""
    gaps = sorted(after - before for before, after in pairwise(times_ms) if after > before)
    middle = gaps[len(gaps) // 2]
    most = math.floor(middle * CLOSE)
    usual = [gap for gap in gaps if abs(gap - middle) <= most]
    return min(Fraction(1000 * len(usual), sum(usual)), Fraction(MAX_RATE))


def _holes(times_ms: Sequence[int], rate: Fraction) -> int | None:
    """How many times pictures are missing on the grid of a rate; None where a picture is off it."""
    up, down = rate.numerator, 1000 * rate.denominator
    bound = int(ROUNDING_MS * up)
    first, before, holes = times_ms[0], -1, 0
    for time in times_ms:
        place = (2 * (time - first) * up + down) // (2 * down)  # the nearest, in whole numbers
        if abs((time - first) * up - place * down) > bound or place == before:
            return None
        holes += place != before + 1
        before = place
    return holes
