"""The edit list of the clips that were rendered. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from steps.contract.ports import clip_of
from steps.model import artifacts
from steps.model.clips import Clips
from steps.model.edl import Edl, EdlEvent
from steps.model.source import SourceMeta
from steps.model.timing import frame_at


def edit_list(meta: SourceMeta, plan: Clips, delivered: Iterable[str]) -> Edl:
    """One event for each delivered clip, in order of time, with its file in the main aspect.

    A clip's frames run from the one that is shown at its in point to the last before the one that
    is shown at its out point, so clips that touch in time touch in frames.
    """
    rate = meta.video.rate
    clips = sorted(plan.clips, key=lambda clip: (clip.in_ms, clip.id))
    files: dict[str, str] = {}
    for one in delivered:
        files.setdefault(clip_of(one), str(artifacts.CLIP_VIDEO.resolve(one)))
    return Edl(
        source_sha256=meta.source_sha256,
        rate=rate,
        events=tuple(
            EdlEvent(
                id=clip.id,
                title=clip.title,
                in_ms=clip.in_ms,
                out_ms=clip.out_ms,
                in_frame=frame_at(clip.in_ms, rate),
                out_frame=frame_at(clip.out_ms, rate),
                file=files[clip.id],
            )
            for clip in clips
            if clip.id in files
        ),
    )
