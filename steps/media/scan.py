"""When the pictures of `source.mkv` appear and end, without decoding any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steps.media.cuts import frame_times

TAIL_MS = 100
"""Sound that ends more than this after the picture lengthens the source; less is padding."""


@dataclass(frozen=True)
class Scan:
    """The times of a source.

    Attributes:
        frame_times_ms: when each picture appears, in order.
        picture_end_ms: when the last picture ends, by its own stated length.
    """

    frame_times_ms: tuple[int, ...]
    picture_end_ms: int

    def duration_ms(self, sound_end_ms: int) -> int:
        """The length of the source: of the picture, or of sound that goes on after it."""
        goes_on = sound_end_ms > self.picture_end_ms + TAIL_MS
        return sound_end_ms if goes_on else self.picture_end_ms


def scan(path: Path, most_ms: int | None = None, sound: Path | None = None) -> Scan:
    """Read the time of every picture: seconds for two hours.

    Args:
        path: of the source.
        most_ms: pictures that appear from here on are hidden, if there are any.
        sound: a Matroska file to copy its sound to on the way.

    Raises:
        BrokenContract: it has no picture.
    """
    times, end_ms = frame_times(path, sound)
    if most_ms is None:
        return Scan(times, end_ms)
    return Scan(tuple(time for time in times if time < most_ms), min(end_ms, most_ms))
