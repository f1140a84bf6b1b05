"""A made-up speech: where there is voice, and captions that fit it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from steps.formats.subtitles import TimedText
from steps.model.timing import Span
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.cues import SpokenCue


def speech(sentences: int = 40) -> tuple[VoiceActivity, list[SpokenCue]]:
    """Sentences of 1.5 to 4 s with uneven pauses, each with a cue of about 13 letters a second."""
    dice = random.Random(3)
    at, spans, cues = 700, [], []
    for _ in range(sentences):
        span = Span(in_ms=at, out_ms=at + dice.randint(1500, 4000))
        spans.append(span)
        text = tuple(TimedText("steady") for _ in range(span.duration_ms * 13 // 6000))
        cues.append(SpokenCue(span.in_ms, span.out_ms, text))
        at = span.out_ms + dice.randint(300, 1900)
    return VoiceActivity(tuple(spans), at), cues


def moved(cues: Sequence[SpokenCue], by_ms: int) -> list[SpokenCue]:
    """The cues, later by some milliseconds; none before 0."""
    return [SpokenCue(max(0, c.in_ms + by_ms), max(1, c.out_ms + by_ms), c.words) for c in cues]
