"""transcript.json: the words of the source, each with its time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document
from steps.model.timing import Ms, Span

Thousandths = Annotated[int, Field(ge=0, le=1000)]
"""A share or a probability in thousandths."""


class Word(Span):
    """A spoken word with its punctuation.

    Attributes:
        text: as it is shown, without surrounding white space, never empty.
        confidence: of the recognizer, in thousandths; 1000 for a creator's caption.
        speaker: `speaker_1`.. where diarization ran, else empty.
        interpolated: its time was not measured but spread between its neighbours.
    """

    text: Annotated[str, Field(min_length=1)]
    confidence: Thousandths = 1000
    speaker: str = ""
    interpolated: bool = False


class Dropped(Span):
    """Text that the guards took out, and which guard."""

    text: str
    guard: str


class Transcript(Document):
    """The words in order of their in points; spans never overlap.

    Attributes:
        engine: what made the words: `captions`, `faster-whisper`, `whisperx`, or `none` when the
            source has no sound or no speech.
        language: ISO 639-1.
        duration_ms: of the source.
    """

    kind: Literal["clipmill/transcript@1"] = "clipmill/transcript@1"
    engine: Literal["captions", "faster-whisper", "whisperx", "none"]
    language: str
    duration_ms: Ms
    words: tuple[Word, ...]
    dropped: tuple[Dropped, ...] = ()
