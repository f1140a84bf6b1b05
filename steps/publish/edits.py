"""The edit list of the clips that were rendered. Pure."""

from __future__ import annotations

from steps.model import artifacts
from steps.model.edl import Edl, EdlEvent
from steps.model.manifest import Manifest
from steps.model.timing import frame_at
from steps.publish.documents import JobDocuments


def edit_list(job: JobDocuments, manifest: Manifest) -> Edl:
    """One event for each delivered clip, in order of time, with its file in the main aspect.

    A clip's frames run from the one that is shown at its in point to the last before the one that
    is shown at its out point, so clips that touch in time touch in frames.
    """
    rate = job.meta.video.rate
    return Edl(
        source_sha256=job.meta.source_sha256,
        rate=rate,
        events=tuple(
            EdlEvent(
                id=clip.id,
                title=clip.title,
                in_ms=clip.in_ms,
                out_ms=clip.out_ms,
                in_frame=frame_at(clip.in_ms, rate),
                out_frame=frame_at(clip.out_ms, rate),
                file=str(artifacts.CLIP_VIDEO.resolve(made[0].id)),
            )
            for clip, made in job.delivered(manifest)
        ),
    )
