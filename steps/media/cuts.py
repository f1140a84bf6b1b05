"""What a cut promises, and where a moment of the source is inside it.

All cuts of a job keep this promise, which `cut` makes and every later step relies on:

- one video stream and at most one sound stream;
- one size of the upright picture with square pixels in all cuts of a job, and in each cut one
  stored size, pixel format, colour description, shape of pixels and rotation;
- a picture is on screen all the time from the clip's in point to its out point, and none stands for
  longer than `LONGEST_MS` until the next one or the clip's end;
- every picture of the span can be decoded from the file.

`source.mkv` starts at timestamp 0 with its first picture, and a cut keeps the source's timestamps.
So in both, a timestamp **is** the source's clock: never add an offset. Matroska rounds times to
milliseconds and frames may be unevenly spaced: ask `shown_at` for the stamp of the picture on
screen at a moment, never compute it.

With ffmpeg, seek by `seek_arguments`: plain `-ss` counts from the file's first timestamp, which in
a cut is not 0.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from steps.contract.errors import BrokenContract
from steps.media.copying import pictures_beside_sound
from steps.media.opening import MAX_PIXELS, address, opened
from steps.media.packets import to_rate
from steps.model.timing import Span, clock

LONGEST_MS = 1000
"""The longest that a picture of a cut stands: pictures come once a second or more often."""


@dataclass(frozen=True)
class Cut:
    """A part of the source.

    Attributes:
        path: of the file.
        frame_times_ms: when each picture appears, on the source's clock, in order.
        end_ms: when the last picture ends.
    """

    path: Path
    frame_times_ms: tuple[int, ...]
    end_ms: int

    @property
    def span(self) -> Span:
        """The part of the source that can be shown from this cut."""
        return Span(in_ms=self.frame_times_ms[0], out_ms=self.end_ms)

    def shown_at(self, time_ms: int) -> int:
        """The time stamp of the picture on screen at a moment; the first one before any."""
        return self.frame_times_ms[self.index_at(time_ms)]

    def index_at(self, time_ms: int) -> int:
        """The index of that picture in `frame_times_ms`."""
        return max(0, bisect_right(self.frame_times_ms, time_ms) - 1)


def read_cut(path: Path) -> Cut:
    """Read the times of a cut's pictures without decoding any.

    Raises:
        BrokenContract: it has no picture.
    """
    return Cut(path, *frame_times(path))


def frame_times(path: Path, sound: Path | None = None) -> tuple[tuple[int, ...], int]:
    """When each picture of a file made by this program appears, and when the last one ends.

    Args:
        path: the file.
        sound: a Matroska file to copy its sound to on the way.

    Raises:
        BrokenContract: it has no picture.
    """
    shown: list[tuple[int, int]] = []
    with opened(path) as (container, _):
        video = container.streams.video[:1]
        base = video[0].time_base if video else None
        packets = pictures_beside_sound(container, sound) if sound else container.demux(video)
        for packet in packets:
            if packet.pts is not None:
                shown.append((packet.pts, packet.duration or 0))
    if not shown or base is None:
        raise BrokenContract(f"{path.name} has no picture: rerun the job to recreate it")
    to_ms = to_rate(base, 1000)
    shown = [(to_ms(at), to_ms(long)) for at, long in shown]
    return tuple(sorted(at for at, _ in shown)), max(at + max(1, long) for at, long in shown)


def seek_arguments(path: Path, time_ms: int) -> list[str]:
    """The input arguments that read a cut, or the source, from a moment on.

    Pass `cut.shown_at(in_ms)`: the first picture that comes out is then exactly the one stamped so,
    and sound starts at the same moment. Output timestamps start at 0.
    """
    bounds = ["-max_pixels", str(MAX_PIXELS)]
    return [*bounds, "-seek_timestamp", "1", "-ss", clock(time_ms), "-i", address(path)]
