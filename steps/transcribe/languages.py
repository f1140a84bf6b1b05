"""Which language is spoken: what the user says, what the source states, or a vote of windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steps.model.languages import plain_language
from steps.transcribe import TranscribeParams
from steps.transcribe.windows import Window

ENGLISH = "en"
LATIN = "la"
"""Nobody speaks it in videos, and Whisper takes accents that it does not know for it."""
TRUSTED = 900
"""A language is sure from this share of the vote on, in thousandths: over 21 recordings base was
wrong six times, each time with a share of at most 870."""
MOST_WINDOWS = 3
"""Each costs a pass of the encoder: about two CPU seconds in base, a third in QUICK_MS."""
QUICK_MS = 10_000
QUICK_TRUSTED = 950
"""Windows of QUICK_MS are asked first, and their vote counts from this share on, in thousandths.
Over 23 recordings it was right each time, with shares from 163 on; 18 had 950 or more."""


ALIKE = tuple(
    frozenset(group.split())
    for group in ("no nn da", "hr sr bs", "ms id jw", "hi ur", "cs sk", "zh yue", "nl af", "gl pt")
)
"""Languages that Whisper takes for each other: one of them does not speak against another."""
ENGLISH_ONLY = ".en"
"""The end of the names of Whisper's models that know English only."""


def alike(one: str, other: str) -> bool:
    """Whether two languages are the same, or hard to tell apart."""
    return one == other or any({one, other} <= group for group in ALIKE)


@dataclass(frozen=True)
class Vote:
    """The language with most of the vote, and its share in thousandths."""

    language: str
    share: int

    @property
    def sure(self) -> bool:
        """Whether to trust it."""
        return self.share >= TRUSTED


def voters(planned: Sequence[Window]) -> list[Window]:
    """At most MOST_WINDOWS windows, spread over the source."""
    count = min(MOST_WINDOWS, len(planned))
    return [planned[at * len(planned) // count] for at in range(count)]


def vote(windows: Sequence[Window], found: Sequence[Mapping[str, float]]) -> Vote:
    """The outcome: each window's probabilities count by its length; Latin cannot win.

    Args:
        windows: what was listened to, at least one.
        found: the probability of each language in each of them.
    """
    shares: dict[str, float] = {}
    for window, probabilities in zip(windows, found, strict=True):
        for language, probability in probabilities.items():
            shares[language] = shares.get(language, 0.0) + probability * window.duration_ms
    shares.pop(LATIN, None)
    total = sum(window.duration_ms for window in windows)
    best = max(sorted(shares), key=lambda language: shares[language])
    return Vote(best, min(1000, round(1000 * shares[best] / max(1, total))))


def wanted_language(params: TranscribeParams) -> str:
    """The language that the user named, or empty."""
    return plain_language(params.language)
