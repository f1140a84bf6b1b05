"""The sound of a clip: measured, levelled to -14 LUFS, encoded, measured again.

Two passes and a check. The gain is constant over the clip, so nothing pumps, and a limiter at four
times the rate takes the peaks that the gain lifts over the bound. ffmpeg's `loudnorm` does the
same where no peak is in the way, and else changes the level over time (`dynamic`); on the test
media both end at -14.0 LUFS, and this one keeps the loudness range.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from pathlib import Path

from steps.contract.errors import BrokenContract
from steps.media.cuts import seek_arguments
from steps.media.ffmpeg import BITEXACT, SAME_ON_ALL_CPUS, run
from steps.model.timing import Span
from steps.render.masking import masking, tone_amplitude
from steps.render.plan import Grid

TARGET_LUFS = -14.0
TOLERANCE_LU = 0.5
CLOSE_LU = 0.2
"""A second attempt is made when the first is further off."""

LIMIT_DBTP = -2.0
HIGHEST_DBTP = -1.0
"""AAC overshoots: a limit of -1.5 dB still passes -1 dBTP now and then."""

MOST_GAIN_DB = 30.0
SILENT_LUFS = -60.0
"""Sound below this counts as silence and is not levelled."""

SAMPLE_RATE_HZ = 48_000
PRIMING = 1024
"""Samples by which AAC delays the sound. Without an edit list no player takes them off, so the
encoder gets the sound that much earlier."""

BIT_RATE = "192k"
ATTEMPTS = 6
LEAST_SLOPE = 0.2
"""Least change of loudness assumed per dB of gain, where the limiter takes most of it away."""

ENCODED = "sound.aac"

_INTEGRATED = re.compile(r"I:\s+(-?[\d.]+|nan|-inf) LUFS")
_PEAK = re.compile(r"Peak:\s+(-?[\d.]+|nan|-inf) dBFS")
_MEASURE = "ebur128=peak=true:framelog=quiet"


@dataclass(frozen=True)
class Level:
    """EBU R 128: integrated loudness in LUFS and true peak in dBTP."""

    lufs: float
    dbtp: float

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to level."""
        return self.lufs < SILENT_LUFS


def parse_level(stderr: str) -> Level:
    """The summary that ebur128 prints at the end.

    Raises:
        BrokenContract: it is missing.
    """
    integrated, peaks = _INTEGRATED.findall(stderr), _PEAK.findall(stderr)
    if not integrated or not peaks:
        raise BrokenContract(
            "ffmpeg printed no loudness: rerun the job, and report it if this comes again"
        )
    return Level(_number(integrated[-1]), _number(peaks[-1]))


def levelling(gain_db: float, peak_dbtp: float, limit_dbtp: float = LIMIT_DBTP) -> str:
    """The filters for a gain, with a limiter where the peak would pass the limit."""
    chain = f"volume={gain_db:.2f}dB"
    if peak_dbtp + gain_db > limit_dbtp:
        chain += (
            f",aresample={4 * SAMPLE_RATE_HZ},"
            f"alimiter=limit={limit_dbtp:.2f}dB:level=false:attack=5:release=50,"
            f"aresample={SAMPLE_RATE_HZ}"
        )
    return chain


class SoundResult(Enum):
    """How levelling a clip's sound ended."""

    LEVELLED = "levelled"
    QUIET = "too quiet, or too uneven, to be brought to -14 LUFS"
    SILENT = "silent"


def encode_sound(
    cut: Path, grid: Grid, folder: Path, *, silenced: Sequence[Span] = (), tone: bool = False
) -> SoundResult:
    """Make `ENCODED` in a folder: AAC-LC, 48 kHz, stereo, levelled.

    Args:
        cut: the clip with handles.
        grid: the clip's frames.
        folder: where to work.
        silenced: times, on the source's clock, in which nothing is heard.
        tone: cover them with a tone.
    """
    samples = round(grid.duration_ms * SAMPLE_RATE_HZ / 1000)
    source = [*seek_arguments(cut.resolve(), grid.origin_ms), "-map", "0:a:0", "-vn"]
    even = _steady(samples, masking(silenced, grid.origin_ms))
    before = _measure([*source, "-af", f"{even},{_MEASURE}"])
    if before.is_silent:
        _encode([*source, "-af", f"{even},{_early(samples)}"], folder)
        return SoundResult.SILENT
    gain, last, limit, slope = _bounded(TARGET_LUFS - before.lufs), 0.0, LIMIT_DBTP, 1.0
    after = before
    if tone:
        even = _steady(samples, masking(silenced, grid.origin_ms, tone_amplitude(gain)))
    for attempt in range(ATTEMPTS):
        chain = f"{even},{levelling(gain, before.dbtp, limit)},{_early(samples)}"
        _encode([*source, "-af", chain], folder)
        reached = level_of(folder / ENCODED)
        missing = TARGET_LUFS - reached.lufs
        if abs(missing) <= CLOSE_LU and reached.dbtp <= HIGHEST_DBTP:
            return SoundResult.LEVELLED
        if attempt and gain != last:
            slope = max(LEAST_SLOPE, min(1.0, (reached.lufs - after.lufs) / (gain - last)))
        if reached.dbtp > HIGHEST_DBTP:
            limit -= reached.dbtp - LIMIT_DBTP
        last, after = gain, reached
        gain = _bounded(gain + missing / slope)
    fine = abs(TARGET_LUFS - after.lufs) <= TOLERANCE_LU and after.dbtp <= HIGHEST_DBTP
    return SoundResult.LEVELLED if fine else SoundResult.QUIET


def _bounded(gain_db: float) -> float:
    return min(gain_db, MOST_GAIN_DB)


def encode_silence(grid: Grid, folder: Path) -> None:
    """Make `ENCODED` for a source without sound: platforms want a sound track."""
    samples = round(grid.duration_ms * SAMPLE_RATE_HZ / 1000)
    seconds = Fraction(samples - PRIMING, SAMPLE_RATE_HZ)
    source = f"anullsrc=r={SAMPLE_RATE_HZ}:cl=stereo:d={float(seconds):.6f}"
    _encode(["-f", "lavfi", "-i", source], folder)


def level_of(file: Path) -> Level:
    """Measure the sound of a file, which must decode without an error."""
    strict = ["-xerror", "-err_detect", "explode"]
    return _measure([*strict, "-i", f"file:{file.resolve()}", "-map", "0:a:0", "-af", _MEASURE])


def _measure(arguments: list[str]) -> Level:
    """Run a command that ends in `ebur128`, and read its summary."""
    return parse_level(run([*SAME_ON_ALL_CPUS, "-threads", "1", *arguments, "-f", "null", "-"]))


def _steady(samples: int, masked: str = "") -> str:
    """Stereo at 48 kHz from the first sample on, holes filled, exactly so long, then masked."""
    return (
        f"aresample={SAMPLE_RATE_HZ}:async=1:first_pts=0,"
        f"aformat=sample_fmts=fltp:channel_layouts=stereo,{masked}"
        f"apad=whole_len={samples},atrim=end_sample={samples}"
    )


def _early(samples: int) -> str:
    return f"atrim=start_sample={PRIMING}:end_sample={samples},asetpts=PTS-STARTPTS"


def _encode(arguments: list[str], folder: Path) -> None:
    coding = ["-c:a", "aac", "-profile:a", "aac_low", "-b:a", BIT_RATE, "-threads", "1"]
    shape = ["-ar", str(SAMPLE_RATE_HZ), "-ac", "2", "-f", "adts"]
    run([*SAME_ON_ALL_CPUS, *arguments, *coding, *shape, *BITEXACT, f"file:{ENCODED}"], cwd=folder)


def _number(text: str) -> float:
    return -120.0 if text in ("nan", "-inf") else float(text)
