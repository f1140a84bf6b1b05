"""Final Cut Pro 7 XML (xmeml 5), for Premiere and DaVinci Resolve: cuts, and the crop as motion.

Reference: Apple, "Final Cut Pro XML Interchange Format". A scale is in percent of the source's own
size; a centre is in widths and heights of the source from the canvas' middle, down is positive. A
crop is in percent of the source's width and height. Each window has a track of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from steps.formats.edit_project import (
    EditedClip,
    EditProject,
    Layer,
    Piece,
    decimal_text,
    xml_document,
    xml_text,
)

VERSION = "5"


def write(project: EditProject) -> bytes:
    """A sequence for each clip, in one project."""
    root = ET.Element("xmeml", version=VERSION)
    made = ET.SubElement(root, "project")
    _text(made, "name", project.name or "clips")
    children = ET.SubElement(made, "children")
    known: set[str] = set()
    for clip in project.clips:
        _sequence(children, project, clip, known)
    return xml_document(root, "<!DOCTYPE xmeml>")


def _sequence(parent: ET.Element, project: EditProject, clip: EditedClip, known: set[str]) -> None:
    sequence = ET.SubElement(parent, "sequence", id=clip.id)
    _text(sequence, "name", clip.name)
    _text(sequence, "duration", clip.frames)
    _rate(sequence, project)
    _timecode(sequence, project, 0)
    media = ET.SubElement(sequence, "media")
    video = ET.SubElement(media, "video")
    shape = ET.SubElement(ET.SubElement(video, "format"), "samplecharacteristics")
    _text(shape, "width", project.canvas.width_px)
    _text(shape, "height", project.canvas.height_px)
    _text(shape, "pixelaspectratio", "square")
    _rate(shape, project)
    for level in range(max(1, *(len(piece.layers) for piece in clip.pieces))):
        track, kind = ET.SubElement(video, "track"), "v" if not level else f"v{level + 1}-"
        for number, piece in enumerate(clip.pieces, 1):
            layer = piece.layers[level] if level < len(piece.layers) else ()
            if layer or not level:
                item = _item(track, project, clip, piece, f"{clip.id}-{kind}{number}")
                _file(item, project, known)
                _motion(item, project, layer)
    if project.channels:
        track = ET.SubElement(ET.SubElement(media, "audio"), "track")
        for number, piece in enumerate(clip.pieces, 1):
            item = _item(track, project, clip, piece, f"{clip.id}-a{number}")
            _file(item, project, known)
            source = ET.SubElement(item, "sourcetrack")
            _text(source, "mediatype", "audio")
            _text(source, "trackindex", 1)
    marker = ET.SubElement(sequence, "marker")
    _text(marker, "name", clip.title or clip.id)
    captions = f". Captions: {clip.captions}" if clip.captions else ""
    _text(marker, "comment", f"{clip.note}{captions}")
    _text(marker, "in", 0)
    _text(marker, "out", -1)


def _item(
    track: ET.Element, project: EditProject, clip: EditedClip, piece: Piece, name: str
) -> ET.Element:
    item = ET.SubElement(track, "clipitem", id=name)
    _text(item, "name", clip.name)
    _text(item, "duration", project.frames)
    _rate(item, project)
    at = piece.in_frame - clip.in_frame
    for field, frame in (
        ("start", at),
        ("end", at + piece.frames),
        ("in", piece.in_frame),
        ("out", piece.out_frame),
    ):
        _text(item, field, frame)
    return item


def _file(item: ET.Element, project: EditProject, known: set[str]) -> None:
    """The source: described the first time, then named."""
    file = ET.SubElement(item, "file", id="source")
    if "source" in known:
        return
    known.add("source")
    _text(file, "name", project.media.rpartition("/")[2])
    _text(file, "pathurl", project.media)
    _rate(file, project)
    _text(file, "duration", project.frames)
    _timecode(file, project, project.start_frame)
    media = ET.SubElement(file, "media")
    shape = ET.SubElement(ET.SubElement(media, "video"), "samplecharacteristics")
    _text(shape, "width", project.size.width_px)
    _text(shape, "height", project.size.height_px)
    if project.channels:
        audio = ET.SubElement(media, "audio")
        sound = ET.SubElement(audio, "samplecharacteristics")
        _text(sound, "samplerate", project.sample_rate_hz)
        _text(audio, "channelcount", project.channels)


def _motion(item: ET.Element, project: EditProject, layer: Layer) -> None:
    if not layer:
        return
    _crop(item, project, layer)
    effect = _effect(item, "Basic Motion", "basic")
    scales = [(one.frame, decimal_text(one.scale * 100)) for one in layer]
    _valued(_parameter(effect, "scale"), scales)
    centre = _parameter(effect, "center")
    for one in layer:
        keyed = centre
        if len(layer) > 1:
            keyed = ET.SubElement(centre, "keyframe")
            _text(keyed, "when", one.frame)
        place = ET.SubElement(keyed, "value")
        _text(place, "horiz", decimal_text(one.right_px / project.size.width_px, 6))
        _text(place, "vert", decimal_text(one.down_px / project.size.height_px, 6))


def _crop(item: ET.Element, project: EditProject, layer: Layer) -> None:
    trims = [(one.frame, one.trim) for one in layer if one.trim]
    if not trims:
        return
    effect = _effect(item, "Crop", "crop")
    width, height = project.size.width_px, project.size.height_px
    for side, whole in (("left", width), ("right", width), ("top", height), ("bottom", height)):
        values = [(frame, decimal_text(getattr(trim, side) * 100 / whole)) for frame, trim in trims]
        _valued(_parameter(effect, side), values)


def _valued(parameter: ET.Element, values: Sequence[tuple[int, str]]) -> None:
    """Give a parameter its value, or a keyframe at each frame where it changes."""
    if len({value for _, value in values}) == 1:
        _text(parameter, "value", values[0][1])
        return
    for frame, value in values:
        key = ET.SubElement(parameter, "keyframe")
        _text(key, "when", frame)
        _text(key, "value", value)


def _effect(item: ET.Element, name: str, key: str) -> ET.Element:
    effect = ET.SubElement(ET.SubElement(item, "filter"), "effect")
    for field, value in (
        ("name", name),
        ("effectid", key),
        ("effectcategory", "motion"),
        ("effecttype", "motion"),
        ("mediatype", "video"),
    ):
        _text(effect, field, value)
    return effect


def _parameter(effect: ET.Element, key: str) -> ET.Element:
    parameter = ET.SubElement(effect, "parameter")
    _text(parameter, "parameterid", key)
    _text(parameter, "name", key.capitalize())
    return parameter


def _rate(parent: ET.Element, project: EditProject) -> None:
    rate = ET.SubElement(parent, "rate")
    _text(rate, "timebase", project.base)
    _text(rate, "ntsc", "TRUE" if project.is_ntsc else "FALSE")


def _timecode(parent: ET.Element, project: EditProject, frame: int) -> None:
    code = ET.SubElement(parent, "timecode")
    _rate(code, project)
    _text(code, "string", project.timecode(frame))
    _text(code, "frame", frame)
    _text(code, "displayformat", "DF" if project.drops else "NDF")


def _text(parent: ET.Element, name: str, value: object) -> None:
    ET.SubElement(parent, name).text = xml_text(str(value))
