"""Words with times from captions, and whether the captions are good enough to use."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steps.model.timing import Span
from steps.transcribe.activity import Activity, merged
from steps.transcribe.cues import Cue, Said
from steps.transcribe.heard import Heard
from steps.transcribe.settling import spread

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
they are. By chance about a fifth do; fewer than LEAST_CUES say nothing."""


def flaw(cues: Sequence[Cue], activity: Activity) -> str:
    """Why captions should not be used, or an empty text: they agree with the voice."""
    if not cues:
        return "they hold no words"
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
        return f"they hold {rate:.0f} letters for a second of speech"
    offset_ms = offset(cues, activity)
    return f"they are {offset_ms / 1000:+.1f} s out of step" if offset_ms else ""


def offset(cues: Sequence[Cue], activity: Activity) -> int:
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


def words(cues: Sequence[Cue], activity: Activity) -> list[Heard]:
    """Every word of the cues with a time: the file's own, or a share of the voice in its cue."""
    found: list[Heard] = []
    for cue, following in pairwise([*cues, None]):
        assert cue is not None
        out_ms = min(cue.out_ms, following.in_ms) if following else cue.out_ms
        out_ms = min(max(out_ms, cue.in_ms + 1), max(activity.duration_ms, cue.in_ms + 1))
        for run in _runs(cue, out_ms):
            found += _timed(run, activity)
    return found


@dataclass(frozen=True)
class _Run:
    """Words that share one time range; `timed` when the file says where the first one starts."""

    words: tuple[Said, ...]
    span: Span
    timed: bool


def _runs(cue: Cue, out_ms: int) -> list[_Run]:
    """A cue cut at the times that the file gives; ones that are out of order are passed over."""
    starts, latest = [0], cue.in_ms
    for at, word in enumerate(cue.words):
        if at and word.in_ms is not None and latest < word.in_ms < out_ms:
            starts.append(at)
            latest = word.in_ms
    edges = [cue.in_ms, *(cue.words[at].in_ms or 0 for at in starts[1:]), out_ms]
    return [
        _Run(cue.words[at:end], Span(in_ms=edges[index], out_ms=edges[index + 1]), len(starts) > 1)
        for index, (at, end) in enumerate(pairwise([*starts, len(cue.words)]))
    ]


def _timed(run: _Run, activity: Activity) -> list[Heard]:
    """The words of a run, laid over the voice in its time range by their lengths."""
    texts = [word.text for word in run.words]
    if run.timed and len(texts) == 1:
        return [Heard(texts[0], run.span.in_ms, run.span.out_ms)]
    parts = activity.within(run.span) or (run.span,)
    voiced_ms = sum(part.duration_ms for part in parts)
    spans = [_source_span(span, parts) for span in spread(texts, Span(in_ms=0, out_ms=voiced_ms))]
    return [
        Heard(text, span.in_ms, span.out_ms, interpolated=not (run.timed and at == 0))
        for at, (text, span) in enumerate(zip(texts, spans, strict=True))
    ]


def _source_span(span: Span, parts: Sequence[Span]) -> Span:
    """A range of voiced time on the source's clock, in the part that holds most of it."""
    best, passed = parts[-1], 0
    most = -1
    shift = 0
    for part in parts:
        here = Span(in_ms=passed, out_ms=passed + part.duration_ms)
        if (common := here.overlap_ms(span)) > most:
            best, most, shift = part, common, part.in_ms - passed
        passed = here.out_ms
    return Span(in_ms=max(0, span.in_ms + shift), out_ms=max(0, span.out_ms + shift)).clamp(best)


def _hits(cues: Sequence[Cue], onsets: Sequence[int], lag_ms: int) -> int:
    """How many cues, moved back by a lag, start within TOLERANCE_MS of an onset."""
    count = 0
    for cue in cues:
        wanted = cue.in_ms - lag_ms - TOLERANCE_MS
        at = bisect_left(onsets, wanted)
        count += at < len(onsets) and onsets[at] <= wanted + 2 * TOLERANCE_MS
    return count
