"""What the edit list of an MP4 or QuickTime file hides from its viewers.

A player leaves out what an edit list hides. Matroska cannot mark such packets, so a copy would show
them. Pictures that lean on hidden ones cannot be copied without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from av.container import InputContainer
from av.stream import Stream

from steps.media.opening import opened

REORDERED = 16
"""Pictures that are shown after the last one may come before it in the file: at most so many."""

LEAST_HIDDEN = 8
"""Packets of sound: the padding of an encoder and the packets that it leans on are fewer."""


@dataclass(frozen=True)
class Hidden:
    """What the edit list hides.

    Attributes:
        is_within: pictures that are shown lean on hidden ones.
        kept_pictures: how many pictures of the file a copy keeps; None for all.
        has_sound: sound is hidden, beyond an encoder's padding.
    """

    is_within: bool = False
    kept_pictures: int | None = None
    has_sound: bool = False


def hidden(path: Path, video: int, audio: int | None) -> Hidden:
    """Read the index of a file; only MP4 and QuickTime have edit lists.

    Args:
        path: of the file.
        video: the index of the stream of pictures.
        audio: the index of the sound; None without.
    """
    with opened(path) as (container, kind):
        if kind.demuxer != "mov":
            return Hidden()
        shown = [not is_hidden for is_hidden in _hidden_packets(container, video)]
        if all(shown) or not any(shown):
            return Hidden(has_sound=_hides_sound(container, audio))
        last = len(shown) - 1 - shown[::-1].index(True)
        is_within = not all(shown[: max(0, last - REORDERED)])
        kept = None if is_within or last == len(shown) - 1 else last + 1
        return Hidden(is_within, kept, is_within or _hides_sound(container, audio))


def _hides_sound(container: InputContainer, audio: int | None) -> bool:
    return audio is not None and sum(_hidden_packets(container, audio)) > LEAST_HIDDEN


def _hidden_packets(container: InputContainer, index: int) -> list[bool]:
    """Of each packet in the order of the file, whether the edit list hides it."""
    stream: Stream = container.streams[index]
    return [entry.is_discard for entry in stream.index_entries]
