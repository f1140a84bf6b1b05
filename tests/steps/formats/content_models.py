"""What an element of FCPXML may hold, in which order: of the elements that we write.

Written from Apple, "FCPXML Reference", Document Type Definition (version 1.10, whose content models
of these elements are those of 1.9). Final Cut Pro refuses a file that does not follow it.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

ADJUSTMENTS = "adjust-crop? adjust-conform? adjust-transform? adjust-volume?"
ANCHORED = "(video|title|asset-clip)*"

MODELS = {
    "fcpxml": "resources? library",
    "resources": "(asset|effect|format)*",
    "format": "",
    "asset": "media-rep+",
    "media-rep": "",
    "effect": "",
    "library": "event*",
    "event": "project*",
    "project": "sequence",
    "sequence": "note? spine",
    "spine": "(asset-clip|title|video)*",
    "asset-clip": f"note? {ADJUSTMENTS} {ANCHORED} marker*",
    "video": f"param* note? {ADJUSTMENTS.removesuffix(' adjust-volume?')} {ANCHORED} marker*",
    "title": "param* text* text-style-def* note? adjust-crop? adjust-conform? adjust-transform?",
    "text": "text-style*",
    "text-style-def": "text-style",
    "text-style": "",
    "adjust-crop": "crop-rect? trim-rect?",
    "trim-rect": "param*",
    "adjust-transform": "param*",
    "param": "keyframeAnimation? param*",
    "keyframeAnimation": "keyframe*",
    "keyframe": "",
    "marker": "",
    "note": "",
}
"""Regular expressions of names; what may come in between, and is never written, is left out."""

NEEDED = {
    "fcpxml": "version",
    "format": "id",
    "asset": "id",
    "media-rep": "src",
    "effect": "id uid",
    "sequence": "format",
    "asset-clip": "ref",
    "video": "ref duration",
    "title": "ref duration",
    "text-style-def": "id",
    "adjust-crop": "mode",
    "param": "name",
    "keyframe": "time value",
    "marker": "start value",
}
"""Attributes without which an element is refused."""

TEXT = {"note", "text", "text-style"}
"""Elements that may hold text."""


def faults(root: ET.Element) -> list[str]:
    """What of a document breaks the order, the names or the references."""
    found = []
    ids = {one.get("id") for one in root.iter() if "id" in one.attrib}
    if len(ids) != sum("id" in one.attrib for one in root.iter()):
        found.append("two elements have one id")
    for one in root.iter():
        if one.tag not in MODELS:
            found.append(f"{one.tag} is not known")
            continue
        holds = "".join(f"<{child.tag}>" for child in one)
        model = re.sub(r"[a-zA-Z-]+", lambda name: f"(?:<{name[0]}>)", MODELS[one.tag])
        if not re.fullmatch(model.replace(" ", ""), holds):
            found.append(f"{one.tag} holds {holds}, not {MODELS[one.tag]}")
        lacking = set(NEEDED.get(one.tag, "").split()) - set(one.attrib)
        if lacking:
            found.append(f"{one.tag} lacks {', '.join(sorted(lacking))}")
        refers = {one.get(name) for name in ("ref", "format")} - {None}
        if not refers <= ids:
            found.append(f"{one.tag} refers to {', '.join(map(str, refers - ids))}")
        if one.tag not in TEXT and (one.text or "").strip():
            found.append(f"{one.tag} holds text")
    return found
