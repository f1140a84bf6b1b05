"""The edit list of the clips that were rendered. Pure."""

from __future__ import annotations

from steps.model import artifacts
from steps.model.clips import Clip
from steps.model.edl import Edl, EdlEvent
from steps.model.manifest import Delivered, Manifest
from steps.publish.counting import counting_rate, shown_frames
from steps.publish.documents import JobDocuments


def edit_list(job: JobDocuments, manifest: Manifest) -> Edl:
    """One event for each delivered clip, in order of time, with its file in the main aspect."""
    return Edl(
        source_sha256=job.meta.source_sha256,
        rate=counting_rate(job),
        events=tuple(_event(job, clip, made[0]) for clip, made in job.delivered(manifest)),
    )


def _event(job: JobDocuments, clip: Clip, made: Delivered) -> EdlEvent:
    first, end = shown_frames(job, clip, made)
    return EdlEvent(
        id=clip.id,
        title=clip.title,
        in_ms=clip.in_ms,
        out_ms=clip.out_ms,
        in_frame=first,
        out_frame=end,
        file=str(artifacts.CLIP_VIDEO.resolve(made.id)),
    )
