"""OpenTimelineIO's JSON (schemas of version 0.15 and later): cuts, and all we know as metadata.

Written by hand: the library is large for a laptop, and its JSON is public and small. The tests read
every file back with it.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from steps.formats.edit_project import EditedClip, EditProject, Piece

SCHEMA = "clipmill/edit@1"
"""Of our own metadata, under the key `clipmill`."""
MEDIA_KEY = "DEFAULT_MEDIA"


def write(project: EditProject) -> bytes:
    """A collection with a timeline for each clip, and a cut wherever the layout changes."""
    collection = {
        "OTIO_SCHEMA": "SerializableCollection.1",
        "name": project.name,
        "metadata": {
            "clipmill": {
                "schema": SCHEMA,
                "rate": f"{project.rate.numerator}/{project.rate.denominator}",
                "variable_rate": project.variable,
                "size": [project.size.width_px, project.size.height_px],
                "canvas": [project.canvas.width_px, project.canvas.height_px],
            }
        },
        "children": [_timeline(project, clip) for clip in project.clips],
    }
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


def _timeline(project: EditProject, clip: EditedClip) -> dict[str, Any]:
    kinds = ("Video", "Audio") if project.channels else ("Video",)
    return {
        "OTIO_SCHEMA": "Timeline.1",
        "name": clip.name,
        "metadata": {
            "clipmill": {
                "schema": SCHEMA,
                "id": clip.id,
                "title": clip.title,
                "note": clip.note,
                "captions": clip.captions,
            }
        },
        "global_start_time": None,
        "tracks": {
            "OTIO_SCHEMA": "Stack.1",
            "name": "tracks",
            **_item(),
            "children": [_track(project, clip, kind) for kind in kinds],
        },
    }


def _track(project: EditProject, clip: EditedClip, kind: str) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": "Track.1",
        "name": kind,
        **_item(),
        "kind": kind,
        "children": [
            _clip(project, clip, piece, marked=kind == "Video" and piece is clip.pieces[0])
            for piece in clip.pieces
        ],
    }


def _clip(project: EditProject, clip: EditedClip, piece: Piece, *, marked: bool) -> dict[str, Any]:
    first = project.start_frame + piece.in_frame
    crop = {"schema": SCHEMA, "layout": piece.layout, "windows": list(piece.windows)}
    marker = {
        "OTIO_SCHEMA": "Marker.2",
        "name": clip.title,
        "metadata": {},
        "color": "RED",
        "comment": clip.note,
        "marked_range": _range(project.rate, first, 1),
    }
    item = _item() | {
        "metadata": {"clipmill": crop},
        "source_range": _range(project.rate, first, piece.frames),
        "markers": [marker] if marked else [],
    }
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": clip.name,
        **item,
        "media_references": {
            MEDIA_KEY: {
                "OTIO_SCHEMA": "ExternalReference.1",
                "name": "",
                "metadata": {},
                "available_range": _range(project.rate, project.start_frame, project.frames),
                "available_image_bounds": None,
                "target_url": project.media,
            }
        },
        "active_media_reference_key": MEDIA_KEY,
    }


def _item() -> dict[str, Any]:
    return {"metadata": {}, "source_range": None, "effects": [], "markers": [], "enabled": True}


def _range(rate: Fraction, start: int, frames: int) -> dict[str, Any]:
    def time(value: int) -> dict[str, Any]:
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(value)}

    return {"OTIO_SCHEMA": "TimeRange.1", "duration": time(frames), "start_time": time(start)}
