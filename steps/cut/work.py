"""Cut the plan's clips out of the source, with handles, as stream copies."""

from __future__ import annotations

from steps.contract import Context
from steps.cut import CutParams
from steps.media.excerpt import copy_span
from steps.model import artifacts
from steps.model.timing import Span


def run(context: Context[CutParams]) -> None:
    """Write `cuts/clip_NN.mkv` for every clip; `steps.media.cuts` reads them."""
    meta = context.read(artifacts.SOURCE_META)
    clips = context.read(artifacts.CLIPS).clips
    source = context.input(artifacts.SOURCE)
    folder = context.output(artifacts.CUTS)
    for done, clip in enumerate(clips):
        context.progress.report(done, len(clips))
        span = with_handles(clip, context.params.handles_ms, meta.duration_ms)
        start_ms = copy_span(source, span, folder / f"{clip.id}.mkv")
        context.log.info("cut", clip=clip.id, from_ms=start_ms, to_ms=span.out_ms)
    context.progress.report(1, 1)


def with_handles(clip: Span, handles_ms: int, duration_ms: int) -> Span:
    """The clip with its handles, inside the source."""
    return Span(
        in_ms=max(0, clip.in_ms - handles_ms),
        out_ms=max(clip.out_ms, min(duration_ms, clip.out_ms + handles_ms)),
    )
