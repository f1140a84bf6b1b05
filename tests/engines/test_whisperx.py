"""WhisperX hears the sample with a packaged Whisper, in the environment `whisperx`.

Its aligner has random weights: the path is tested, not the times that it finds.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from steps.contract import Context, Unusable, Weights
from steps.contract.references import load
from steps.media import ffmpeg
from steps.model import artifacts
from steps.model.timing import Span
from steps.model.transcript import Transcript
from steps.model.weights import MODELS
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.engines import WHISPERX
from steps.transcribe.recording import Recording
from steps.transcribe.windows import Window
from steps.transcribe.work import run
from tests.eval.hearing import errors, spelled, utterances
from tests.media.fixtures import Film
from tests.steps.transcribe.jobs import SOUND, Job
from tests.steps.transcribe.test_work import job

__all__ = ["job"]

pytestmark = [
    pytest.mark.engines(environment="whisperx"),
    pytest.mark.filterwarnings("ignore"),  # torch, pyannote and transformers warn on import
]

SECONDS = 12
LETTERS = ["<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghijklmnopqrstuvwxyz'"]


@pytest.fixture(scope="module")
def aligner(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    """A small wav2vec2 of random weights, as the hub has them."""
    from transformers import (
        Wav2Vec2Config,
        Wav2Vec2CTCTokenizer,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2ForCTC,
        Wav2Vec2Processor,
    )

    folder = tmp_path_factory.mktemp("wav2vec2")
    vocabulary = folder / "vocab.json"
    vocabulary.write_text(json.dumps({letter: at for at, letter in enumerate(LETTERS)}))
    tokenizer = Wav2Vec2CTCTokenizer(str(vocabulary), do_lower_case=True)
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), tokenizer).save_pretrained(folder)
    config = Wav2Vec2Config(
        vocab_size=len(LETTERS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=0,
    )
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    return Weights(name="wav2vec2-en", place=folder)


def transcribed(folder: Path, **params: str) -> tuple[Transcript, Context[TranscribeParams]]:
    """Run the work in a new folder."""
    staging, scratch = folder / "out", folder / "scratch"
    staging.mkdir()
    scratch.mkdir()
    common = {"asr": "whisperx", "diarizer": "off", "sounds": "off", "aligner": "whisper"}
    context = Context(STEP, TranscribeParams.parse({**common, **params}), folder, staging, scratch)
    run(context)
    return Transcript.from_file(staging / artifacts.TRANSCRIPT.path), context


def said(film: Film) -> str:
    words = film[1].words
    return " ".join(word.text for word in words if word.out_ms <= SECONDS * 1000)


@pytest.mark.parametrize("aligned", [True, False])
def test_words_and_their_alignment(
    aligned: bool, sample: Film, job: Job, aligner: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = {name: one for name, one in MODELS.items() if name != "wav2vec2-en"}
    own = {"wav2vec2-en": aligner} if aligned else {}
    monkeypatch.setattr("steps.transcribe.engines.whisper_models.MODELS", {**models, **own})
    folder = job(["-t", str(SECONDS), "-i", str(sample[0])], SECONDS * 1000)
    found, context = transcribed(folder, asr_model="tiny.en", language="en")
    assert (found.engine, found.model) == ("whisperx", "faster-whisper-tiny.en")
    heard = " ".join(word.text for word in found.words)
    assert errors(said(sample), heard) <= 0.2 * len(spelled(said(sample)))
    codes = [item.code for item in context.degradations]
    assert codes == ([] if aligned else ["no-aligner"])
    assert all(word.interpolated for word in found.words) is not aligned
    assert ("wav2vec2-en" in context.used) is aligned


def test_a_language_is_detected(tmp_path: Path) -> None:
    (spanish,) = [one for one in utterances() if one.language == "es"]
    ffmpeg.run(["-i", str(spanish.path), *SOUND, str(tmp_path / "audio.flac")])
    context = Context(
        STEP, TranscribeParams(asr="whisperx", asr_model="base"), tmp_path, tmp_path, tmp_path
    )
    context.engine_in_use = WHISPERX
    recording = Recording.decode(tmp_path / "audio.flac", tmp_path)
    recognizer = load(WHISPERX.load)(context)
    (found,) = recognizer.detect(recording, [Window((Span(in_ms=0, out_ms=25_000),))])
    assert max(found, key=lambda code: found[code]) == "es"
    assert {"de", "en", "es", "fr", "ja"} < recognizer.languages


def test_without_a_gpu_auto_takes_the_next_engine(tmp_path: Path) -> None:
    params = TranscribeParams(asr_model="tiny.en", language="en")
    context = Context(STEP, params, tmp_path, tmp_path, tmp_path)
    context.engine_in_use = WHISPERX
    with pytest.raises(Unusable, match="it finds no GPU"):
        load(WHISPERX.load)(context)
