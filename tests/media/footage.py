"""Films as phones, broadcasts and editors leave them, and what is right for each: one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.media.clocks import BEEPS, LENGTH_MS, RATE
from tests.media.joined import joined
from tests.media.spoiled import (
    Maker,
    coded,
    copied,
    edited,
    in_a_row,
    spliced,
    two_programs,
    with_cover,
    without,
)


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
    """

    suffix: str
    make: Maker
    shown: tuple[tuple[int, int, int], ...] = ((0, LENGTH_MS, 0),)
    codes: tuple[str, ...] = ()
    heard: tuple[tuple[int, int], ...] = ()
    pictures: int = 80

    def beeps(self) -> Iterator[tuple[int, int]]:
        """When each tone begins, in ms, and the second of the plain film that it tells."""
        for start, end, origin in self.shown:
            for second in range(LENGTH_MS // 1000):
                at = second * 1000 - origin + start
                audible = self.heard or ((0, LENGTH_MS),)
                if start <= at < end and any(first <= at < last for first, last in audible):
                    yield at, second

    def picture(self, time_ms: float) -> int:
        """The number of the picture on screen at a moment; the first one before the start."""
        start, _, origin = next(
            (part for part in self.shown[::-1] if part[0] <= time_ms), self.shown[0]
        )
        return min(int(max(0, time_ms - start) + origin) * RATE // 1000, self.pictures - 1)


ENCODED, REPAIRED = "picture-encoded", "sound-repaired"
OPPOSITE = "aevalsrc='{0}|-1*({0})':sample_rate=48000:channel_layout=stereo"
AROUND = "aevalsrc='{}':sample_rate=48000:channel_layout=5.1"
TONE = BEEPS.format("").split("'")[1]

KINDS: dict[str, dict[str, Footage]] = {
    "edit lists": {
        "middle hidden": Footage(
            "mp4",
            edited((0, 3), (5, 3)),
            ((0, 3000, 0), (3000, 6000, 5000)),
            (ENCODED, REPAIRED),
        ),
        "middle hidden, early pictures": Footage(
            "mp4",
            edited((0, 3), (5, 3), coding=("-movflags", "negative_cts_offsets", "-c:a", "aac")),
            ((0, 3000, 0), (3000, 6000, 5000)),
            (ENCODED, REPAIRED),
        ),
        "between two pictures": Footage(
            "mp4",
            edited((0, 2.5), (5.23, 2.7)),
            ((0, 2500, 0), (2500, 5200, 5230)),
            (ENCODED, REPAIRED),
        ),
        "going back": Footage(
            "mp4",
            edited((3.1, 2), (6.3, 1), (0.7, 2)),
            ((0, 2000, 3100), (2000, 3000, 6300), (3000, 5000, 700)),
            (ENCODED, REPAIRED),
        ),
        "shown again": Footage(
            "mp4",
            edited((0, 3), (0, 3)),
            ((0, 3000, 0), (3000, 6000, 0)),
            (ENCODED, REPAIRED),
        ),
        "start hidden, in fragments": Footage(
            "mp4",
            copied("-movflags", "frag_keyframe+delay_moov", before=["-ss", "3.4"]),
            ((0, 4600, 3400),),
            (ENCODED, REPAIRED),
        ),
        "a delay, in fragments": Footage("mp4", copied("-movflags", "frag_keyframe+delay_moov")),
        "plain": Footage("mp4", copied()),
        "start hidden": Footage(
            "mp4", copied(before=["-ss", "3.4"]), ((0, 4600, 3400),), (ENCODED, REPAIRED)
        ),
        "end hidden": Footage("mp4", edited((0, 5)), ((0, 5000, 0),)),
        "end of the picture hidden": Footage(
            "mp4", edited((0, 5), sound=(0, 8)), codes=(ENCODED, REPAIRED), pictures=50
        ),
        "nothing hidden": Footage("mp4", edited((0, 8))),
    },
    "sound that changes": {
        "5.1 to stereo, ts": Footage(
            "ts", spliced("-ac 6 -c:a ac3", "-ac 2 -c:a ac3", form="ac3"), codes=(REPAIRED,)
        ),
        "stereo to 5.1, mkv": Footage(
            "mkv", spliced("-ac 2 -c:a ac3", "-ac 6 -c:a ac3", form="ac3"), codes=(REPAIRED,)
        ),
        "44.1 to 48 kHz": Footage(
            "ts",
            spliced("-ar 44100 -c:a aac", "-ar 48000 -c:a aac", form="adts"),
            codes=(REPAIRED,),
        ),
        "mono to stereo AAC": Footage(
            "ts", spliced("-ac 1 -c:a aac", "-ac 2 -c:a aac", form="adts"), codes=(REPAIRED,)
        ),
        "AAC that stays": Footage("ts", spliced("-ac 2 -c:a aac", "-ac 2 -c:a aac", form="adts")),
        "mono to stereo": Footage(
            "ts", spliced("-ac 1 -c:a mp2", "-ac 2 -c:a mp2", form="mp2"), codes=(REPAIRED,)
        ),
        "no change": Footage("ts", spliced("-ac 2 -c:a ac3", "-ac 2 -c:a ac3", form="ac3")),
    },
    "channels": {
        "opposite phase": Footage("mp4", coded(sound=OPPOSITE.format(TONE)), codes=(REPAIRED,)),
        "opposite phase after the middle": Footage(
            "mp4",
            coded(sound=OPPOSITE.format(TONE).replace("-1*", "(1-2*gte(t,4))*")),
            codes=(REPAIRED,),
        ),
        "left only": Footage(
            "mkv", coded("-c:a", "flac", sound=f"{BEEPS.format('|0')}:c=stereo"), codes=(REPAIRED,)
        ),
        "opposite phase in 5.1": Footage(
            "mkv",
            coded("-c:a", "ac3", sound=AROUND.format(f"{TONE}|-1*({TONE})|0|0|0|0")),
            codes=(REPAIRED,),
        ),
        "centre against the fronts in 5.1": Footage(
            "mkv",
            coded("-c:a", "ac3", sound=AROUND.format(f"0.7*{TONE}|0.7*{TONE}|-1*({TONE})|0|0|0")),
            codes=(REPAIRED,),
        ),
        "fronts against the centre in 5.1": Footage(
            "mkv",
            coded("-c:a", "ac3", sound=AROUND.format(f"2*{TONE}|2*{TONE}|-1*({TONE})|0|0|0")),
            codes=(REPAIRED,),
        ),
        "speech in the centre": Footage(
            "mkv", coded("-c:a", "ac3", sound=AROUND.format(f"0|0|{TONE}|0|0|0"))
        ),
        "both sides": Footage(
            "mp4", coded(sound=f"aevalsrc='{TONE}|0.1*({TONE})':s=48000:c=stereo")
        ),
    },
    "sound that does not cover the picture": {
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
    },
    "coding of sound": {
        "8 kHz": Footage("mp4", coded("-c:a", "aac", "-ar", "8000"), codes=(REPAIRED,)),
        "96 kHz": Footage("mkv", coded("-c:a", "flac", "-ar", "96000")),
        "PCM in MP4": Footage("mp4", coded("-c:a", "pcm_s24be")),
        "floats in QuickTime": Footage("mov", coded("-c:a", "pcm_f64be"), codes=(REPAIRED,)),
        "mu-law in QuickTime": Footage("mov", coded("-c:a", "pcm_mulaw"), codes=(REPAIRED,)),
        "Nellymoser in Flash": Footage(
            "flv", coded("-c:a", "nellymoser", "-ar", "22050"), codes=(REPAIRED,)
        ),
    },
    "times and containers": {
        "before zero": Footage(
            "ts", copied("-output_ts_offset", "-1.4", "-muxdelay", "0", "-muxpreload", "0")
        ),
        "wrapping": Footage("ts", copied("-output_ts_offset", "95440")),
        "far from zero": Footage("mkv", copied("-output_ts_offset", "100000")),
        "a tick of 0.1 s": Footage("mp4", copied("-video_track_timescale", "10")),
        "a tick of 1 us": Footage("mp4", copied("-video_track_timescale", "1000000")),
        "two descriptions": Footage("mp4", joined, codes=(ENCODED,)),
        "fragments": Footage("mp4", copied("-movflags", "frag_keyframe+empty_moov")),
        "start codes in AVI": Footage(
            "avi", copied("-an", "-bsf:v", "h264_mp4toannexb"), codes=("no-sound", ENCODED)
        ),
        "two programmes": Footage("ts", two_programs),
        "recordings in a row": Footage("ts", in_a_row(0, 0), ((0, 4000, 0), (4000, 8000, 0))),
        "a recording hours later": Footage(
            "ts", in_a_row(5, 9000), ((0, 4000, 0), (4000, 8000, 0))
        ),
        "three recordings": Footage(
            "ts",
            in_a_row(60, 0, 99),
            ((0, 4000, 0), (4000, 8000, 0), (8000, 12000, 0)),
            heard=((0, 12000),),
        ),
        "a cover first": Footage("mkv", with_cover),
    },
}
"""By what is unusual about them."""

REFUSED: dict[str, tuple[str, Maker, str]] = {
    "slow motion by an edit list": ("mov", edited((0, 8), rate=0.25), "at 0.25 times their speed"),
    "an edit list that goes back too often": (
        "mp4",
        edited(*[(1, 0.5)] * 9),
        "an edit list that goes back too often",
    ),
    "times before 0 in Matroska": (
        "mkv",
        copied("-avoid_negative_ts", "disabled", "-output_ts_offset", "-1.5"),
        "cannot state any before 0",
    ),
    "H.264 out of order in MXF": (
        "mxf",
        copied("-r", "25", "-c:v", "libx264", "-bf", "2", "-c:a", "pcm_s16le"),
        "does not state when its pictures are shown",
    ),
    "H.264 in a program stream": (
        "mpg",
        copied("-c:a", "mp2", "-f", "vob"),
        "does not state the codec of its pictures",
    ),
}
"""Suffix, maker and words of the message of films that no clip can be made of."""

FOOTAGE = {name: film for films in KINDS.values() for name, film in films.items()}
