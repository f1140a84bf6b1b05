"""CMX 3600 edit decision lists: cuts only, which every editor reads. Pure."""

from __future__ import annotations

import re

from steps.formats.edit_project import EditedClip, EditProject, plain

REEL_CHARACTERS = 8
MOST_EVENTS = 999
"""Event numbers have three digits."""


def write(project: EditProject) -> bytes:
    """One event for each clip, one after the other on the record side.

    A clip's title is a locator at its begin; its captions are named in a comment.
    """
    lines = [
        f"TITLE: {plain(project.name) or 'clips'}",
        f"FCM: {'DROP FRAME' if project.drops else 'NON-DROP FRAME'}",
        "",
    ]
    at = 0
    for number, clip in enumerate(project.clips[:MOST_EVENTS], 1):
        lines += _event(project, clip, number, at)
        at += clip.frames
    return "\n".join(lines).encode()


def _event(project: EditProject, clip: EditedClip, number: int, at: int) -> list[str]:
    start = project.start_frame
    times = [
        project.timecode(frame)
        for frame in (start + clip.in_frame, start + clip.out_frame, at, at + clip.frames)
    ]
    track = "AA/V" if project.channels else "V"
    comments = [
        f"* FROM CLIP NAME: {project.media}",
        f"* LOC: {times[2]} RED     {clip.name}",
        f"* COMMENT: {plain(clip.note)}",
    ]
    if clip.captions:
        comments.append(f"* CAPTIONS: {clip.captions}")
    if project.variable:
        comments.append("* VARIABLE FRAME RATE: CONFORM THE SOURCE FIRST")
    return [
        f"{number:03}  {_reel(project.media):<8} {track:<5} C        {' '.join(times)}",
        *comments,
        "",
    ]


def _reel(media: str) -> str:
    """The tape: up to eight letters and digits of the file's name."""
    name = media.rpartition("/")[2].partition(".")[0].upper()
    return re.sub(r"[^A-Z0-9_]", "", name)[:REEL_CHARACTERS] or "AX"
