"""Which Whisper model hears a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from steps.contract import Weights
from steps.contract.errors import BadInput
from steps.model.weights import BASE, MODELS, TINY_EN
from steps.transcribe import TranscribeParams
from steps.transcribe.engines import FASTER_WHISPER
from steps.transcribe.engines.whisper_models import FILES, embedded, for_whisperx, whisper


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({}, (TINY_EN, BASE)),
        ({"language": "en"}, (TINY_EN, BASE)),
        ({"language": "de"}, (BASE,)),
        ({"asr_model": "base"}, (BASE,)),
        ({"asr_model": "faster-whisper-base", "language": "en"}, (BASE,)),
        ({"asr_model": "tiny.en", "language": "de"}, (TINY_EN,)),
    ],
)
def test_a_model_for_the_language(params: dict[str, str], wanted: tuple[Weights, ...]) -> None:
    assert embedded(TranscribeParams.parse(params)) == wanted


def test_without_base_only_english_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(weights: Weights) -> Path:
        if weights is BASE:
            raise BadInput("missing")
        return Path()

    monkeypatch.setattr(Weights, "find", lost)
    assert embedded(TranscribeParams()) == (TINY_EN,)


def test_a_folder_by_its_path(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(b"x")
    assert whisper(str(tmp_path)).find() == tmp_path


def test_a_folder_that_is_not_a_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"x")
    (tmp_path / "config.json").write_bytes(b"x")
    params = TranscribeParams(asr_model=str(tmp_path))
    assert "it has no tokenizer.json" in FASTER_WHISPER.lacks(params)
    with pytest.raises(BadInput, match=r"'lost' is neither a model"):
        whisper("lost")


def test_whisperx_takes_the_aligners_that_are_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {name: one for name, one in MODELS.items() if not name.startswith("wav2vec2-")}
    aligner = Weights(name="wav2vec2-de", place=tmp_path)
    listed = {**others, aligner.name: aligner}
    monkeypatch.setattr("steps.transcribe.engines.whisper_models.MODELS", listed)
    for language, found in (("auto", (aligner,)), ("de", (aligner,)), ("fr", ())):
        params = TranscribeParams(asr_model="base", language=language)
        assert for_whisperx(params) == (BASE, *found)
