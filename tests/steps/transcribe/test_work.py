"""The whole step, over real speech with known word times."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean, quantiles

import numpy as np
import pytest

from steps.contract.context import Context
from steps.contract.errors import BadInput
from steps.media import ffmpeg
from steps.media.audio import samples
from steps.model import artifacts
from steps.model.source import SourceMeta
from steps.model.timing import Span, clock
from steps.model.transcript import Transcript
from steps.transcribe import STEP, TranscribeParams, work
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.engines import faster_whisper
from steps.transcribe.recording import Samples
from tests.media.truth import Truth, Word
from tests.steps.transcribe import scenes
from tests.steps.transcribe.jobs import SOUND, Job, maker, transcribed
from tests.steps.transcribe.test_same_on_every_cpu import CPUS

Film = tuple[Path, Truth]
Heard = tuple[Path, Transcript, Context[TranscribeParams]]
HALF_MS = 53_500
"""Of the sample, in a pause after 154 words."""
START_MS = 20_000
"""Of the sample, where a few sentences are enough."""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Return a function that makes the folder of a job from ffmpeg's input arguments."""
    return maker(tmp_path)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory, sample: Film) -> Heard:
    """The job of the whole sample, what the step hears in it, and the context of that."""
    path, truth = sample
    folder = maker(tmp_path_factory.mktemp("heard"))(["-i", str(path)], truth.duration_ms)
    return folder, *transcribed(folder)


def loud_music(count: int, speech: Samples) -> Samples:
    """Music 12 dB under the speech, shape [count]."""
    music = scenes.music(count)
    voiced = speech[np.abs(speech) > 0.01]
    level = np.sqrt((voiced**2).mean() / (music**2).mean()) * 10 ** (-12 / 20)
    return np.asarray(music * level, np.float32)


def write_flac(path: Path, found: Samples) -> None:
    raw = path.with_suffix(".s16")
    (np.clip(found, -1, 1) * 32767).astype("<i2").tofile(raw)
    ffmpeg.run(["-f", "s16le", "-ar", "16000", "-ac", "1", "-i", str(raw), *SOUND, str(path)])


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def matched(found: Transcript, truth: tuple[Word, ...]) -> list[tuple[int, int]]:
    """How late each word that was heard right starts and ends, in milliseconds."""
    matcher = SequenceMatcher(
        None, [plain(w.text) for w in truth], [plain(w.text) for w in found.words], autojunk=False
    )
    return [
        (
            found.words[block.b + at].in_ms - truth[block.a + at].in_ms,
            found.words[block.b + at].out_ms - truth[block.a + at].out_ms,
        )
        for block in matcher.get_matching_blocks()
        for at in range(block.size)
    ]


def first_words(truth: Truth, end_ms: int) -> tuple[Word, ...]:
    return tuple(word for word in truth.words if word.out_ms <= end_ms)


def vtt(words: tuple[Word, ...], language: str = "en", late_ms: int = 0) -> str:
    """Captions as a person would make them: one cue a sentence."""
    lines, sentence = [f"WEBVTT\nLanguage: {language}\n"], []
    for word in words:
        sentence.append(word)
        if word.text[-1] in ".?!":
            times = (clock(sentence[0].in_ms + late_ms), clock(word.out_ms + late_ms))
            lines.append(f"{times[0]} --> {times[1]}\n{' '.join(w.text for w in sentence)}\n")
            sentence = []
    return "\n".join(lines)


@pytest.mark.slow
def test_the_words_of_the_sample_have_their_times(sample: Film, heard: Heard) -> None:
    _, truth = sample
    _, found, context = heard
    assert (found.engine, found.model) == ("faster-whisper", "faster-whisper-tiny.en")
    assert found.language == "en"
    errors = matched(found, truth.words)
    assert len(errors) >= 0.92 * len(truth.words)
    assert len(found.words) <= 1.03 * len(truth.words)
    starts = quantiles((abs(start) for start, _ in errors), n=10)
    assert starts[4] <= 15
    assert starts[8] <= 50
    assert mean(abs(end) for _, end in errors) <= 40
    assert (found.aligner, found.aligned) == ("pocketsphinx", 1000)
    assert {word.speaker for word in found.words} == {"speaker_1"}
    assert {span.heard for span in found.sounds} == {"speech"}
    assert context.degradations == []
    assert {"faster-whisper-tiny.en", "silero-vad-v6"} < set(context.used)


@pytest.mark.slow
def test_what_may_be_left_out_is_left_out(sample: Film, job: Job) -> None:
    path, _ = sample
    folder = job(["-t", "6", "-i", str(path)], 6000)
    off = {"language": "en", "aligner": "whisper", "diarizer": "off", "sounds": "off"}
    found, context = transcribed(folder, **off)
    assert (found.aligner, found.aligned, found.sounds) == ("", 0, ())
    assert {word.speaker for word in found.words} == {""}
    assert set(context.engines) == {"asr", "aligner"}
    assert set(context.used) == {"faster-whisper-tiny.en", "silero-vad-v6"}


@pytest.mark.slow
def test_more_speakers_than_there_are_is_reported(sample: Film, job: Job) -> None:
    path, _ = sample
    folder = job(["-t", "6", "-i", str(path)], 6000)
    _, context = transcribed(folder, speakers="3")
    assert [item.message for item in context.degradations] == [
        "--speakers=3: only 1 voice could be told apart"
    ]


@pytest.mark.slow
def test_words_are_heard_under_music_and_music_has_none(
    sample: Film, heard: Heard, job: Job
) -> None:
    """base hears them, which music disturbs less than tiny.en."""
    original, without, _ = heard
    pause = next(one for one in sample[1].silences if one[0] > START_MS)
    length_ms = sum(pause) // 2
    folder = job([], length_ms)
    said = first_words(sample[1], length_ms)
    bed = samples(original / "audio.flac")[: length_ms * 16].astype(np.float32) / 32768
    music = loud_music(len(bed), bed)
    write_flac(folder / "audio.flac", bed + music)
    found, _ = transcribed(folder, language="en")
    assert found.model == "faster-whisper-base"
    assert len(matched(found, said)) >= len(matched(without, said)) - 0.03 * len(said)
    assert len(found.words) <= 1.03 * len(said)
    write_flac(folder / "audio.flac", music * 4)
    found, context = transcribed(folder)
    assert (found.engine, found.words) == ("none", ())
    assert [item.code for item in context.degradations] == ["no-speech"]
    assert any(span.heard == "music" for span in found.sounds)


@pytest.mark.slow
@pytest.mark.usefixtures("heard_anew")
def test_the_same_bytes_with_any_number_of_threads(
    sample: Film, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = sample
    folder = job(["-t", "6", "-i", str(path)], 6000)
    found = []
    others = {"aligner": "whisper", "diarizer": "off", "sounds": "off"}  # they use one thread
    for threads in (1, 2, 2, 3):
        monkeypatch.setattr(faster_whisper, "usable_cores", lambda _most, count=threads: count)
        found.append(transcribed(folder, **others)[0].canonical_bytes())
    assert len(set(found)) == 1


@pytest.mark.slow
def test_the_words_have_the_same_bytes_on_every_cpu(sample: Film, job: Job) -> None:
    path, _ = sample
    folder = job(["-t", "8", "-i", str(path)], 8000)
    step = [sys.executable, "-m", "steps", "transcribe", "--in", str(folder), "--out"]
    found = set()
    for number, cpu in enumerate(CPUS):
        out = folder / f"cpu-{number}"
        subprocess.run([*step, str(out)], env={**os.environ, **cpu}, check=True)
        found.add((out / artifacts.TRANSCRIPT.path).read_bytes())
    assert len(found) == 1


@pytest.mark.slow
def test_good_captions_are_used(sample: Film, job: Job) -> None:
    path, whole = sample
    truth = first_words(whole, HALF_MS)
    folder = job(["-t", f"{HALF_MS / 1000}", "-i", str(path)], HALF_MS, captions=vtt(truth))
    found, context = transcribed(folder)
    assert (found.engine, found.language) == ("captions", "en")
    assert [word.text for word in found.words] == [word.text for word in truth]
    errors = matched(found, truth)
    starts = quantiles((abs(start) for start, _ in errors), n=10)
    assert starts[4] <= 15
    assert starts[8] <= 50
    assert not any(word.interpolated for word in found.words)
    assert context.degradations == []
    assert "faster-whisper-tiny.en" not in context.used


@pytest.mark.slow
@pytest.mark.parametrize(
    ("late_ms", "params", "codes"),
    [(2500, {}, ["captions-to-asr"]), (0, {"subtitles": "ignore"}, [])],
    ids=["out of step", "not wanted"],
)
def test_other_captions_are_not(
    sample: Film,
    heard: Heard,
    job: Job,
    late_ms: int,
    params: dict[str, str],
    codes: list[str],
) -> None:
    truth, (original, without, _) = sample[1], heard
    folder = job([], truth.duration_ms, captions=vtt(truth.words, late_ms=late_ms))
    shutil.copy(original / "audio.flac", folder)
    found, context = transcribed(folder, diarizer="off", sounds="off", **params)
    assert found.engine == "faster-whisper"
    assert [word.text for word in found.words] == [word.text for word in without.words]
    assert [item.code for item in context.degradations] == codes


@pytest.mark.slow
def test_good_captions_in_another_language(sample: Film, job: Job) -> None:
    path, truth = sample
    captions = vtt(first_words(truth, START_MS), "de")
    folder = job(["-t", "20", "-i", str(path)], START_MS, captions=captions)
    found, context = transcribed(folder, language="de")
    assert (found.language, found.aligner, found.aligned) == ("de", "", 0)
    assert context.degradations == []
    named = transcribed(folder, language="de", aligner="pocketsphinx")[1]
    assert [item.code for item in named.degradations] == ["aligner-language"]
    with pytest.raises(BadInput, match=r"in 'de', not in 'fr'"):
        transcribed(folder, language="fr", asr_model="tiny.en")


def test_a_language_that_the_model_does_not_know(sample: Film, job: Job) -> None:
    path, _ = sample
    folder = job(["-t", "6", "-i", str(path)], 6000, language="deu")
    with pytest.raises(BadInput, match=r"--language=fr: .*knows English only.*--asr-model=base"):
        transcribed(folder, language="fr", asr_model="tiny.en")
    assert transcribed(folder, asr_model="tiny.en")[0].language == "en"


@pytest.mark.parametrize(
    "source",
    [
        [],
        ["-f", "lavfi", "-t", "5", "-i", "anullsrc=r=16000:cl=mono"],
        ["-f", "lavfi", "-t", "5", "-i", "anoisesrc=r=16000:a=0.3:seed=1"],
        ["-f", "lavfi", "-t", "5", "-i", "sine=f=220:r=16000"],
    ],
    ids=["no sound", "silence", "noise", "a tone"],
)
def test_no_speech(job: Job, source: list[str]) -> None:
    found, context = transcribed(job(source, 5000))
    assert (found.engine, found.words) == ("none", ())
    assert [item.code for item in context.degradations] == ["no-speech"]


def test_a_huge_file_of_captions_is_not_read(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MAX_CAPTION_BYTES", 1 << 20)
    folder = job([], 5000, captions="WEBVTT\n" + "x" * (1 << 20))
    context = Context(STEP, TranscribeParams(), folder, folder, folder)
    activity = VoiceActivity((Span(in_ms=0, out_ms=5000),), 5000)
    meta = SourceMeta.from_file(folder / artifacts.SOURCE_META.path)
    found, why = work.from_captions(context, meta, activity)
    assert found is None
    assert why == "the captions are not used: their file is over 1 MiB"
    assert [item.code for item in context.degradations] == ["captions-to-asr"]
