"""Speech in other languages, heard by the laptop's models."""

from __future__ import annotations

from pathlib import Path

import pytest

from steps.contract import Context
from steps.contract.errors import BadInput
from steps.media import ffmpeg
from steps.model.weights import SILERO
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.engines.faster_whisper import load
from steps.transcribe.recognition import Listening
from steps.transcribe.recording import Recording, detect_voice
from tests.eval.hearing import errors, spelled, utterances
from tests.steps.publish.receipts import META
from tests.steps.transcribe.jobs import SOUND, Job, transcribed
from tests.steps.transcribe.test_work import job

__all__ = ["job"]

MADE = {one.language: one for one in utterances() if not one.starts_ms}
LONGEST_MS = 40_000
ENOUGH_MS = 10_000
"""For a vote: one short window."""
HEARD_IN_FULL = {"de": 15, "es": 10, "it": 20}
"""The most words that may be wrong, in per cent."""


@pytest.mark.slow
@pytest.mark.parametrize(("code", "most_percent"), HEARD_IN_FULL.items())
def test_made_speech_is_heard_in_its_language(code: str, most_percent: int, job: Job) -> None:
    folder = job(["-i", str(MADE[code].path)], LONGEST_MS)
    found, context = transcribed(folder, diarizer="off", sounds="off")
    assert (found.language, found.model) == (code, "faster-whisper-base")
    assert {item.code for item in context.degradations} <= {"unsure-language"}
    heard = " ".join(word.text for word in found.words)
    assert 100 * errors(MADE[code].text, heard) <= most_percent * len(spelled(MADE[code].text))


@pytest.mark.slow
def test_a_language_that_base_hears_badly_is_reported(job: Job) -> None:
    folder = job(["-t", f"{ENOUGH_MS / 1000}", "-i", str(MADE["pt"].path)], ENOUGH_MS)
    found, context = transcribed(folder, language="pt")
    assert found.language == "pt"
    codes = {item.code for item in context.degradations}
    assert len(codes & {"weak-language", "unsure-words"}) == 1


@pytest.mark.slow
def test_every_language_is_right_or_unsure(tmp_path: Path) -> None:
    """Those that are heard in full must be right."""
    context = Context(STEP, TranscribeParams(asr_model="base"), tmp_path, tmp_path, tmp_path)
    context.engine_in_use = STEP.engines["asr"].named("faster-whisper")
    recognizer = load(context)
    for one in utterances():
        if one.language in HEARD_IN_FULL:
            continue
        start = ["-t", f"{ENOUGH_MS / 1000}", "-i", str(one.path), "-vn"]
        ffmpeg.run([*start, *SOUND, "-y", str(tmp_path / "audio.flac")])
        recording = Recording.decode(tmp_path / "audio.flac", tmp_path)
        activity = detect_voice(recording, context.weights(SILERO))
        voted = Listening(context, META, recording, activity, "").poll(recognizer)
        assert voted.language == one.language or not voted.sure, (one.path.name, voted)


@pytest.mark.slow
def test_a_source_that_states_english_and_speaks_spanish(job: Job) -> None:
    start = ["-t", f"{ENOUGH_MS / 1000}", "-i", str(MADE["es"].path)]
    folder = job(start, ENOUGH_MS, language="eng")
    found, context = transcribed(folder, diarizer="off", sounds="off")
    assert (found.language, found.model) == ("es", "faster-whisper-base")
    (changed,) = context.degradations
    assert changed.code == "stated-language"
    assert changed.message == "the source states 'en', but the speech is 'es'"


def test_a_language_that_nobody_knows(job: Job) -> None:
    folder = job(["-t", "5", "-i", str(MADE["es"].path)], 5000)
    with pytest.raises(BadInput, match=r"--language=xx: the speech model knows \d+ others"):
        transcribed(folder, language="xx")
