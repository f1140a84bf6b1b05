"""What the engines of transcribe do: words from sound, their times, who speaks, what sounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from steps.model.timing import Span
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.recording import Recording
from steps.transcribe.word_times import RawWord


@dataclass(frozen=True)
class Recognized:
    """What a recogniser heard.

    Attributes:
        words: in the order in which they are spoken; some may have no time.
        model: the name of the model that heard them.
    """

    words: list[RawWord]
    model: str


class Recognizer(Protocol):
    """Turns sound into words."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it can be asked for, ISO 639-1."""

    def detect(self, recording: Recording, spans: Sequence[Span]) -> list[Mapping[str, float]]:
        """The probability of each language in each stretch of at most 30 s."""

    def recognize(
        self,
        recording: Recording,
        activity: VoiceActivity,
        language: str,
        on_time_ms: Callable[[int], None],
    ) -> Recognized:
        """The words of a recording.

        Args:
            recording: the sound.
            activity: where there is voice in it.
            language: one of `languages`.
            on_time_ms: called with the time up to which the recording is transcribed.
        """


class Aligner(Protocol):
    """Finds where known words are spoken."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it knows, ISO 639-1."""

    def align(
        self, recording: Recording, words: Sequence[RawWord], language: str
    ) -> list[RawWord | None]:
        """Each word with its measured time, in the same order; None where it was not found.

        Args:
            recording: the sound.
            words: in order, each with a rough time.
            language: one of `languages`.
        """


class Diarizer(Protocol):
    """Tells who speaks when."""

    def diarize(
        self, recording: Recording, activity: VoiceActivity, speakers: int
    ) -> list[tuple[Span, int]]:
        """Stretches of voice in order, each with the number of its speaker, from 0.

        Args:
            recording: the sound.
            activity: where there is voice in it.
            speakers: how many there are; 0 if unknown.
        """


class SoundClassifier(Protocol):
    """Tells speech, singing and music apart."""

    def classify(self, recording: Recording) -> Mapping[str, tuple[Span, ...]]:
        """Where each kind of sound is heard, spans in order; kinds may overlap."""
