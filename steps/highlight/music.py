"""Clips with music in most of them: whoever publishes one needs the rights to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from steps.model.clips import Clip
from steps.model.transcript import SoundSpan

MOSTLY_PERCENT = 50
"""A share of music from which it is heard as a part of the clip, also under speech."""


def music_percent(clip: Clip, sounds: Iterable[SoundSpan]) -> int:
    """The share of a clip in which there is music or singing."""
    edges = sorted(
        (max(clip.in_ms, sound.in_ms), min(clip.out_ms, sound.out_ms))
        for sound in sounds
        if sound.heard != "speech"
    )
    total, at = 0, clip.in_ms
    for start, end in edges:
        total += max(0, end - max(start, at))
        at = max(at, end)
    return 100 * total // max(1, clip.duration_ms)


def rights_note(clips: Sequence[Clip], sounds: Sequence[SoundSpan]) -> str:
    """What to say about clips with music in most of them, or an empty text."""
    shares = {clip.id: music_percent(clip, sounds) for clip in clips}
    found = [f"{name} ({share} %)" for name, share in shares.items() if share >= MOSTLY_PERCENT]
    if not found:
        return ""
    return (
        f"there is music in most of {', '.join(found)}: publish only music that you have the"
        " rights to"
    )
