"""What the report shows of one clip. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from steps.contract.receipt import Fingerprint
from steps.model.captions import Cue
from steps.model.clips import Clip
from steps.model.geometry import Size
from steps.model.layouts import LAYOUTS
from steps.model.manifest import Delivered
from steps.model.phrases import join
from steps.publish import charts
from steps.publish.documents import JobDocuments
from steps.publish.rendition_views import RenditionView, rendition_view
from steps.publish.source_frames import SourceFrames
from steps.publish.timeline import percent, speaker_name
from steps.publish.wording import (
    CRITERIA,
    called,
    count,
    decimal,
    exact,
    moment,
    seconds,
)

MOST_SHOTS = 12
"""Drawn for one clip; the others are counted."""


@dataclass(frozen=True)
class ScoreBar:
    """One part of a score: its words, its points, and its bar left or right of the middle."""

    name: str
    points: str
    left: str
    width: str
    negative: bool


@dataclass(frozen=True)
class ShotView:
    """How one shot is framed."""

    times: str
    layout: str
    before: Markup
    after: Markup


@dataclass(frozen=True)
class CueLine:
    """A caption in one language; the language is empty where nobody knows it."""

    text: str
    language: str


@dataclass(frozen=True)
class CueView:
    """A caption: when it is on screen, who says it, and what, in one language or two."""

    start: str
    start_s: str
    end_s: str
    speaker: str
    lines: tuple[CueLine, ...]


@dataclass(frozen=True)
class ClipView:
    """One clip; texts are as the documents hold them, for the template to escape.

    Attributes:
        main: its first file, and what was measured of it.
        others: the same clip in further aspects.
    """

    id: str
    title: str
    rank: int
    score: int
    times: str
    length: str
    main: RenditionView
    others: tuple[RenditionView, ...]
    hook: str
    summary: str
    reason: str
    post: str
    hashtags: tuple[str, ...]
    scores: tuple[ScoreBar, ...]
    path: Markup | None
    shots: tuple[ShotView, ...]
    more_shots: int
    layouts: str
    voices: tuple[str, ...]
    cues: tuple[CueView, ...]


def clip_view(
    job: JobDocuments,
    clip: Clip,
    made: Sequence[Delivered],
    files: Mapping[str, Fingerprint],
    shown: SourceFrames,
) -> ClipView:
    """Everything about one clip.

    Args:
        job: the documents.
        clip: of the plan.
        made: what was delivered of it, in one aspect or several.
        files: every file of the job, by path.
        shown: pictures of the source.
    """
    about, crop, seen = job.about(clip.id), job.crop(clip.id), job.seen(clip.id)
    shots = crop.shots if crop else ()
    tracks = [track for shot in (seen.shots if seen else ()) for track in shot.tracks]
    size = job.crops.output if job.crops else Size(width_px=9, height_px=16)
    main, *others = (rendition_view(one, job.checks.get(one.id), size, files) for one in made)
    hook, summary = (about.hook, about.summary) if about else ("", "")
    hashtags = tuple(f"#{tag}" for tag in (about.hashtags if about else ()))
    return ClipView(
        id=clip.id,
        title=clip.title,
        rank=clip.rank,
        score=clip.score,
        times=f"{moment(clip.in_ms)} to {moment(clip.out_ms)}",
        length=seconds(clip.duration_ms),
        main=main,
        others=tuple(others),
        hook="" if same(hook, clip.title) else hook,
        summary="" if same(summary, hook) else summary,
        reason=about.reason if about else "",
        post=about.description if about else "",
        hashtags=hashtags,
        scores=_score_bars(about.scores if about else {}),
        path=charts.crop_path(shots, job.crops.size, tracks) if crop and job.crops else None,
        shots=tuple(
            ShotView(
                times=f"{moment(shot.in_ms - clip.in_ms)} to {moment(shot.out_ms - clip.in_ms)}",
                layout=LAYOUTS[shot.layout].help.capitalize(),
                before=charts.before(shot, job.crops.size, tracks, picture),
                after=charts.after(shot, job.crops.size, job.crops.output, picture),
            )
            for shot, picture in ((shot, shown.of(shot)) for shot in shots[:MOST_SHOTS])
            if job.crops
        ),
        more_shots=max(0, len(shots) - MOST_SHOTS),
        layouts=", ".join(
            f"{LAYOUTS[name].help} ({count(number, 'shot')})"
            for name, number in Counter(shot.layout for shot in shots).most_common()
        ),
        voices=_voices(job, clip),
        cues=_cues(job, clip),
    )


def same(text: str, other: str) -> bool:
    """Whether two texts differ in nothing but the mark at their end."""
    return text.rstrip(".!?… ") == other.rstrip(".!?… ")


def _score_bars(scores: Mapping[str, int]) -> tuple[ScoreBar, ...]:
    parts = {name: value for name, value in scores.items() if name != "total"}
    most = max((abs(value) for value in parts.values()), default=0)
    return tuple(
        ScoreBar(
            name=called(name, CRITERIA),
            points=f"{value:+d}" if value else "0",
            left=percent(max(1, most) + min(0, value), 2 * max(1, most)),
            width=percent(abs(value), 2 * max(1, most)),
            negative=value < 0,
        )
        for name, value in sorted(parts.items(), key=lambda item: (-item[1], item[0]))
    )


def _voices(job: JobDocuments, clip: Clip) -> tuple[str, ...]:
    """Who speaks in a clip, and for which share of its words."""
    said: Counter[str] = Counter()
    for word in job.transcript.words if job.transcript else ():
        if word.speaker and (shared := word.overlap_ms(clip)):
            said[word.speaker] += shared
    whole = max(1, said.total())
    return tuple(
        f"{speaker_name(name)}, {100 * own // whole} %"
        for name, own in sorted(said.items(), key=lambda item: (-item[1], item[0]))
    )


def _cues(job: JobDocuments, clip: Clip) -> tuple[CueView, ...]:
    found = job.cues(clip.id)
    return tuple(
        CueView(
            start=exact(max(0, cue.in_ms - clip.in_ms))[:-2],
            start_s=decimal(max(0, cue.in_ms - clip.in_ms), 1000, 3),
            end_s=decimal(max(0, cue.out_ms - clip.in_ms), 1000, 3),
            speaker=speaker_name(cue.speaker) if cue.speaker else "",
            lines=_lines(job, cue),
        )
        for cue in (found.cues if found else ())
    )


def _lines(job: JobDocuments, cue: Cue) -> tuple[CueLine, ...]:
    """The words that are spoken, then those of a translation that is shown under them."""
    spoken = job.captions.language if job.captions else ""
    translation = job.summary.translation if job.summary else None
    languages = {False: spoken, True: translation.language if translation else ""}
    return tuple(
        CueLine(join(word.text for word in words), languages[is_translated])
        for is_translated, words in groupby(cue.words, key=lambda word: word.translated)
    )
