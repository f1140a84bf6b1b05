"""Whether captions agree with the voice well enough to be used instead of recognition."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from steps.model.timing import Span
from steps.model.transcript import MAX_WORD_CHARACTERS, MAX_WORDS
from steps.transcribe.activity import VoiceActivity, merged
from steps.transcribe.cues import SpokenCue

MARGIN_MS = 500
"""Voice this close to a cue counts as captioned."""
LEAST_COVERAGE = 0.6
"""Share of the voice that must be captioned."""
LEAST_VOICED = 0.25
"""Share of the captioned time that must be voice; cues stay on screen after the voice."""
LETTERS_PER_SECOND = (3, 30)
"""Least and most letters for a second of captioned voice; fluent English has about 15."""
STEP_MS = 100
FARTHEST_MS = 10_000
TOLERANCE_MS = 250
IN_STEP_MS = 300
LEAST_CUES = 12
LEAST_HITS = 0.5
LEAST_GAIN = 0.3
"""Out of step: moved by one offset up to FARTHEST_MS, at least LEAST_HITS of the cues start within
TOLERANCE_MS of a voice that sets in, and LEAST_GAIN more of them than within IN_STEP_MS of where
they are. By chance about a fifth do; fewer than LEAST_CUES prove nothing."""
MAX_CUES = 50_000
"""About 25 hours of captions."""


def flaw(cues: Sequence[SpokenCue], activity: VoiceActivity) -> str:
    """Why captions should not be used, or an empty text: they agree with the voice."""
    if not cues:
        return "they have no words"
    if too_much := excess(cues):
        return too_much
    shown = merged([Span(in_ms=cue.in_ms, out_ms=cue.out_ms) for cue in cues])
    wide = merged(
        [Span(in_ms=max(0, s.in_ms - MARGIN_MS), out_ms=s.out_ms + MARGIN_MS) for s in shown]
    )
    covered_ms = sum(activity.voice_ms(span) for span in wide)
    coverage = covered_ms / max(1, activity.total_ms)
    if coverage < LEAST_COVERAGE:
        return f"they cover {coverage:.0%} of the speech"
    voiced = sum(activity.voice_ms(span) for span in shown)
    voiced_share = voiced / sum(span.duration_ms for span in shown)
    if voiced_share < LEAST_VOICED:
        return f"somebody speaks in {voiced_share:.0%} of their time"
    letters = sum(len(word.text) for cue in cues for word in cue.words)
    rate = 1000 * letters / max(1, covered_ms)
    least, most = LETTERS_PER_SECOND
    if not least <= rate <= most:
        return f"they have {rate:.0f} letters for a second of speech"
    offset_ms = offset(cues, activity)
    return f"they are {offset_ms / 1000:+.1f} s out of step" if offset_ms else ""


def excess(cues: Sequence[SpokenCue]) -> str:
    """Which bound on their size captions break, or an empty text."""
    if len(cues) > MAX_CUES:
        return f"they have {len(cues):,} cues (at most {MAX_CUES:,})"
    words = sum(len(cue.words) for cue in cues)
    if words > MAX_WORDS:
        return f"they have {words:,} words (at most {MAX_WORDS:,})"
    longest = max((len(word.text) for cue in cues for word in cue.words), default=0)
    if longest > MAX_WORD_CHARACTERS:
        return f"one of their words has {longest:,} characters (at most {MAX_WORD_CHARACTERS:,})"
    return ""


def offset(cues: Sequence[SpokenCue], activity: VoiceActivity) -> int:
    """By how much cues are late (early: below zero) in milliseconds; 0 when they are in step."""
    if len(cues) < LEAST_CUES:
        return 0
    onsets = [span.in_ms for span in activity.spans]
    by_lag = {
        lag: _hits(cues, onsets, lag) for lag in range(-FARTHEST_MS, FARTHEST_MS + 1, STEP_MS)
    }
    near = max(count for lag, count in by_lag.items() if abs(lag) <= IN_STEP_MS)
    hits = max(by_lag.values())
    ties = [lag for lag, count in by_lag.items() if count == hits]
    best = ties[len(ties) // 2]
    clear = hits >= LEAST_HITS * len(cues) and hits - near >= LEAST_GAIN * len(cues)
    return best if clear else 0


def _hits(cues: Sequence[SpokenCue], onsets: Sequence[int], lag_ms: int) -> int:
    """How many cues, moved back by a lag, start within TOLERANCE_MS of an onset."""
    count = 0
    for cue in cues:
        wanted = cue.in_ms - lag_ms - TOLERANCE_MS
        at = bisect_left(onsets, wanted)
        count += at < len(onsets) and onsets[at] <= wanted + 2 * TOLERANCE_MS
    return count
