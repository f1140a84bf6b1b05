"""Clips with music in most of them."""

from __future__ import annotations

from typing import Literal

from steps.highlight.music import music_percent, rights_note
from steps.model.clips import Clip
from steps.model.transcript import SoundSpan


def clip(start: int, end: int, number: int = 1) -> Clip:
    return Clip(id=f"clip_{number:02}", in_ms=start, out_ms=end, title="", score=0, rank=number)


def heard(kind: Literal["speech", "singing", "music"], start: int, end: int) -> SoundSpan:
    return SoundSpan(in_ms=start, out_ms=end, heard=kind)


def test_music_and_singing_at_once_count_once() -> None:
    sounds = [
        heard("music", 0, 3000),
        heard("singing", 2000, 4000),
        heard("speech", 0, 10_000),
        heard("music", 9000, 20_000),
    ]
    assert music_percent(clip(0, 10_000), sounds) == 50
    assert music_percent(clip(4000, 9000), sounds) == 0
    assert music_percent(clip(10_000, 20_000), sounds) == 100


def test_the_note_names_the_clips_and_their_shares() -> None:
    sounds = [heard("music", 0, 6000)]
    clips = [clip(0, 10_000), clip(10_000, 20_000, 2), clip(0, 6000, 3)]
    assert rights_note(clips, sounds) == (
        "there is music in most of clip_01 (60 %), clip_03 (100 %): publish only music that you"
        " have the rights to"
    )
    assert rights_note(clips[1:2], sounds) == ""
