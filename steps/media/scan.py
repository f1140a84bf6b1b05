"""When the pictures and the sound of `source.mkv` begin and end, without decoding any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steps.contract.errors import BrokenContract
from steps.media.opening import opened

TAIL_MS = 100
"""Sound that ends more than this after the picture lengthens the source; less is padding."""


@dataclass(frozen=True)
class Scan:
    """The times of a source.

    Attributes:
        frame_times_ms: when each picture appears, in order.
        picture_end_ms: when the last picture ends, by its own stated length.
        sound_end_ms: when the last packet of sound ends; 0 without sound.
    """

    frame_times_ms: tuple[int, ...]
    picture_end_ms: int
    sound_end_ms: int

    @property
    def duration_ms(self) -> int:
        """The length of the source: of the picture, or of sound that goes on after it."""
        goes_on = self.sound_end_ms > self.picture_end_ms + TAIL_MS
        return self.sound_end_ms if goes_on else self.picture_end_ms


def scan(path: Path) -> Scan:
    """Read the times of every packet of `source.mkv`: seconds for two hours.

    Raises:
        BrokenContract: it has no picture.
    """
    times: list[int] = []
    picture_end = sound_end = 0
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
            else:
                sound_end = max(sound_end, end)
    if not times:
        raise BrokenContract(f"{path.name} has no picture: rerun the job to recreate it")
    return Scan(tuple(sorted(times)), picture_end, sound_end)
