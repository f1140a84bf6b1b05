"""The sound reaches -14 LUFS without a peak above -1 dBTP, whatever it was."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from steps.contract.errors import BrokenContract
from steps.media import ffmpeg
from steps.model.timing import Span
from steps.render.plan import Grid, clip_grid
from steps.render.sound import (
    ENCODED,
    HIGHEST_DBTP,
    TARGET_LUFS,
    TOLERANCE_LU,
    Level,
    SoundResult,
    encode_silence,
    encode_sound,
    level_of,
    levelling,
    parse_level,
)

SUMMARY = """
[Parsed_ebur128_0 @ 0x55] Summary:

  Integrated loudness:
    I:         -23.4 LUFS
    Threshold: -33.9 LUFS

  Loudness range:
    LRA:         5.1 LU

  True peak:
    Peak:       {peak} dBFS
"""


@pytest.mark.parametrize(("peak", "dbtp"), [("-3.2", -3.2), ("0.4", 0.4), ("-inf", -120.0)])
def test_parse_level(peak: str, dbtp: float) -> None:
    assert parse_level(SUMMARY.format(peak=peak)) == Level(-23.4, dbtp)


def test_no_measure_is_no_level() -> None:
    with pytest.raises(BrokenContract):
        parse_level("frame= 1")


def test_a_limiter_only_where_a_peak_would_pass() -> None:
    assert levelling(4.0, -6.5) == "volume=4.00dB"
    assert "alimiter=limit=-2.00dB" in levelling(5.0, -6.5)


def grid_of(seconds: float) -> Grid:
    return clip_grid(Span(in_ms=0, out_ms=round(seconds * 1000)), Fraction(25), 0)


def sounding(folder: Path, source: str, *, channels: str = "mono", rate: int = 44_100) -> Path:
    path = folder / "cut.mkv"
    shape = f"aformat=sample_rates={rate}:channel_layouts={channels}"
    options = ["-f", "lavfi", "-i", source, "-af", shape, "-c:a", "flac"]
    ffmpeg.run([*options, str(path)])
    return path


SPEECH_LIKE = "anoisesrc=d=5:c=pink:a={level}:seed=7,tremolo=f=3:d=0.9"
PEAKY = "aevalsrc='0.9*lt(mod(t,0.7),0.01)*sin(2*PI*900*t)+0.02*sin(2*PI*300*t)':d=5"
SOUNDS = [
    pytest.param(SPEECH_LIKE.format(level=1), "mono", 44_100, id="loud"),
    pytest.param(SPEECH_LIKE.format(level=0.1), "stereo", 48_000, id="quiet"),
    pytest.param(PEAKY, "mono", 16_000, id="peaky"),
    pytest.param("sine=440:d=5,volume=-3dB", "5.1", 48_000, id="surround"),
]


@pytest.mark.parametrize(("source", "channels", "rate"), SOUNDS)
def test_levels(source: str, channels: str, rate: int, tmp_path: Path) -> None:
    cut = sounding(tmp_path, source, channels=channels, rate=rate)
    assert encode_sound(cut, grid_of(4), tmp_path) is SoundResult.LEVELLED
    level = level_of(tmp_path / ENCODED)
    assert abs(level.lufs - TARGET_LUFS) <= TOLERANCE_LU
    assert level.dbtp <= HIGHEST_DBTP


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("anullsrc=d=4", SoundResult.SILENT),
        ("anoisesrc=d=4:a=0.005:seed=1", SoundResult.QUIET),
    ],
)
def test_what_cannot_be_levelled_is_said(source: str, answer: SoundResult, tmp_path: Path) -> None:
    assert encode_sound(sounding(tmp_path, source), grid_of(3), tmp_path) is answer
    assert (tmp_path / ENCODED).stat().st_size > 0


def test_silence_is_made_where_there_is_none(tmp_path: Path) -> None:
    encode_silence(grid_of(2), tmp_path)
    assert level_of(tmp_path / ENCODED).is_silent


@pytest.mark.parametrize("tone", [False, True])
def test_what_is_masked_is_not_heard(tone: bool, tmp_path: Path) -> None:
    cut = sounding(tmp_path, "sine=300:d=6,volume=-12dB", channels="stereo", rate=48_000)
    silenced = [Span(in_ms=2000, out_ms=2500)]
    found = encode_sound(cut, grid_of(5), tmp_path, silenced=silenced, tone=tone)
    assert found is SoundResult.LEVELLED
    inside = _volume(tmp_path, "atrim=2.03:2.45")
    assert (-27 < inside < -21) if tone else inside < -60
    assert _volume(tmp_path, "atrim=1.5:1.95") > -20
    assert _volume(tmp_path, "atrim=2.55:3") > -20
    low = _volume(tmp_path, "atrim=2.05:2.4,lowpass=f=450:p=2,lowpass=f=450:p=2")
    assert low < -33, "the word is heard under the tone"


def _volume(folder: Path, filters: str) -> float:
    """Mean volume of a part of the encoded sound, in dB."""
    heard = ["-i", ENCODED, "-af", f"{filters},volumedetect", "-f", "null", "-"]
    stderr = ffmpeg.run(heard, cwd=folder)
    return float(re.findall(r"mean_volume: (-?[\d.]+) dB", stderr)[-1])
