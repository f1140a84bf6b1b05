"""Cut the plan's clips out of the source, with handles: copied where they are regular."""

from __future__ import annotations

from steps.contract import Context
from steps.cut import CutParams
from steps.cut.regular import common_size, irregularity
from steps.media.conform import conform_span
from steps.media.excerpt import copy_span
from steps.media.survey import survey
from steps.model import artifacts
from steps.model.timing import Span


def run(context: Context[CutParams]) -> None:
    """Write `cuts/clip_NN.mkv` for every clip; `steps.media.cuts` says what a cut promises."""
    meta = context.read(artifacts.SOURCE_META)
    clips = context.read(artifacts.PLAN).clips
    source = context.input(artifacts.SOURCE)
    folder = context.output(artifacts.CUTS)
    spans = {
        clip.id: with_handles(clip, context.params.handles_ms, meta.duration_ms) for clip in clips
    }
    found = {name: survey(source, span) for name, span in spans.items()}
    size = common_size(found.values(), meta.video.size)
    for done, (name, span) in enumerate(spans.items()):
        context.progress.report(done, len(spans))
        path = folder / f"{name}.mkv"
        if why := irregularity(found[name], size):
            context.degrade(
                "pictures-conformed", f"the pictures of {name} are encoded again: {why}"
            )
            conform_span(source, span, found[name], size, path)
        else:
            copy_span(source, span, path)
        context.log.info("cut", clip=name, from_ms=span.in_ms, to_ms=span.out_ms)
    context.progress.report(1, 1)


def with_handles(clip: Span, handles_ms: int, duration_ms: int) -> Span:
    """The clip with its handles, inside the source."""
    return Span(
        in_ms=max(0, clip.in_ms - handles_ms),
        out_ms=max(clip.out_ms, min(duration_ms, clip.out_ms + handles_ms)),
    )
