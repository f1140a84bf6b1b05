"""FCPXML 1.9, for Final Cut Pro and DaVinci Resolve: cuts, and the crop as a moving transform.

Reference: Apple, "FCPXML Reference". Positions are in percent of the canvas' height, up is
positive; a scale of 1 fits the whole picture into the canvas. All sides of a trim are in percent of
the source's height. Windows above the first are connected clips without sound. Captions are titles
above all windows, plain text in the middle of the lower part.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

from steps.formats.edit_project import (
    EditedClip,
    EditedText,
    EditProject,
    Layer,
    decimal_text,
    plain,
    xml_document,
    xml_text,
)

VERSION = "1.9"
BASIC_TITLE = ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"
"""The title that every Final Cut Pro has; Resolve reads it as its own plain text."""
TITLE_PLACE = "0 -25"
"""A quarter of the height below the middle: clear of faces and of the platforms' buttons."""
TITLE_STYLE = {"font": "Helvetica", "fontSize": "72", "fontFace": "Bold", "fontColor": "1 1 1 1"}
SIDES = ("left", "top", "right", "bottom")


def write(project: EditProject) -> bytes:
    """A project for each clip, in one event."""
    root = ET.Element("fcpxml", version=VERSION)
    resources = ET.SubElement(root, "resources")
    for name, size in (("r1", project.size), ("r2", project.canvas)):
        ET.SubElement(
            resources,
            "format",
            id=name,
            frameDuration=_time(1, project.rate),
            width=str(size.width_px),
            height=str(size.height_px),
        )
    asset = ET.SubElement(
        resources,
        "asset",
        id="r3",
        name=xml_text(project.media.rpartition("/")[2]),
        start=_time(project.start_frame, project.rate),
        duration=_time(project.frames, project.rate),
        hasVideo="1",
        format="r1",
    )
    if project.channels:
        asset.attrib |= {
            "hasAudio": "1",
            "audioSources": "1",
            "audioChannels": str(project.channels),
            "audioRate": str(project.sample_rate_hz),
        }
    ET.SubElement(asset, "media-rep", kind="original-media", src=project.media)
    if any(clip.texts for clip in project.clips):
        ET.SubElement(resources, "effect", id="r4", name="Basic Title", uid=BASIC_TITLE)
    library = ET.SubElement(root, "library")
    event = ET.SubElement(library, "event", name=xml_text(project.name) or "clips")
    for clip in project.clips:
        _project(event, project, clip)
    return xml_document(root, "<!DOCTYPE fcpxml>")


def _project(event: ET.Element, project: EditProject, clip: EditedClip) -> None:
    made = ET.SubElement(event, "project", name=xml_text(clip.name))
    code = "DF" if project.drops else "NDF"
    sequence = ET.SubElement(
        made,
        "sequence",
        format="r2",
        duration=_time(clip.frames, project.rate),
        tcStart="0s",
        tcFormat=code,
    )
    ET.SubElement(sequence, "note").text = xml_text(f"{clip.note}. Captions: {clip.captions}")
    spine = ET.SubElement(sequence, "spine")
    for piece in clip.pieces:
        first = project.start_frame + piece.in_frame
        item = ET.SubElement(
            spine,
            "asset-clip",
            ref="r3",
            name=xml_text(clip.name),
            offset=_time(piece.in_frame - clip.in_frame, project.rate),
            start=_time(first, project.rate),
            duration=_time(piece.frames, project.rate),
            format="r1",
            tcFormat=code,
        )
        ET.SubElement(item, "note").text = xml_text(f"layout: {piece.layout}")
        if piece.layers:
            _transform(item, project, piece.layers[0])
        for lane, layer in enumerate(piece.layers[1:], 1):
            _connected(item, project, clip, layer, lane)
        for number, text in enumerate(clip.texts, 1):
            if piece.in_frame <= text.in_frame < piece.out_frame:
                _title(item, project, f"{clip.id}-t{number}", text, max(1, len(piece.layers)))
        if piece is clip.pieces[0]:
            ET.SubElement(
                item,
                "marker",
                start=_time(first, project.rate),
                duration=_time(1, project.rate),
                value=xml_text(clip.title) or clip.id,
                note=xml_text(clip.note),
            )


def _connected(
    item: ET.Element, project: EditProject, clip: EditedClip, layer: Layer, lane: int
) -> None:
    """A window that lies over the clip; it starts where the clip does, on the clip's own clock."""
    video = ET.SubElement(
        item,
        "video",
        ref="r3",
        lane=str(lane),
        name=xml_text(clip.name),
        offset=item.attrib["start"],
        start=item.attrib["start"],
        duration=item.attrib["duration"],
    )
    _transform(video, project, layer)


def _title(item: ET.Element, project: EditProject, name: str, text: EditedText, lane: int) -> None:
    """A caption over the piece in which it begins, in a style of its own name."""
    said = xml_text(text.text)
    title = ET.SubElement(
        item,
        "title",
        ref="r4",
        lane=str(lane),
        name=plain(said) or name,
        offset=_time(project.start_frame + text.in_frame, project.rate),
        duration=_time(text.out_frame - text.in_frame, project.rate),
    )
    ET.SubElement(ET.SubElement(title, "text"), "text-style", ref=name).text = said
    style = ET.SubElement(title, "text-style-def", id=name)
    ET.SubElement(style, "text-style", TITLE_STYLE, alignment="center")
    ET.SubElement(title, "adjust-transform", position=TITLE_PLACE)


def _transform(item: ET.Element, project: EditProject, layer: Layer) -> None:
    _trim(item, project, layer)
    width, height = project.canvas.width_px, project.canvas.height_px
    fitted = min(Fraction(width, project.size.width_px), Fraction(height, project.size.height_px))
    percent = Fraction(100, height)
    values = []
    for one in layer:
        right, up = decimal_text(one.right_px * percent), decimal_text(-one.down_px * percent)
        scale = decimal_text(one.scale / fitted)
        values.append((project.start_frame + one.frame, f"{right} {up}", f"{scale} {scale}"))
    _, position, scale = values[0]
    transform = ET.SubElement(item, "adjust-transform", position=position, scale=scale)
    if len(values) == 1:
        return
    _animated(transform, "position", [(frame, place) for frame, place, _ in values], project)
    if len({scale for _, _, scale in values}) > 1:
        _animated(transform, "scale", [(frame, scale) for frame, _, scale in values], project)


def _trim(item: ET.Element, project: EditProject, layer: Layer) -> None:
    trims = [(project.start_frame + one.frame, one.trim) for one in layer if one.trim]
    if not trims:
        return
    percent = Fraction(100, project.size.height_px)
    crop = ET.SubElement(item, "adjust-crop", mode="trim")
    sides = {
        side: [(frame, decimal_text(getattr(trim, side) * percent)) for frame, trim in trims]
        for side in SIDES
    }
    rect = ET.SubElement(crop, "trim-rect", {side: values[0][1] for side, values in sides.items()})
    for side, values in sides.items():
        if len({value for _, value in values}) > 1:
            _animated(rect, side, values, project)


def _animated(
    parent: ET.Element, name: str, values: list[tuple[int, str]], project: EditProject
) -> None:
    """A parameter that moves from value to value, linearly."""
    parameter = ET.SubElement(parent, "param", name=name, key=name, value=values[0][1])
    animation = ET.SubElement(parameter, "keyframeAnimation")
    for frame, value in values:
        ET.SubElement(
            animation, "keyframe", time=_time(frame, project.rate), value=value, curve="linear"
        )


def _time(frames: int, rate: Fraction) -> str:
    """Frames as rational seconds in the clock of the rate: `1001/30000s`."""
    return f"{frames * rate.denominator}/{rate.numerator}s" if frames else "0s"
