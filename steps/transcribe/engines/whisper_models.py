"""The Whisper models of the recognisers: which one hears a language, and how late it is."""

from __future__ import annotations

from pathlib import Path

from steps.contract import AUTO, Weights
from steps.contract.errors import BadInput
from steps.model.weights import BASE, MODELS, TINY_EN, named
from steps.transcribe import TranscribeParams
from steps.transcribe.languages import ENGLISH, wanted_language

FILES = ("model.bin", "config.json", "tokenizer.json")
"""Of a CTranslate2 folder. Without tokenizer.json, faster-whisper would ask a model hub for it."""
ALIGNER = "wav2vec2-"
"""Before a language: the name of the model that aligns it."""
LATENESS_MS = {TINY_EN.name: 97, BASE.name: -57}
"""How late a model's attention puts word edges: the median over the recordings of
tests/media/speech against their true times, as `python -m tests.eval.hearing lateness` prints it.
Other models are taken to be exact."""
HEARD_WELL = {BASE.name: frozenset({"de", "en", "es", "it"})}
"""Languages whose word error rate was at most 20 % when it was measured (docs/languages.md). A
model that is not here has not been measured."""


def embedded(params: TranscribeParams) -> tuple[Weights, ...]:
    """The models of the laptop's recogniser; the last one detects languages if any does.

    tiny.en hears English at half of base's cost and no worse on clean speech; base hears the rest,
    and English over music. Where base is not installed, English is all that can be heard.

    Raises:
        BadInput: the params name a model that there is not.
    """
    if params.asr_model != AUTO:
        return (whisper(params.asr_model),)
    language = wanted_language(params)
    if language and language != ENGLISH:
        return (BASE,)
    return (TINY_EN, BASE) if BASE.is_here else (TINY_EN,)


def whisper(text: str) -> Weights:
    """The model with this name, with or without `faster-whisper-` before it, or at this path.

    Raises:
        BadInput: there is none, or the folder is not a Whisper model in CTranslate2's format.
    """
    weights = MODELS.get(f"faster-whisper-{text}") or named(text)
    if weights.place and (missing := missing_file(weights.place)):
        raise BadInput(
            f"--asr-model={text}: it has no {missing}: name the folder of a Whisper model in"
            f" CTranslate2's format ({', '.join(FILES)}); ct2-transformers-converter makes one"
        )
    return weights


def missing_file(folder: Path) -> str:
    """The first of FILES that a folder lacks, or an empty text."""
    return next((name for name in FILES if not (folder / name).is_file()), "")


def for_whisperx(params: TranscribeParams) -> tuple[Weights, ...]:
    """The model of WhisperX, then the aligners that are here of the languages that may be spoken.

    Raises:
        BadInput: the params name a model that there is not.
    """
    model = whisper("large-v3-turbo" if params.asr_model == AUTO else params.asr_model)
    language = wanted_language(params)
    spoken = [language] if language else [name.removeprefix(ALIGNER) for name in MODELS]
    found = (aligner_of(code) for code in spoken)
    return (model, *(weights for weights in found if weights))


def aligner_of(language: str) -> Weights | None:
    """The model that aligns a language, if it is on this machine."""
    weights = MODELS.get(f"{ALIGNER}{language}")
    return weights if weights and weights.is_here else None
