"""From the words as they were heard to the transcript."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from steps.contract import Context
from steps.model.geometry import Size
from steps.model.source import SourceMeta, Video
from steps.model.transcript import SoundSpan, Transcript
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.finishing import Heard, finish
from steps.transcribe.word_times import RawWord
from tests.steps.transcribe import scenes

WORDS = (RawWord("la", 100, 300), RawWord("la.", 400, 600))
VIDEO = Video(
    codec="h264", size=Size(width_px=64, height_px=64), rate=30, variable_rate=False, rotation_deg=0
)
META = SourceMeta(
    name="source",
    title="Source",
    site="file",
    duration_ms=1000,
    video=VIDEO,
    audio=None,
    language="",
    source_sha256="0" * 64,
)


def finished(heard: Heard, folder: Path, *sounds: SoundSpan, aligner: str = "auto") -> Transcript:
    params = TranscribeParams(aligner=aligner, diarizer="off", sounds="off")
    context = Context(STEP, params, folder, folder, folder)
    recording = scenes.recorded(np.zeros(16_000, np.float32), folder)
    return finish(context, META, recording, VoiceActivity((), 1000), heard, sounds)


@pytest.mark.parametrize(("engine", "kept"), [("faster-whisper", 0), ("captions", 2)])
def test_words_over_music_are_dropped_unless_a_person_wrote_them(
    engine: str, kept: int, tmp_path: Path
) -> None:
    music = SoundSpan(in_ms=0, out_ms=1000, heard="music")
    found = finished(Heard(engine, "de", WORDS), tmp_path, music)
    assert len(found.words) == kept
    assert [item.guard for item in found.dropped] == ["music"] * (2 - kept)
    assert found.sounds == (music,)


def test_words_that_the_recogniser_aligned_stay_where_they_are(tmp_path: Path) -> None:
    aligned = [replace(WORDS[0], aligned=True), WORDS[1]]
    found = finished(Heard("whisperx", "en", aligned), tmp_path)
    assert (found.aligner, found.aligned) == ("whisperx", 500)
    assert [word.in_ms for word in found.words] == [100, 400]
