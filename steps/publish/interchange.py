"""The edit lists of a job: its clips as an `EditProject`, written in four formats. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise

from steps.contract import Port
from steps.formats import cmx3600, fcpxml, otio, xmeml
from steps.formats.edit_project import (
    EditedClip,
    EditedText,
    EditProject,
    Piece,
    Placement,
    Trim,
    counted_frame,
    drops_frames,
)
from steps.model import artifacts
from steps.model.captions import Cue
from steps.model.clips import Clip
from steps.model.crop import Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.manifest import Delivered, Manifest
from steps.model.phrases import join
from steps.model.timing import frame_at
from steps.publish.counting import counting_rate, nearest_frame, shown_frames
from steps.publish.documents import JobDocuments

WRITERS = {
    artifacts.EDIT_LIST: cmx3600.write,
    artifacts.OTIO: otio.write,
    artifacts.FCPXML: fcpxml.write,
    artifacts.FCP7_XML: xmeml.write,
}


def edit_files(
    job: JobDocuments, manifest: Manifest, media: str = artifacts.SOURCE.path
) -> dict[Port, bytes]:
    """Every edit list of the rendered clips; `media` is the address of the source in them."""
    project = edit_project(job, manifest, media)
    return {port: write(project) for port, write in WRITERS.items()}


def edit_project(
    job: JobDocuments, manifest: Manifest, media: str = artifacts.SOURCE.path
) -> EditProject:
    """The clips in frames of the source, with where the crop windows are."""
    meta, rate = job.meta, counting_rate(job)
    canvas = job.crops.output if job.crops else meta.video.size
    return EditProject(
        name=meta.title or meta.name,
        media=media,
        rate=rate,
        frames=frame_at(max(0, meta.duration_ms - 1), rate) + 1,
        size=meta.video.size,
        canvas=canvas,
        channels=meta.audio.channels if meta.audio else 0,
        sample_rate_hz=meta.audio.sample_rate_hz if meta.audio else 0,
        clips=tuple(
            edited
            for clip, made in job.delivered(manifest)
            if (edited := _clip(job, clip, made[0], canvas))
        ),
        start_frame=counted_frame(meta.timecode, rate) if meta.timecode else 0,
        drop=drops_frames(meta.timecode, rate),
        variable=meta.video.variable_rate,
    )


def _clip(job: JobDocuments, clip: Clip, delivered: Delivered, canvas: Size) -> EditedClip | None:
    """A clip, cut where its layout changes; None if it is shorter than a frame of the source."""
    rate = counting_rate(job)
    first, end = shown_frames(job, clip, delivered)
    crop = job.crop(clip.id)
    shots = crop.shots if crop else ()
    changes = (nearest_frame(shot.in_ms, first, rate) for shot in shots[1:])
    edges = [first, *(max(first, min(end, frame)) for frame in changes), end]
    pieces = [
        _piece(shot, before, after, rate, job.meta.video.size, canvas)
        for shot, (before, after) in zip(shots or (None,), pairwise(edges), strict=True)
        if after > before
    ]
    if not pieces:
        return None
    speakers = sorted({cue.speaker for cue in _cues(job, clip) if cue.speaker})
    note = f"score {clip.score}" + (f", {', '.join(speakers)}" if speakers else "")
    captions = next((path for path in delivered.files if path.endswith(".srt")), "")
    texts = _texts(_cues(job, clip), rate, pieces)
    return EditedClip(clip.id, clip.title, note, captions, tuple(pieces), texts)


def _texts(cues: Sequence[Cue], rate: Fraction, pieces: Sequence[Piece]) -> tuple[EditedText, ...]:
    """The captions in frames of the source; those shorter than a frame are left out."""
    found = []
    for cue in cues:
        first = max(pieces[0].in_frame, frame_at(cue.in_ms, rate))
        end = min(pieces[-1].out_frame, frame_at(cue.out_ms, rate))
        lines = groupby(cue.words, key=lambda word: word.line)
        text = "\n".join(join(word.text for word in words) for _, words in lines)
        if end > first:
            found.append(EditedText(first, end, text))
    return tuple(found)


def _cues(job: JobDocuments, clip: Clip) -> Sequence[Cue]:
    found = job.cues(clip.id)
    return found.cues if found else ()


def _piece(
    shot: ShotCrop | None, first: int, end: int, rate: Fraction, size: Size, canvas: Size
) -> Piece:
    if shot is None:
        return Piece(first, end, "whole")
    return Piece(
        first,
        end,
        shot.layout,
        layers=tuple(
            _placements(region, first, end, rate, size, canvas) for region in shot.regions
        ),
        windows=tuple(region.model_dump(mode="json") for region in shot.regions),
    )


def _placements(
    region: Region, first: int, end: int, rate: Fraction, size: Size, canvas: Size
) -> tuple[Placement, ...]:
    """The window's keyframes as places of the picture, one a frame at most."""
    frames = {first, end - 1} | {frame_at(one.time_ms, rate) for one in region.keyframes}
    within = sorted(frame for frame in frames if first <= frame < end)
    if len(region.keyframes) == 1:
        within = within[:1]
    target = region.target
    is_trimmed = target != Box.whole(canvas)
    found = []
    for frame in within:
        shown = region.shown_mpx(Fraction(1000 * frame) / rate)
        left, top, width, height = (mpx / 1000 for mpx in shown)
        scale = target.width_px / width
        trim = Trim(
            left,
            top,
            size.width_px - left - width,
            size.height_px - top - height,
        )
        found.append(
            Placement(
                frame,
                scale,
                right_px=target.x_px
                + Fraction(target.width_px - canvas.width_px, 2)
                + ((size.width_px - width) / 2 - left) * scale,
                down_px=target.y_px
                + Fraction(target.height_px - canvas.height_px, 2)
                + ((size.height_px - height) / 2 - top) * scale,
                trim=trim if is_trimmed else None,
            )
        )
    return tuple(found)
