"""reframe's work: tracks.json in, crops.json out."""

from __future__ import annotations

from collections import Counter

from steps.contract import Context
from steps.model import artifacts
from steps.model.crop import OUTPUT, ClipCrops, Crops, ShotCrop
from steps.reframe import ReframeParams
from steps.reframe.layouts import layout_of


def run(context: Context[ReframeParams]) -> None:
    """Plan every clip's shots."""
    tracks = context.read(artifacts.TRACKS)
    if tracks.clips:  # numpy takes longer to import than an empty plan to reframe
        from steps.reframe.framing import shot_crops
    layouts: Counter[str] = Counter()
    clips = []
    for clip in tracks.clips:
        shots: list[ShotCrop] = []
        for shot in clip.shots:
            layout = layout_of(shot, tracks.size, context.params.layout)
            shots += shot_crops(shot, layout, tracks.size, tracks.sample_ms)
            layouts[layout] += 1
        clips.append(ClipCrops(id=clip.id, shots=tuple(shots)))
        context.progress.report(len(clips), len(tracks.clips))
    context.log.info("framed", **layouts)
    context.write(artifacts.CROPS, Crops(size=tracks.size, output=OUTPUT, clips=tuple(clips)))
