"""The source's timeline as the report shows it: lanes over the whole source. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from steps.model.clips import Clip
from steps.model.timing import Span
from steps.model.transcript import Word
from steps.publish import charts
from steps.publish.documents import JobDocuments
from steps.publish.wording import count, moment

TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
MOST_TICKS = 7
MOST_VOICES = 6
"""Lanes of speakers; the others say little, and are counted in one line."""
PAUSE_MS = 1500
"""A shorter silence does not end what a speaker says."""


@dataclass(frozen=True)
class Tick:
    """A time on the axis, and its place in percent."""

    left: str
    text: str


@dataclass(frozen=True)
class Lane:
    """One row: its name, what it says in words, and the drawing."""

    name: str
    about: str
    drawing: Markup


@dataclass(frozen=True)
class Mark:
    """A link or a passage on the timeline, placed in percent of the source."""

    id: str
    title: str
    left: str
    width: str
    score: int
    times: str


@dataclass(frozen=True)
class Timeline:
    """All of it.

    Attributes:
        scores: the bars of the passages; None without passages.
        clips: where the clips are.
        rejected: the best passages that were not chosen.
    """

    ticks: tuple[Tick, ...]
    scores: Markup | None
    clips: tuple[Mark, ...]
    rejected: tuple[Mark, ...]
    lanes: tuple[Lane, ...]


def timeline(job: JobDocuments, delivered: Sequence[Clip]) -> Timeline:
    """The timeline of a job's source."""
    whole = max(1, job.meta.duration_ms)
    bars = [
        (
            chunk,
            chunk.score,
            any(chunk.overlap_ms(clip) * 2 > chunk.duration_ms for clip in delivered),
        )
        for chunk in (job.chunks.chunks if job.chunks else ())
    ]
    rejected = job.summary.rejected if job.summary else ()
    return Timeline(
        ticks=_ticks(whole),
        scores=charts.score_bars(bars, whole) if bars else None,
        clips=tuple(_mark(clip, clip.id, clip.title, clip.score, whole) for clip in delivered),
        rejected=tuple(_mark(one, "", one.text, one.score, whole) for one in rejected[:5]),
        lanes=tuple(_lanes(job, whole)),
    )


def _lanes(job: JobDocuments, whole: int) -> Iterable[Lane]:
    if job.transcript:
        voices = _voices(job.transcript.words)
        said = sum(word.duration_ms for word in job.transcript.words)
        for name, words in voices[:MOST_VOICES]:
            own = sum(word.duration_ms for word in words)
            share = (
                f"{100 * own // max(1, said)} % of the speech"
                if len(voices) > 1
                else (count(len(words), "word"))
            )
            yield Lane(name, share, charts.marks(_runs(words), whole, "voice"))
        music = [one for one in job.transcript.sounds if one.heard != "speech"]
        if music:
            about = count(len(music), "passage")
            yield Lane("Music, singing", about, charts.marks(music, whole, "music"))
    if job.tracks:
        shots = [shot for clip in job.tracks.clips for shot in clip.shots]
        starts = [Span(in_ms=shot.in_ms, out_ms=shot.in_ms) for shot in shots]
        yield Lane("Shots in clips", count(len(shots), "shot"), charts.marks(starts, whole, "shot"))
    if job.moderation and job.moderation.findings:
        found = job.moderation.findings
        spans = [Span(in_ms=one.time_ms, out_ms=one.time_ms) for one in found]
        yield Lane("Flagged", count(len(found), "picture"), charts.marks(spans, whole, "flag"))


def _voices(words: Sequence[Word]) -> list[tuple[str, list[Word]]]:
    """The words of each speaker, who says most first."""
    found: dict[str, list[Word]] = {}
    for word in words:
        found.setdefault(word.speaker, []).append(word)
    by_length = sorted(
        found.items(), key=lambda item: (-sum(word.duration_ms for word in item[1]), item[0])
    )
    return [(speaker_name(name), own) for name, own in by_length]


def speaker_name(name: str) -> str:
    """`Speaker 1` for `speaker_1`; a name that was given as it is."""
    if not name:
        return "Speech"
    return name.replace("_", " ").capitalize() if name.startswith("speaker_") else name


def _runs(words: Sequence[Word]) -> list[Span]:
    runs: list[Span] = []
    for word in words:
        if runs and word.in_ms - runs[-1].out_ms < PAUSE_MS:
            runs[-1] = Span(in_ms=runs[-1].in_ms, out_ms=max(runs[-1].out_ms, word.out_ms))
        else:
            runs.append(Span(in_ms=word.in_ms, out_ms=word.out_ms))
    return runs


def _ticks(whole: int) -> tuple[Tick, ...]:
    step = next((one for one in TICK_STEPS_S if whole <= one * 1000 * MOST_TICKS), 28_800) * 1000
    return tuple(Tick(percent(time, whole), moment(time)) for time in range(0, whole, step))


def _mark(span: Span, clip: str, title: str, score: int, whole: int) -> Mark:
    return Mark(
        id=clip,
        title=title,
        left=percent(min(span.in_ms, whole), whole),
        width=percent(max(0, min(span.out_ms, whole) - span.in_ms), whole),
        score=score,
        times=f"{moment(span.in_ms)} to {moment(span.out_ms)}",
    )


def percent(part: int, whole: int) -> str:
    """A share for a style: two places, the same text everywhere."""
    hundredths = 10_000 * part // max(1, whole)
    return f"{hundredths // 100}.{hundredths % 100:02}%"
