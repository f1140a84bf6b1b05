"""FCPXML 1.9, for Final Cut Pro and DaVinci Resolve: cuts, and the crop as a moving transform.

Reference: Apple, "FCPXML Reference". Positions are in percent of the canvas' height, up is
positive; a scale of 1 fits the whole picture into the canvas.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

from steps.formats.edit_project import (
    EditedClip,
    EditProject,
    Piece,
    decimal_text,
    xml_document,
    xml_text,
)

VERSION = "1.9"


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
        name=xml_text(project.media),
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
        _transform(item, project, piece)
        if piece is clip.pieces[0]:
            ET.SubElement(
                item,
                "marker",
                start=_time(first, project.rate),
                duration=_time(1, project.rate),
                value=xml_text(clip.title) or clip.id,
                note=xml_text(clip.note),
            )


def _transform(item: ET.Element, project: EditProject, piece: Piece) -> None:
    if not piece.placements:
        return
    width, height = project.canvas.width_px, project.canvas.height_px
    fitted = min(Fraction(width, project.size.width_px), Fraction(height, project.size.height_px))
    percent = Fraction(100, height)
    values = []
    for one in piece.placements:
        right, up = decimal_text(one.right_px * percent), decimal_text(-one.down_px * percent)
        scale = decimal_text(one.scale / fitted)
        values.append((project.start_frame + one.frame, f"{right} {up}", f"{scale} {scale}"))
    _, position, scale = values[0]
    transform = ET.SubElement(item, "adjust-transform", position=position, scale=scale)
    if len(values) == 1:
        return
    parameter = ET.SubElement(transform, "param", name="position", key="position", value=position)
    animation = ET.SubElement(parameter, "keyframeAnimation")
    for frame, position, _ in values:
        ET.SubElement(
            animation,
            "keyframe",
            time=_time(frame, project.rate),
            value=position,
            curve="linear",
        )


def _time(frames: int, rate: Fraction) -> str:
    """Frames as rational seconds in the clock of the rate: `1001/30000s`."""
    return f"{frames * rate.denominator}/{rate.numerator}s" if frames else "0s"
