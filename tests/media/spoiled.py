"""How a plain film becomes one as phones, broadcasts and editors leave it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import av
from av.packet import Packet
from av.stream import Stream

from steps.media import ffmpeg
from tests.media.clocks import BEEPS, PICTURE, clock
from tests.media.edit_lists import with_edits

Maker = Callable[[Path, Path], Path]
"""Writes a film to the second path, out of the first, a plain film; returns the second."""


def ff(path: Path, *arguments: object) -> Path:
    """Run ffmpeg to make a file."""
    ffmpeg.run([*map(str, arguments), f"file:{path}"])
    return path


def copied(*options: str, before: Sequence[str] = ()) -> Maker:
    """The plain film, remuxed with some options."""
    return lambda whole, to: ff(to, *before, "-i", whole, "-map", "0", "-c", "copy", *options)


def without(kind: str, relation: str, seconds: float) -> Maker:
    """The plain film without the pictures (v) or the sound (a) on one side of a moment."""
    return copied(f"-bsf:{kind}", f"noise=drop='{relation}(pts*tb,{seconds})'")


def coded(*options: str, sound: str = BEEPS.format("")) -> Maker:
    """A film with other coding or sound."""
    return lambda _, to: clock(to, *options, sound=sound)


def edited(
    *edits: tuple[float, float],
    coding: Sequence[str] = (),
    rate: float = 1,
    sound: tuple[float, float] | None = None,
) -> Maker:
    """The plain film, or one with other coding, with an edit list."""

    def make(whole: Path, to: Path) -> Path:
        film = clock(to.with_name("unedited.mp4"), *coding) if coding else whole
        return with_edits(film, to, edits, rate, [sound] if sound else edits)

    return make


def spliced(*sounds: str, form: str) -> Maker:
    """The plain picture, with sound that is coded otherwise after four seconds."""

    def make(whole: Path, to: Path) -> Path:
        parts = []
        for number, options in enumerate(sounds):
            span = ["-ss", 4 * number, "-t", 4, "-i", whole, "-vn"]
            parts.append(ff(to.with_name(f"{number}.{form}"), *span, *options.split()))
        with av.open(str(to), "w") as film, av.open(str(whole)) as picture:
            stream = film.add_stream_from_template(picture.streams.video[0])
            packets = _packets(picture.streams.video[0], stream, 0)
            sound: Stream | None = None
            for number, part in enumerate(parts):
                with av.open(str(part)) as opened:
                    one = opened.streams.audio[0]
                    sound = sound or film.add_stream_from_template(one)
                    packets += _packets(one, sound, 4 * number)
            for _, packet in sorted(packets, key=lambda timed: timed[0]):
                film.mux(packet)
        return to

    return make


def _packets(source: Any, target: Stream, later_s: int) -> list[tuple[float, Packet[Any]]]:
    """Packets with the time of each, moved; those of a part end where the next part begins."""
    found = []
    for packet in source.container.demux(source):
        if packet.dts is None or (target.type == "audio" and packet.pts * packet.time_base >= 4):
            continue
        packet.pts += round(later_s / packet.time_base)
        packet.dts += round(later_s / packet.time_base)
        packet.stream = target
        found.append((float(packet.dts * packet.time_base), packet))
    return found


def two_programs(whole: Path, to: Path) -> Path:
    """A small programme with another sound comes before the plain one."""
    other = ["-f", "lavfi", "-i", "testsrc2=s=48x32:r=10:d=8", "-f", "lavfi", "-i", "sine=99:d=8"]
    maps = ["-map", "0:v", "-map", "1:a", "-map", "2:v", "-map", "2:a", "-map", "1:a"]
    coding = [
        "-c",
        "copy",
        "-c:v:0",
        "mpeg2video",
        "-c:a:0",
        "mp2",
        "-ac:a:0",
        "6",
        "-c:a:2",
        "mp2",
    ]
    coding[coding.index("-ac:a:0") : coding.index("-ac:a:0") + 2] = []
    programs = ["-program", "title=one:st=0:st=1:st=4", "-program", "title=two:st=2:st=3"]
    return ff(to, *other, "-i", whole, *maps, *coding, *programs)


def in_a_row(*clocks_s: float) -> Maker:
    """Recordings of the first half of the plain film, whose clocks begin at these times."""

    def make(whole: Path, to: Path) -> Path:
        half = ff(to.with_name("half.mkv"), "-t", 4, "-i", whole, *PICTURE, "-c:a", "mp2")
        parts = [
            ff(to.with_name(f"{at}.ts"), "-i", half, "-c", "copy", "-output_ts_offset", at)
            for at in clocks_s
        ]
        to.write_bytes(b"".join(part.read_bytes() for part in parts))
        return to

    return make


def with_cover(whole: Path, to: Path) -> Path:
    """A large picture is a stream of its own, and nothing says that it is a cover."""
    cover = ["-f", "lavfi", "-i", "color=red:s=640x480:r=1:d=1"]
    maps = ["-map", "1:v", "-map", "0", "-c", "copy", "-c:v:0", "mjpeg", "-q:v:0", "5"]
    return ff(to, "-i", whole, *cover, *maps)
