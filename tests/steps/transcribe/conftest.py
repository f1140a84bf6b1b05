"""Loads each speech model once: loading takes longer than hearing a few seconds of speech."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest

from steps.transcribe.engines import faster_whisper


@pytest.fixture(scope="session", autouse=True)
def kept_models() -> Iterator[None]:
    """Give steps in this process the model that an earlier one loaded with the same arguments."""
    with pytest.MonkeyPatch.context() as patch:
        kept = lru_cache(maxsize=3)(faster_whisper.WhisperModel)
        patch.setattr(faster_whisper, "WhisperModel", kept)
        yield
