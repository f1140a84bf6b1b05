"""transcript.json: the words of the source, each with its time."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from steps.contract import Document
from steps.model.timing import Ms, Span

Thousandths = Annotated[int, Field(ge=0, le=1000)]
"""A share or a probability in thousandths."""

MAX_WORDS = 300_000
"""More than 20 hours of fast speech."""
MAX_WORD_CHARACTERS = 2000
"""A script without spaces may give a whole phrase as one word."""
MAX_SOUNDS = 200_000
"""Three kinds, each as often as once a second in 20 hours."""
MAX_NAME_CHARACTERS = 100
"""Of a speaker, a language or a guard."""

Text = Annotated[str, Field(min_length=1, max_length=MAX_WORD_CHARACTERS)]
Name = Annotated[str, Field(max_length=MAX_NAME_CHARACTERS)]


class Word(Span):
    """A spoken word with its punctuation.

    Attributes:
        text: as it is shown, without surrounding white space, never empty.
        confidence: of the recogniser, in thousandths; 1000 for a creator's caption.
        speaker: `speaker_1`.. where diarization ran, else empty.
        interpolated: its time was not measured but interpolated between its neighbours.
    """

    text: Text
    confidence: Thousandths = 1000
    speaker: Name = ""
    interpolated: bool = False


class Dropped(Span):
    """Text that the guards took out, and which guard."""

    text: Text
    guard: Name


class SoundSpan(Span):
    """A time in which something is heard; spans of different kinds may overlap."""

    heard: Literal["speech", "singing", "music"]


class Transcript(Document):
    """The words in order of their in points; spans never overlap.

    Attributes:
        engine: what made the words: `captions`, `given` (the user's transcript), the name of a
            recogniser, or `none` when the source has no sound or no speech.
        model: of the recogniser; empty for captions.
        language: ISO 639-1.
        doubtful: most words may not be what is said: it is noise, or another language.
        duration_ms: of the source.
        aligner: what placed the words in time, or empty: the engine that made them.
        aligned: the share of the words that the aligner placed; the others kept their times.
        sounds: where there is speech, singing or music, in order; empty if nobody listened.
    """

    kind: Literal["clipmill/transcript@1"] = "clipmill/transcript@1"
    engine: Name
    model: Name = ""
    language: Name
    doubtful: bool = False
    duration_ms: Ms
    words: Annotated[tuple[Word, ...], Field(max_length=MAX_WORDS)]
    dropped: Annotated[tuple[Dropped, ...], Field(max_length=MAX_WORDS)] = ()
    aligner: Name = ""
    aligned: Thousandths = 0
    sounds: Annotated[tuple[SoundSpan, ...], Field(max_length=MAX_SOUNDS)] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Transcript:
        for before, after in pairwise(self.words):
            if after.in_ms < before.out_ms:
                raise ValueError(
                    f"the word at {after.in_ms} ms starts before the word before it ends"
                )
        return self
