"""Of several sound tracks, the one that is asked for, else the film's own."""

from pathlib import Path

import pytest

from steps.contract.errors import BadInput
from steps.media import ffmpeg
from tests.media.clocks import clock
from tests.media.truth import Truth
from tests.steps.download.running import download, receipt_of, tones

FIRST, SECOND = 0, 5
"""The tones at the start of the two tracks."""
TITLES = ("-metadata:s:a:0", "title=Room", "-metadata:s:a:1", "title=Phone")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clock(tmp_path_factory.mktemp("tracks") / "whole.mp4")


def two_tracks(whole: Path, path: Path, *options: str) -> Path:
    """The film with its own sound, and with that of five seconds later."""
    inputs = ["-i", str(whole), "-ss", "5", "-i", str(whole), "-t", "3"]
    maps = ["-map", "0:v", "-map", "0:a", "-map", "1:a", "-c:v", "copy", "-c:a", "aac"]
    ffmpeg.run([*inputs, *maps, *options, str(path)])
    return path


def named(first: str, second: str, what: str = "language") -> list[str]:
    return ["-metadata:s:a:0", f"{what}={first}", "-metadata:s:a:1", f"{what}={second}"]


DEFAULT = ("-disposition:a:0", "default", "-disposition:a:1", "0")
COMMENTARY = ("-disposition:a:0", "default+comment", "-disposition:a:1", "0")
CASES = {
    "other titles": ([*TITLES], [], FIRST),
    "two of two channels": (["-ac", "2"], [], FIRST),
    "the asked language": ([*named("ger", "eng"), *DEFAULT], ["--language=en"], SECOND),
    "no asked language": ([*named("ger", "eng"), *DEFAULT], [], FIRST),
    "another language": ([*named("ger", "eng"), *DEFAULT], ["--language=fr"], FIRST),
    "a flagged commentary": ([*COMMENTARY], [], SECOND),
    "a titled commentary": (
        [*named("Commentary", "Main", "title"), *DEFAULT],
        [],
        SECOND,
    ),
    "a description": ([*named("Audio Description", "", "title"), *DEFAULT], [], SECOND),
    "a flagged dub": (
        ["-disposition:a:0", "default+original", "-disposition:a:1", "dub"],
        [],
        FIRST,
    ),
    "a talk about comments": ([*named("Comments and questions", "Aside", "title")], [], FIRST),
    "a microphone that was off": (["-filter:a:0", "volume=0"], [], SECOND),
    "by number": ([], ["--audio-track=2"], SECOND),
    "by language": (named("ger", "eng"), ["--audio-track=en", "--language=de"], SECOND),
}


@pytest.mark.parametrize("case", CASES)
def test_the_track_that_is_heard(case: str, whole: Path, tmp_path: Path) -> None:
    tags, options, tone = CASES[case]
    film = two_tracks(whole, tmp_path / "film.mkv", *tags)
    assert download(film, tmp_path / "out", *options) == 0
    assert tones(tmp_path / "out")[0][1] == tone
    reported = [item.message for item in receipt_of(tmp_path / "out").degradations]
    asked = any("--audio-track" in option for option in options)
    assert [f"took the sound track {2 if tone else 1}" in one for one in reported] == (
        [] if asked else [True]
    )


@pytest.mark.parametrize(
    ("suffix", "titles"),
    [("mkv", []), ("mov", []), ("mkv", named("Anna", "Ben", "title"))],
    ids=["mkv", "mov", "named"],
)
def test_microphones_with_a_track_each_are_mixed(
    suffix: str, titles: list[str], whole: Path, tmp_path: Path
) -> None:
    """One speaks in the seconds in which the other is silent, and begins half a second late."""
    film, out = tmp_path / f"film.{suffix}", tmp_path / "out"
    inputs = ["-i", str(whole), "-itsoffset", "0.5", "-ss", "0.5", "-i", str(whole)]
    speaks = "volume='lt(mod(t+{},2),1)':eval=frame"
    maps = ["-map", "0:v", "-map", "0:a", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-t", "6"]
    filters = ["-filter:a:0", speaks.format(0), "-filter:a:1", speaks.format(1)]
    ffmpeg.run([*inputs, *maps, *filters, *titles, str(film)])
    assert download(film, out) == 0
    heard = tones(out)
    assert [tone for _, tone in heard] == [0, 1, 2, 3, 4, 5]
    assert [at for at, _ in heard] == pytest.approx([1000 * one for one in range(6)], abs=40)
    said = {item.code: item.message for item in receipt_of(out).degradations}
    assert "mixed the sound tracks 1 (no language, 1 channel" in said["sound-track"]
    assert said["sound-repaired"].endswith("it is mixed from a track for each microphone")


def test_a_dub_that_comes_late_and_loud_is_no_second_person(
    sample: tuple[Path, Truth], tmp_path: Path
) -> None:
    film, out = tmp_path / "film.mkv", tmp_path / "out"
    maps = ["-map", "0:v", "-map", "0:a", "-map", "1:a", "-ac", "1"]
    inputs = ["-i", str(sample[0]), "-itsoffset", "2.5", "-i", str(sample[0]), "-t", "30"]
    louder = ["-c:v", "copy", "-filter:a:1", "volume=8dB,aresample=async=1:first_pts=0"]
    ffmpeg.run([*inputs, *maps, *louder, *named("Original", "Polski", "title"), str(film)])
    assert download(film, out) == 0
    (reported,) = [one for one in receipt_of(out).degradations if one.code == "sound-track"]
    assert reported.message.startswith("took the sound track 1 (")


def test_a_track_that_begins_a_minute_late_is_no_second_microphone(
    whole: Path, tmp_path: Path
) -> None:
    """To mix it, ffmpeg would hold all that silence in memory."""
    film, out = tmp_path / "film.mkv", tmp_path / "out"
    inputs = ["-i", str(whole), "-itsoffset", "61", "-i", str(whole)]
    ffmpeg.run([*inputs, "-map", "0:v", "-map", "0:a", "-map", "1:a", "-c", "copy", str(film)])
    assert download(film, out) == 0
    (reported,) = [one for one in receipt_of(out).degradations if one.code == "sound-track"]
    assert reported.message.startswith("took the sound track 1 (")


@pytest.mark.parametrize("asked", ["3", "fr"])
def test_a_track_that_is_not_there(asked: str, whole: Path, tmp_path: Path) -> None:
    film = two_tracks(whole, tmp_path / "film.mkv", *named("ger", "eng"))
    assert download(film, tmp_path / "out", f"--audio-track={asked}") == BadInput.exit_code
    failure = receipt_of(tmp_path / "out").failure
    assert failure is not None
    assert f"--audio-track {asked}: " in failure.message
    assert "1 (de, 1 channel, aac 48 kHz), 2 (en, 1 channel, aac 48 kHz)" in failure.message
