"""Words with times from captions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise

from steps.formats.subtitles import TimedText
from steps.model.phrases import ends_clause, ends_sentence
from steps.model.timing import Span
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.cues import SpokenCue
from steps.transcribe.word_times import RawWord, spread

PUNCTUATION_MS = 600


def caption_words(cues: Sequence[SpokenCue], activity: VoiceActivity) -> list[RawWord]:
    """Every word of the cues with a time: the file's own, or a share of the voice in its cue."""
    found: list[RawWord] = []
    begins_ms = ends_ms = 0
    for cue, following in pairwise([*cues, None]):
        assert cue is not None
        cue = replace(cue, in_ms=max(cue.in_ms, begins_ms))
        out_ms = max(cue.out_ms, ends_ms)
        ends_ms = 0
        if following and following.in_ms < out_ms:
            both_end_ms = max(out_ms, following.out_ms)
            out_ms = begins_ms = _boundary_ms(cue, following, out_ms)
            ends_ms = both_end_ms if begins_ms > following.in_ms else 0
        out_ms = min(max(out_ms, cue.in_ms + 1), max(activity.duration_ms, cue.in_ms + 1))
        for run in _runs(cue, out_ms):
            found += _timed(run, activity)
    return found


def _boundary_ms(cue: SpokenCue, following: SpokenCue, out_ms: int) -> int:
    """Where a cue hands over to one that begins before it ends: people speak at once.

    That is where the second one begins, but not before the first one has had its share of the
    time of both, by the letters of their words; so no word becomes too short to be read.
    """
    together_ms = max(out_ms, following.out_ms) - cue.in_ms
    first, second = (sum(len(word.text) + 1 for word in one.words) for one in (cue, following))
    share_ms = together_ms * first // (first + second)
    return min(out_ms, max(following.in_ms, cue.in_ms + share_ms))


@dataclass(frozen=True)
class _Run:
    """Words that share one time range; `timed` if the file says where the first one starts."""

    words: tuple[TimedText, ...]
    span: Span
    timed: bool


def _runs(cue: SpokenCue, out_ms: int) -> list[_Run]:
    """A cue cut at the times that the file gives; times that are out of order are ignored."""
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


def _timed(run: _Run, activity: VoiceActivity) -> list[RawWord]:
    """The words of a run, laid over the voice in its time range by their lengths."""
    texts = [word.text for word in run.words]
    if run.timed and len(texts) == 1:
        return [RawWord(texts[0], run.span.in_ms, run.span.out_ms)]
    spans = lay_over_voice(texts, activity.within(run.span) or (run.span,))
    return [
        RawWord(text, span.in_ms, span.out_ms, interpolated=not (run.timed and at == 0))
        for at, (text, span) in enumerate(zip(texts, spans, strict=True))
    ]


def lay_over_voice(texts: Sequence[str], parts: Sequence[Span]) -> list[Span]:
    """Lay texts over parts of voice, by their lengths; every pause falls between two texts.

    The longest pause first (ties: the first): it goes where it is due by length, or after a
    punctuation mark at most PUNCTUATION_MS of voice farther away. Both sides follow likewise.
    """
    passed = [0, *accumulate(len(text) + 1 for text in texts)]
    voiced = [0, *accumulate(part.duration_ms for part in parts)]
    pauses = [after.in_ms - before.out_ms for before, after in pairwise(parts)]
    stops = [ends_sentence(text) or ends_clause(text) for text in texts]
    spans: list[Span] = []
    todo = [(0, len(texts), 0, len(parts))]
    while todo:
        first, end, part, last = todo.pop()
        if first == end:
            continue
        if last - part == 1:
            spans += spread(texts[first:end], parts[part])
            continue
        inner = pauses[part : last - 1]
        cut = part + 1 + inner.index(max(inner))
        edge_ms = partial(_edge_ms, passed, first, end, voiced[last] - voiced[part])
        place = _nearest_break(edge_ms, range(first, end + 1), stops, voiced[cut] - voiced[part])
        todo += [(place, end, cut, last), (first, place, part, cut)]
    return spans


def _edge_ms(passed: Sequence[int], first: int, end: int, voiced_ms: int, place: int) -> int:
    """Where text `place` of `[first, end)` starts, as they share some voice by their lengths."""
    return voiced_ms * (passed[place] - passed[first]) // (passed[end] - passed[first])


def _nearest_break(
    edge_ms: Callable[[int], int], places: range, stops: Sequence[bool], due_ms: int
) -> int:
    """The place nearest to where a pause is due; a stop before it counts as PUNCTUATION_MS nearer.

    Only places so near that they can win are compared, so that long cues take linear time.
    """
    after = min(bisect_left(places, due_ms, key=edge_ms), len(places) - 1)
    around = (places[max(0, after - 1)], places[after])
    reach_ms = PUNCTUATION_MS + min(abs(edge_ms(place) - due_ms) for place in around)
    low = bisect_left(places, due_ms - reach_ms, key=edge_ms)
    high = bisect_right(places, due_ms + reach_ms, key=edge_ms)

    def cost(place: int) -> int:
        preferred = place > places[0] and stops[place - 1]
        return abs(edge_ms(place) - due_ms) - PUNCTUATION_MS * preferred

    return min(places[low:high], key=cost)
