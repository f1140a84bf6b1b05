"""The aligner `whisper`: words keep the times that came with them, in every language."""

from __future__ import annotations

from collections.abc import Sequence

from steps.contract import Context
from steps.transcribe import TranscribeParams
from steps.transcribe.recording import Recording
from steps.transcribe.word_times import RawWord


class ModelTimes:
    """An `Aligner` that moves nothing."""

    def knows(self, language: str) -> bool:
        """It needs no model of a language."""
        return True

    def align(self, recording: Recording, words: Sequence[RawWord]) -> list[RawWord]:
        """The words as they are."""
        return list(words)


def aligner(context: Context[TranscribeParams]) -> ModelTimes:
    """The aligner."""
    return ModelTimes()
