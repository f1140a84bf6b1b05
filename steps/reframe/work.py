"""reframe's work: tracks.json in, crops.json and the ids of what to render out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import rfc8785

from steps.contract import Context
from steps.model import artifacts
from steps.model.canvas import Canvas, parse_aspects, rendition_id, shape
from steps.model.clips import LayoutHint
from steps.model.crop import ClipCrops, Crops, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.layouts import LayoutName
from steps.model.timing import Span
from steps.model.tracks import ClipTracks, ShotTracks, Tracks
from steps.reframe import ReframeParams
from steps.reframe.faces import with_faces
from steps.reframe.inside import moved_in, moved_out
from steps.reframe.layouts import Seen, layouts_of
from steps.reframe.texts import with_texts

LACKING = {"stack": "webcam", "split": "second person", "grid": "third person"}


def run(context: Context[ReframeParams]) -> None:
    """Plan every clip's shots in each aspect."""
    tracks, hints = context.read(artifacts.TRACKS), _hints(context)
    main, *further = aspects = parse_aspects(context.params.aspect)
    canvases = [Canvas.of(aspect, int(context.params.size)) for aspect in aspects]
    pushes = _pushes(context, tracks)
    plans = [_planned(context, tracks, hints, pushes, canvas) for canvas in canvases]
    context.write(artifacts.CROPS, plans[0])
    for aspect, plan in zip(further, plans[1:], strict=True):
        path = context.output(artifacts.MORE_CROPS) / f"{shape(aspect)}.json"
        path.write_bytes(plan.canonical_bytes())
    ids = [rendition_id(clip.id, aspect, main) for clip in tracks.clips for aspect in aspects]
    context.output(artifacts.CLIP_IDS).write_bytes(rfc8785.dumps(ids))


def _planned(
    context: Context[ReframeParams],
    tracks: Tracks,
    hints: Mapping[str, LayoutHint],
    pushes: Mapping[str, Sequence[Span]],
    canvas: Canvas,
) -> Crops:
    """The crop plan of every clip on a canvas."""
    params = context.params
    if tracks.clips:  # numpy takes longer to import than an empty plan to reframe
        from steps.reframe.shots import crops_of_shot
        from steps.reframe.stacks import StackStyle

        style = StackStyle(params.stack_screen_percent, params.stack_webcam == "over")
    if pushes:
        from steps.reframe.pushes import with_pushes
    layouts: Counter[str] = Counter()
    clips = []
    for clip in tracks.clips:
        hint = hints.get(clip.id, "")
        insides = [shot.inside or Box.whole(tracks.size) for shot in clip.shots]
        seen = [
            _seen(shot, inside, hint, canvas)
            for shot, inside in zip(clip.shots, insides, strict=True)
        ]
        chosen = layouts_of(seen, params.layout)
        _note_others(context, clip, chosen)
        shots: list[ShotCrop] = []
        for one, shot, layout, inside in zip(seen, clip.shots, chosen, insides, strict=True):
            planned = crops_of_shot(one, layout, tracks.sample_ms, canvas, style)
            if clip.id in pushes:
                planned = tuple(with_pushes(crop, one.shot, pushes[clip.id]) for crop in planned)
            shots += (
                with_texts(
                    with_faces(moved_out(crop, inside), shot, canvas.size, tracks.sample_ms), shot
                )
                for crop in planned
            )
            layouts[layout] += 1
        clips.append(ClipCrops(id=clip.id, shots=tuple(shots)))
    context.log.info("framed", width=canvas.size.width_px, layouts=dict(layouts))
    return Crops(size=tracks.size, output=canvas.size, clips=tuple(clips))


def _hints(context: Context[ReframeParams]) -> Mapping[str, LayoutHint]:
    """What the words of each clip say about its picture."""
    if not context.has(artifacts.SUMMARY):
        return {}
    return {clip.id: clip.layout for clip in context.read(artifacts.SUMMARY).clips}


def _pushes(context: Context[ReframeParams], tracks: Tracks) -> Mapping[str, Sequence[Span]]:
    """When each clip may be pushed in on; nothing where the camera only follows."""
    if context.params.motion == "off" or not tracks.clips:
        return {}
    from steps.model.phrases import key_words
    from steps.reframe.pushes import pushes_of

    known = context.has(artifacts.TRANSCRIPT.maybe())
    words = context.read(artifacts.TRANSCRIPT).words if known else ()
    about = context.read(artifacts.SUMMARY).clips if context.has(artifacts.SUMMARY) else ()
    tags = {clip.id: clip.tags for clip in about}
    return {
        clip.id: pushes_of(clip.span, words, key_words(tags.get(clip.id, ())))
        for clip in tracks.clips
    }


def _seen(shot: ShotTracks, inside: Box, hint: LayoutHint, canvas: Canvas) -> Seen:
    size = Size(width_px=inside.width_px, height_px=inside.height_px)
    return Seen(moved_in(shot, inside), size, hint, canvas.size)


def _note_others(
    context: Context[ReframeParams], clip: ClipTracks, chosen: list[LayoutName]
) -> None:
    """Say which shots could not have the layout that was asked for."""
    asked = context.params.layout
    if asked == "auto":
        return
    others = [
        (shot, layout) for shot, layout in zip(clip.shots, chosen, strict=True) if layout != asked
    ]
    if not others or asked not in LACKING:
        return
    shot, layout = others[0]
    context.degrade(
        f"no-{asked}",
        f"{clip.id} has {len(others)} of {len(chosen)} shots without a {LACKING[asked]} for "
        f"--layout={asked}, the first at {shot.in_ms} ms: they are shown as {layout}",
    )
