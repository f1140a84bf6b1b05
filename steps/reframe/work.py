"""reframe's work: tracks.json in, crops.json out."""

from __future__ import annotations

from collections import Counter

from steps.contract import Context
from steps.model import artifacts
from steps.model.canvas import Canvas
from steps.model.crop import ClipCrops, Crops, ShotCrop
from steps.model.geometry import Box, Size
from steps.reframe import ReframeParams
from steps.reframe.faces import with_faces
from steps.reframe.inside import moved_in, moved_out
from steps.reframe.layouts import layout_of


def run(context: Context[ReframeParams]) -> None:
    """Plan every clip's shots."""
    tracks = context.read(artifacts.TRACKS)
    if tracks.clips:  # numpy takes longer to import than an empty plan to reframe
        from steps.reframe.framing import shot_crops
    width, height = tracks.size.width_px, tracks.size.height_px
    whole = Box(x_px=0, y_px=0, width_px=width, height_px=height)
    canvas = Canvas.of(context.params.aspect, int(context.params.size))
    layouts: Counter[str] = Counter()
    clips = []
    for clip in tracks.clips:
        shots: list[ShotCrop] = []
        for shot in clip.shots:
            inside = shot.inside or whole
            moved = moved_in(shot, inside)
            size = Size(width_px=inside.width_px, height_px=inside.height_px)
            layout = layout_of(moved, size, context.params.layout)
            planned = shot_crops(moved, layout, size, tracks.sample_ms, canvas)
            shots += (
                with_faces(moved_out(crop, inside), shot, canvas.size, tracks.sample_ms)
                for crop in planned
            )
            layouts[layout] += 1
        clips.append(ClipCrops(id=clip.id, shots=tuple(shots)))
        context.progress.report(len(clips), len(tracks.clips))
    context.log.info("framed", **layouts)
    context.write(artifacts.CROPS, Crops(size=tracks.size, output=canvas.size, clips=tuple(clips)))
