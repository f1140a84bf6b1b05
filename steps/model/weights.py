"""The models by name, read from models.toml, the one list of them.

Only declarations that use a model import this: reading the list takes some milliseconds.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from steps.contract import Weights, WeightsFile
from steps.contract.errors import BadInput
from steps.contract.places import absolute

LIST = Path(__file__).with_name("models.toml")


def _weights(name: str, entry: dict[str, Any]) -> Weights:
    files = [
        WeightsFile(**{**file, "carried": tuple(file.get("carried", ()))})
        for file in entry.pop("files", ())
    ]
    include = tuple(entry.pop("include", ()))
    return Weights(name=name, files=tuple(files), include=include, **entry)


MODELS = {
    name: _weights(name, entry)
    for name, entry in tomllib.loads(LIST.read_text(encoding="utf-8")).items()
}
"""Every model of the list, in its order."""


def named(text: str) -> Weights:
    """The model of the list with this name, else the file or folder at this path.

    Raises:
        BadInput: it is neither.
    """
    if text in MODELS:
        return MODELS[text]
    place = absolute(text)
    if place.exists():
        return _at(place)
    raise BadInput(
        f"{text!r} is neither a model of the list nor a file or folder: see `clipmill models list`"
    )


@cache
def _at(place: Path) -> Weights:
    """One object for each path: it hashes its files once, however often a step asks."""
    return Weights(name=place.resolve().name, place=place)


TINY_EN = MODELS["faster-whisper-tiny.en"]
BASE = MODELS["faster-whisper-base"]
SILERO = MODELS["silero-vad-v6"]
POCKETSPHINX_EN = MODELS["pocketsphinx-en-us"]
G2P_EN = MODELS["g2p-en"]
FIRERED_AED = MODELS["firered-aed"]
PYANNOTE = MODELS["pyannote-community-1"]
VOICE_EMBEDDER = MODELS["voicefilter-embedder"]
MINILM = MODELS["minilm-int8"]
MINILM_TOKENIZER = MODELS["minilm-tokenizer"]
MOMENTS = MODELS["moments"]
NUDENET = MODELS["nudenet-320n"]
CENTERFACE = MODELS["centerface"]
MONTSERRAT = MODELS["montserrat-extrabold"]
TWEMOJI = MODELS["twemoji"]
NOTO = MODELS["noto-sans"]
NOTO_CJK = MODELS["noto-sans-cjk"]

EMBEDDED = tuple(
    model for model in MODELS.values() if model.files and all(file.carried for file in model.files)
)
"""The models of the laptop's install: packages carry all their files."""
