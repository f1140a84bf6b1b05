"""Loads each speech model once and hears each sound once: both take longer than all else here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import lru_cache, wraps
from typing import Any

import pytest

from steps.transcribe.engines import faster_whisper
from steps.transcribe.engines.faster_whisper import FasterWhisper
from steps.transcribe.recording import Recording


@pytest.fixture(scope="session", autouse=True)
def kept_models() -> Iterator[None]:
    """Give steps in this process what an earlier one loaded or heard with the same arguments."""
    with pytest.MonkeyPatch.context() as patch:
        kept = lru_cache(maxsize=6)(faster_whisper.WhisperModel)
        patch.setattr(faster_whisper, "WhisperModel", kept)
        for name in ("detect", "recognize"):
            patch.setattr(FasterWhisper, name, remembered(getattr(FasterWhisper, name)))
        yield


def remembered(hear: Callable[..., Any]) -> Callable[..., Any]:
    """A method of the recogniser that answers from memory what it was asked before."""
    known: dict[str, Any] = {}

    @wraps(hear)
    def answered(self: Any, recording: Recording, *asked: Any, **options: Any) -> Any:
        sound = hashlib.sha256(recording.path.read_bytes()).hexdigest()
        engine = (self._weights, self._hints, self._device, self._precision)
        said = [one for one in asked if not callable(one)]
        key = repr((sound, engine, said, options))
        if key not in known:
            found = hear(self, recording, *asked, **options)
            known[key] = list(found) if isinstance(found, Iterator) else found
        return deepcopy(known[key])

    return answered


@pytest.fixture
def heard_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hear every sound again in this test."""
    for name in ("detect", "recognize"):
        hear = getattr(FasterWhisper, name).__wrapped__
        monkeypatch.setattr(FasterWhisper, name, hear)
