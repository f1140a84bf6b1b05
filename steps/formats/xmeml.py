"""Final Cut Pro 7 XML (xmeml 5), for Premiere and DaVinci Resolve: cuts, and the crop as motion.

Reference: Apple, "Final Cut Pro XML Interchange Format". A scale is in percent of the source's own
size; a centre is in widths and heights of the source from the canvas' middle, down is positive.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from steps.formats.edit_project import (
    EditedClip,
    EditProject,
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
    tracks = [ET.SubElement(video, "track")]
    if project.channels:
        tracks.append(ET.SubElement(ET.SubElement(media, "audio"), "track"))
    for kind, track in zip(("v", "a"), tracks, strict=False):
        for number, piece in enumerate(clip.pieces, 1):
            item = _item(track, project, clip, piece, f"{clip.id}-{kind}{number}")
            _file(item, project, known)
            if kind == "v":
                _motion(item, project, piece)
            else:
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


def _motion(item: ET.Element, project: EditProject, piece: Piece) -> None:
    if not piece.placements:
        return
    effect = ET.SubElement(ET.SubElement(item, "filter"), "effect")
    for field, value in (
        ("name", "Basic Motion"),
        ("effectid", "basic"),
        ("effectcategory", "motion"),
        ("effecttype", "motion"),
        ("mediatype", "video"),
    ):
        _text(effect, field, value)
    scale = ET.SubElement(effect, "parameter")
    _text(scale, "parameterid", "scale")
    _text(scale, "name", "Scale")
    _text(scale, "value", decimal_text(piece.placements[0].scale * 100))
    centre = ET.SubElement(effect, "parameter")
    _text(centre, "parameterid", "center")
    _text(centre, "name", "Center")
    for one in piece.placements:
        keyed = centre
        if len(piece.placements) > 1:
            keyed = ET.SubElement(centre, "keyframe")
            _text(keyed, "when", one.frame)
        place = ET.SubElement(keyed, "value")
        _text(place, "horiz", decimal_text(one.right_px / project.size.width_px, 6))
        _text(place, "vert", decimal_text(one.down_px / project.size.height_px, 6))


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
