"""Films as phones, broadcasts and editors leave them, and what is right for each: one table.

Every film tells its own time. Its pictures carry their numbers, ten a second, and in second k a
tone of 400 + 60 k Hz sounds for a fifth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from av.packet import Packet
from av.stream import Stream

from steps.media import ffmpeg
from tests.media.edit_lists import with_edits
from tests.steps import numbered

RATE = 10
LENGTH_MS = 8000
BEEPS = "aevalsrc='0.4*lt(mod(t,1),0.2)*sin(2*PI*(400+60*floor(t))*t){}':sample_rate=48000"
PICTURE = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-bf", "2", "-g", "24")
Maker = Callable[[Path, Path], Path]


def clock(path: Path, *coding: str, sound: str = BEEPS.format("")) -> Path:
    """Eight seconds of numbered pictures and beeps."""
    options = (*PICTURE, *(coding or ("-c:a", "aac")))
    return numbered.make(path, rate=RATE, frames=80, sound=sound, options=options)


@dataclass(frozen=True)
class Footage:
    """A made film and what is right.

    Attributes:
        suffix: of the film's name.
        make: writes it to a path, out of `whole`, a plain film; returns the path.
        shown: what a player shows: from when to when, and the time of the plain film there.
        codes: of the fallbacks that are reported.
        heard: spans in which there is sound; all that is shown, when empty.
        pictures: how many the film has; the last one stands to the end.
        slack_pictures: by how many a picture may be late: ffmpeg places edits by decoding order.
    """

    suffix: str
    make: Maker
    shown: tuple[tuple[int, int, int], ...] = ((0, LENGTH_MS, 0),)
    codes: tuple[str, ...] = ()
    heard: tuple[tuple[int, int], ...] = ()
    pictures: int = 80
    slack_pictures: int = 0


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


def edited(*edits: tuple[float, float]) -> Maker:
    """The plain film with an edit list."""
    return lambda whole, to: with_edits(whole, to, edits)


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


def with_cover(whole: Path, to: Path) -> Path:
    """A large picture is a stream of its own, and nothing says that it is a cover."""
    cover = ["-f", "lavfi", "-i", "color=red:s=640x480:r=1:d=1"]
    maps = ["-map", "1:v", "-map", "0", "-c", "copy", "-c:v:0", "mjpeg", "-q:v:0", "5"]
    return ff(to, "-i", whole, *cover, *maps)


ENCODED, REPAIRED = "picture-encoded", "sound-repaired"
OPPOSITE = "aevalsrc='{0}|-1*({0})':sample_rate=48000:channel_layout=stereo"
TONE = BEEPS.format("").split("'")[1]

FOOTAGE: dict[str, Footage] = {
    # edit lists
    "plain": Footage("mp4", copied()),
    "start hidden": Footage(
        "mp4", copied(before=["-ss", "3.4"]), ((0, 4600, 3400),), (ENCODED, REPAIRED)
    ),
    "middle hidden": Footage(
        "mp4",
        edited((0, 3), (5, 3)),
        ((0, 3000, 0), (3000, 6000, 5000)),
        (ENCODED, REPAIRED),
        slack_pictures=1,
    ),
    "end hidden": Footage("mp4", edited((0, 5)), ((0, 5000, 0),), slack_pictures=2),
    "nothing hidden": Footage("mp4", edited((0, 8))),
    # sound that changes
    "5.1 to stereo, ts": Footage(
        "ts", spliced("-ac 6 -c:a ac3", "-ac 2 -c:a ac3", form="ac3"), codes=(REPAIRED,)
    ),
    "stereo to 5.1, mkv": Footage(
        "mkv", spliced("-ac 2 -c:a ac3", "-ac 6 -c:a ac3", form="ac3"), codes=(REPAIRED,)
    ),
    "44.1 to 48 kHz": Footage(
        "ts", spliced("-ar 44100 -c:a aac", "-ar 48000 -c:a aac", form="adts"), codes=(REPAIRED,)
    ),
    "mono to stereo AAC": Footage(
        "ts", spliced("-ac 1 -c:a aac", "-ac 2 -c:a aac", form="adts"), codes=(REPAIRED,)
    ),
    "AAC that stays": Footage("ts", spliced("-ac 2 -c:a aac", "-ac 2 -c:a aac", form="adts")),
    "mono to stereo": Footage(
        "ts", spliced("-ac 1 -c:a mp2", "-ac 2 -c:a mp2", form="mp2"), codes=(REPAIRED,)
    ),
    "no change": Footage("ts", spliced("-ac 2 -c:a ac3", "-ac 2 -c:a ac3", form="ac3")),
    # channels
    "opposite phase": Footage("mp4", coded(sound=OPPOSITE.format(TONE)), codes=(REPAIRED,)),
    "left only": Footage(
        "mkv", coded("-c:a", "flac", sound=f"{BEEPS.format('|0')}:c=stereo"), codes=(REPAIRED,)
    ),
    "both sides": Footage("mp4", coded(sound=f"aevalsrc='{TONE}|0.1*({TONE})':s=48000:c=stereo")),
    # sound that does not cover the picture
    "sound late": Footage(
        "mkv",
        copied("-bsf:a", "noise=drop='lt(pts*tb,2.9)'"),
        codes=(REPAIRED,),
        heard=((3000, 8000),),
    ),
    "sound early": Footage(
        "mkv",
        without("v", "lt", 4.79),
        ((0, 3200, 4800),),
        ("sound-before-picture",),
    ),
    "sound ends early": Footage(
        "mkv",
        copied("-bsf:a", "noise=drop='gt(pts*tb,4.5)'"),
        codes=(REPAIRED,),
        heard=((0, 5000),),
    ),
    "picture ends early": Footage("mkv", without("v", "gt", 4.85), pictures=49),
    "sound with a hole": Footage(
        "mkv",
        copied("-bsf:a", "noise=drop='gt(pts*tb,2.4)*lt(pts*tb,4.6)'"),
        codes=(REPAIRED,),
        heard=((0, 2400), (4700, 8000)),
    ),
    "silent at first": Footage(
        "mp4", coded(sound=BEEPS.format("*gte(t,4)")), heard=((4000, 8000),)
    ),
    # coding of sound
    "8 kHz": Footage("mp4", coded("-c:a", "aac", "-ar", "8000"), codes=(REPAIRED,)),
    "96 kHz": Footage("mkv", coded("-c:a", "flac", "-ar", "96000")),
    "PCM in MP4": Footage("mp4", coded("-c:a", "pcm_s24be")),
    "floats in QuickTime": Footage("mov", coded("-c:a", "pcm_f64be"), codes=(REPAIRED,)),
    "mu-law in QuickTime": Footage("mov", coded("-c:a", "pcm_mulaw"), codes=(REPAIRED,)),
    "Nellymoser in Flash": Footage(
        "flv", coded("-c:a", "nellymoser", "-ar", "22050"), codes=(REPAIRED,)
    ),
    # times and containers
    "before zero": Footage(
        "ts", copied("-output_ts_offset", "-1.4", "-muxdelay", "0", "-muxpreload", "0")
    ),
    "wrapping": Footage("ts", copied("-output_ts_offset", "95440")),
    "far from zero": Footage("mkv", copied("-output_ts_offset", "100000")),
    "a tick of 0.1 s": Footage("mp4", copied("-video_track_timescale", "10")),
    "a tick of 1 us": Footage("mp4", copied("-video_track_timescale", "1000000")),
    "fragments": Footage("mp4", copied("-movflags", "frag_keyframe+empty_moov")),
    "start codes in AVI": Footage(
        "avi", copied("-an", "-bsf:v", "h264_mp4toannexb"), codes=("no-sound", ENCODED)
    ),
    "two programmes": Footage("ts", two_programs),
    "a cover first": Footage("mkv", with_cover),
}
