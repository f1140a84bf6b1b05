"""What the engines of transcribe do: words from sound, their times, who speaks, what sounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from steps.model.timing import Span
from steps.model.transcript import SoundSpan
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.windows import LONGEST_MS, Window
from steps.transcribe.word_times import RawWord

if TYPE_CHECKING:  # it loads numpy, and whoever only asks what there is needs none
    from steps.transcribe.recording import Recording


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
        """The languages that it can be asked for, ISO 639-1; English is always one."""

    def detect(
        self, recording: Recording, chosen: Sequence[Window], room_ms: int = LONGEST_MS
    ) -> Iterable[Mapping[str, float]]:
        """The probability of each language in each window.

        Args:
            recording: the sound.
            chosen: windows of at most `room_ms`.
            room_ms: how much sound the model takes in for each: less is quicker and less sure.
        """

    def recognize(
        self,
        recording: Recording,
        activity: VoiceActivity,
        language: str,
        on_time_ms: Callable[[int], None],
        *,
        over_music: bool = False,
    ) -> Recognized:
        """The words of a recording.

        Args:
            recording: the sound.
            activity: where there is voice in it.
            language: one of `languages`.
            on_time_ms: called with the time up to which the recording is transcribed.
            over_music: much of the voice has music under it; of two models, take the more robust.
        """


class Aligner(Protocol):
    """Places words in time by the sound."""

    def knows(self, language: str) -> bool:
        """Whether it can align a language (ISO 639-1)."""

    def align(self, recording: Recording, words: Sequence[RawWord]) -> list[RawWord]:
        """The same words, those that it could place with new times and `aligned`.

        Args:
            recording: the sound.
            words: in order, all with a time that may be some hundred milliseconds wrong.
        """


@dataclass(frozen=True)
class VoiceTurn:
    """A time in which one voice speaks; `voice` is any number that stands for it."""

    span: Span
    voice: int


class Diarizer(Protocol):
    """Tells the voices of a recording apart."""

    def turns(
        self, recording: Recording, activity: VoiceActivity, speakers: int
    ) -> list[VoiceTurn]:
        """Who speaks when, in order, without overlaps.

        Args:
            recording: the sound.
            activity: where there is voice in it; at least one span.
            speakers: how many there are; 0 to estimate it.
        """


class SoundClassifier(Protocol):
    """Tells speech, singing and music apart."""

    def sounds(self, recording: Recording) -> list[SoundSpan]:
        """What is heard when, in order of the in points, then by kind."""
