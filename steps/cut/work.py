"""Cut the plan's clips out of the source, with handles: copied where they are regular."""

from __future__ import annotations

from pathlib import Path

from steps.contract import Context
from steps.cut import CutParams
from steps.cut.pictures import clip_pictures, source_pictures
from steps.cut.regular import common_size, irregularity
from steps.media.conform import conform_span
from steps.media.excerpt import copy_span
from steps.media.survey import survey
from steps.model import artifacts
from steps.model.stills import still_name
from steps.model.timing import Span


def run(context: Context[CutParams]) -> None:
    """Write `cuts/clip_NN.mkv` for every clip, and pictures of them and of the source.

    `steps.media.cuts` says what a cut promises.
    """
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
    if spans:
        _write_pictures(context, meta.duration_ms, [folder / f"{name}.mkv" for name in spans])
    context.progress.report(1, 1)


def _write_pictures(context: Context[CutParams], duration_ms: int, cuts: list[Path]) -> None:
    """Write `frames/TIME.jpg`, which the report shows: of the whole source and of each clip."""
    folder = context.output(artifacts.FRAMES)
    found = source_pictures(context.input(artifacts.SOURCE), duration_ms)
    for cut in cuts:
        found |= clip_pictures(cut)
    for time_ms, picture in found.items():
        (folder / still_name(time_ms)).write_bytes(picture)


def with_handles(clip: Span, handles_ms: int, duration_ms: int) -> Span:
    """The clip with its handles, inside the source."""
    return Span(
        in_ms=max(0, clip.in_ms - handles_ms),
        out_ms=max(clip.out_ms, min(duration_ms, clip.out_ms + handles_ms)),
    )
