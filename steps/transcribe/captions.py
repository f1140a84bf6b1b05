"""Words with times from captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steps.model.timing import Span
from steps.transcribe.activity import Activity
from steps.transcribe.cues import Cue, Said
from steps.transcribe.heard import Heard
from steps.transcribe.settling import spread

STOPS = tuple(".,;:!?…。、！？")
"""Marks at which people pause."""
PUNCTUATION_MS = 600


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
    spans = laid(texts, activity.within(run.span) or (run.span,))
    return [
        Heard(text, span.in_ms, span.out_ms, interpolated=not (run.timed and at == 0))
        for at, (text, span) in enumerate(zip(texts, spans, strict=True))
    ]


def laid(texts: Sequence[str], parts: Sequence[Span]) -> list[Span]:
    """Lay texts over parts of voice, by their lengths; every pause falls between two texts.

    The longest pause first (ties: the first): it goes where it is due by length, or behind a
    punctuation mark at most PUNCTUATION_MS of voice farther off.
    """
    if len(parts) == 1 or not texts:
        return spread(texts, parts[0])
    pauses = [after.in_ms - before.out_ms for before, after in pairwise(parts)]
    cut = 1 + pauses.index(max(pauses))
    left, right = parts[:cut], parts[cut:]
    due_ms = sum(part.duration_ms for part in left)
    voiced_ms = due_ms + sum(part.duration_ms for part in right)
    edges = spread(texts, Span(in_ms=0, out_ms=voiced_ms))

    def cost(count: int) -> int:
        off = abs((edges[count - 1].out_ms if count else 0) - due_ms)
        return off - PUNCTUATION_MS * (count > 0 and texts[count - 1].endswith(STOPS))

    count = min(range(len(texts) + 1), key=cost)
    return laid(texts[:count], left) + laid(texts[count:], right)
