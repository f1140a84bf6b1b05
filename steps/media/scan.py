"""When the pictures and the sound of `source.mkv` begin and end, without decoding any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steps.contract.errors import BrokenContract
from steps.media.opening import opened
from steps.media.stamped import SLACK_MS

TAIL_MS = 100
"""Sound that ends more than this after the picture lengthens the source; less is padding."""

SHORT_MS = 1000
"""Sound that ends more than this before the picture leaves a hole; recorders stop in any order."""


@dataclass(frozen=True)
class Scan:
    """The times of a source.

    Attributes:
        frame_times_ms: when each picture appears, in order.
        picture_end_ms: when the last picture ends, by its own stated length.
        sound_start_ms: when the sound starts; None without sound.
        sound_end_ms: when it ends; 0 without.
        holes: how often sound is missing on the way, or comes twice.
    """

    frame_times_ms: tuple[int, ...]
    picture_end_ms: int
    sound_start_ms: int | None
    sound_end_ms: int
    holes: int

    @property
    def duration_ms(self) -> int:
        """The length of the source: of the picture, or of sound that goes on after it."""
        goes_on = self.sound_end_ms > self.picture_end_ms + TAIL_MS
        return self.sound_end_ms if goes_on else self.picture_end_ms

    @property
    def missing_sound(self) -> list[str]:
        """Where the sound does not cover the source, in words."""
        if self.sound_start_ms is None:
            return []
        found = []
        if self.sound_start_ms > SLACK_MS:
            found.append(f"it starts at {self.sound_start_ms} ms")
        if self.holes:
            places = "1 place" if self.holes == 1 else f"{self.holes} places"
            found.append(f"it is missing or comes twice in {places}")
        if self.sound_end_ms < self.duration_ms - SHORT_MS:
            found.append(f"it ends at {self.sound_end_ms} ms of {self.duration_ms}")
        return found


def scan(path: Path) -> Scan:
    """Read the times of every packet of `source.mkv`: seconds for two hours.

    Raises:
        BrokenContract: it has no picture.
    """
    times: list[int] = []
    picture_end = sound_end = holes = 0
    sound_start: int | None = None
    with opened(path) as (container, _):
        streams = [*container.streams.video[:1], *container.streams.audio[:1]]
        for packet in container.demux(streams):
            if packet.pts is None:
                continue
            start = round(packet.pts * packet.time_base * 1000)
            end = start + max(1, round((packet.duration or 0) * packet.time_base * 1000))
            if packet.stream.type == "video":
                times.append(start)
                picture_end = max(picture_end, end)
            elif sound_start is None:
                sound_start, sound_end = start, end
            else:
                holes += abs(start - sound_end) > SLACK_MS
                sound_end = max(sound_end, end)
    if not times:
        raise BrokenContract(f"{path.name} has no picture: rerun the job to recreate it")
    return Scan(tuple(sorted(times)), picture_end, sound_start, sound_end, holes)
