"""What an engine heard, before it is put right; and the seam where engines plug in.

To add an engine: a module with a class that fits `Engine`, its name in `Transcript.engine`, and a
line in `work.py` that picks it. It says words in the order in which they are spoken; a word whose
time it does not know has none (`in_ms=None`), and gets one from its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from steps.model.timing import Span
from steps.transcribe.activity import Activity
from steps.transcribe.sound import Sound


@dataclass(frozen=True)
class Heard:
    """A word as heard; spans may overlap, and may be out of order.

    Attributes:
        text: with its punctuation, without white space around it, never empty.
        in_ms: where it starts, or None.
        out_ms: where it ends, or None.
        confidence: in thousandths.
        interpolated: its time was not measured.
    """

    text: str
    in_ms: int | None
    out_ms: int | None
    confidence: int = 1000
    interpolated: bool = False

    @property
    def span(self) -> Span:
        """Its time range; only for a word that has one."""
        if self.in_ms is None or self.out_ms is None:
            raise ValueError(f"{self.text!r} has no time yet")
        return Span(in_ms=self.in_ms, out_ms=self.out_ms)


class Engine(Protocol):
    """A speech recognizer."""

    @property
    def name(self) -> Literal["faster-whisper", "whisperx"]:
        """What transcript.json calls it."""

    def knows(self, language: str) -> bool:
        """Whether it was trained for a language (ISO 639-1)."""

    def transcribe(
        self, sound: Sound, activity: Activity, on_time_ms: Callable[[int], None]
    ) -> list[Heard]:
        """The words of a sound; `on_time_ms` is told how far it has come."""
