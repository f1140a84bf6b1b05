"""Two people, each in a channel."""

from pathlib import Path

import numpy as np
import pytest

from steps.download.sides import STEP_SAMPLES, apart, loudness
from steps.media import ffmpeg
from steps.model.channels import FLOOR_DB, STEP_MS, Channels
from steps.model.transcript import Word
from steps.transcribe.speakers import by_channel
from tests.steps.download.running import download, receipt_of

TURNS = "lt(mod(t\\,2)\\,1)"
VOICES = {
    "apart": f"0.3*sin(1300*t)*(0.05+0.95*{TURNS})|0.3*sin(1700*t)*(1-0.95*{TURNS})",
    "alike": "0.3*sin(1300*t)|0.3*sin(1300*t)",
    "one": "0.3*sin(1300*t)",
}


def film(folder: Path, voices: str) -> Path:
    path = folder / "film.mkv"
    picture = "testsrc2=s=320x180:r=25:d=4"
    sound = f"aevalsrc={VOICES[voices]}:d=4:s=48000"
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac"]
    ffmpeg.run(["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *coded, str(path)])
    return path


def test_channels_with_a_voice_each_are_measured(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert download(film(tmp_path, "apart"), out, "--channels=split") == 0
    found = Channels.from_file(out / "channels.json")
    assert abs(len(found.left) - 4000 // STEP_MS) <= 1
    assert (found.left[5] > found.right[5], found.left[15] > found.right[15]) == (True, False)
    assert receipt_of(out).degradations == ()
    assert download(film(tmp_path, "apart"), tmp_path / "mixed") == 0
    assert not (tmp_path / "mixed/channels.json").exists()


@pytest.mark.parametrize(("voices", "reason"), [("alike", "the same voices"), ("one", "not 2")])
def test_channels_that_are_alike_are_reported(voices: str, reason: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert download(film(tmp_path, voices), out, "--channels=split") == 0
    assert not (out / "channels.json").exists()
    (fallback,) = receipt_of(out).degradations
    assert fallback.code == "channels-alike"
    assert reason in fallback.message


def test_loudness_is_in_decibels_over_the_floor(tmp_path: Path) -> None:
    stereo = np.zeros((3 * STEP_SAMPLES + 7, 2), "<i2")
    stereo[: 2 * STEP_SAMPLES, 0] = 32767
    stereo[STEP_SAMPLES : 2 * STEP_SAMPLES, 1] = 3277
    stereo.tofile(tmp_path / "raw")
    left, right = loudness(tmp_path / "raw")
    assert left.tolist() == [FLOOR_DB, FLOOR_DB, 0, 0]
    assert right.tolist() == [0, FLOOR_DB - 20, 0, 0]
    silence = np.zeros(10, np.int64)
    assert not apart(silence, silence)


def test_a_word_belongs_to_the_louder_channel() -> None:
    words = [Word(text=str(at), in_ms=at * 1000, out_ms=at * 1000 + 300) for at in (0, 1, 2, 3, 9)]
    left, right = [80] * 10 + [50] * 10 + [80] * 20, [50] * 10 + [80] * 10 + [50] * 10 + [80] * 10
    found = by_channel(words, Channels(left=tuple(left), right=tuple(right)))
    said = [word.speaker for word in found]
    assert said == ["speaker_1", "speaker_2", "speaker_1", "speaker_1", "speaker_1"]
