"""What the edit list of an MP4 or QuickTime file hides from its viewers.

A player leaves out what an edit list hides. Matroska cannot mark such packets, so a copy would show
them. Pictures that lean on hidden ones cannot be copied without them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from av.container import InputContainer
from av.stream import Stream

from steps.contract.errors import UnsupportedMedia
from steps.media.opening import opened
from steps.media.scan import TAIL_MS
from steps.media.track_boxes import NORMAL_RATE, Edit, edit_list

REORDERED = 16
"""Pictures that are shown after the last one may come before it in the file: at most so many."""

LEAST_HIDDEN = 8
"""Packets of sound: the padding of an encoder and the packets that it leans on are fewer."""


MOST_PARTS = 100
"""With more edits, ffmpeg places the pictures: a filter that names each part is slow."""

MOST_RUNS = 8
"""The film is decoded once for each: so often may an edit list go back."""


@dataclass(frozen=True)
class Part:
    """Pictures that follow each other in a track and on the screen, all times in its ticks.

    Attributes:
        first: the time of the first one, as ffmpeg reads it without the edit list.
        end: the time that none of them reaches.
        later: what is added to their times.
        start: when the first one appears.
    """

    first: int
    end: int
    later: int
    start: int


@dataclass(frozen=True)
class Hidden:
    """What the edit list hides.

    Attributes:
        is_within: pictures that are shown lean on hidden ones.
        kept_pictures: how many pictures of the file a copy keeps; None for all.
        end_ms: when the last picture ends on the player's clock, where a copy keeps hidden ones
            after it because others lean on them; else None.
        has_sound: sound is hidden, beyond an encoder's padding.
        parts: what is shown of the pictures, where they have to be decoded; empty where only ffmpeg
            can place them.
    """

    is_within: bool = False
    kept_pictures: int | None = None
    end_ms: int | None = None
    has_sound: bool = False
    parts: tuple[Part, ...] = ()


def hidden(path: Path, video: int, audio: int | None) -> Hidden:
    """Read the index of a file; only MP4 and QuickTime have edit lists.

    Args:
        path: of the file.
        video: the index of the stream of pictures.
        audio: the index of the sound; None without.

    Raises:
        UnsupportedMedia: pictures are shown at another speed than they were recorded, or the list
            goes back too often.
    """
    with opened(path) as (container, kind):
        if kind.demuxer != "mov":
            return Hidden()
        edits = edit_list(path, container.streams[video].id)
        _check_speed(path, edits)
        if _goes_back(edits) or (edits and _starts_before(container.streams[video])):
            return Hidden(is_within=True, has_sound=True, parts=_all_parts(path, edits, video))
        shown = [not is_hidden for is_hidden in _hidden_packets(container, video)]
        if all(shown) or not any(shown):
            return Hidden(has_sound=_hides_sound(container, audio))
        last = len(shown) - 1 - shown[::-1].index(True)
        is_within = not all(shown[: max(0, last - REORDERED)])
        end_ms = None
        if not is_within and not all(shown[: last + 1]):
            end_ms = _end_ms(edits, container.streams[video])
            is_within = end_ms is None or _sounds_after(container, audio, end_ms)
        if is_within:
            return Hidden(is_within=True, has_sound=True, parts=_parts(edits, _times(path, video)))
        kept = None if last == len(shown) - 1 else last + 1
        has_sound = _hides_sound(container, audio)
        return Hidden(kept_pictures=kept, end_ms=end_ms, has_sound=has_sound)


def _check_speed(path: Path, edits: Sequence[Edit]) -> None:
    for edit in edits:
        if edit.first is not None and edit.rate != NORMAL_RATE:
            raise UnsupportedMedia(
                f"{path.name} has an edit list that shows pictures at"
                f" {edit.rate / NORMAL_RATE:g} times their speed: export it again from the program"
                " that made it"
            )


def _end_ms(edits: Sequence[Edit], stream: Stream) -> int | None:
    """When the last edit ends; None where the edits cannot be read."""
    if not edits or stream.time_base is None:
        return None
    return round((edits[-1].at + edits[-1].length) * stream.time_base * 1000)


def _sounds_after(container: InputContainer, audio: int | None, end_ms: int) -> bool:
    """Whether sound goes on after the last picture, which stays on screen then."""
    stream = None if audio is None else container.streams[audio]
    if stream is None or stream.duration is None or stream.time_base is None:
        return stream is not None
    end = (stream.start_time or 0) + stream.duration
    return end * stream.time_base * 1000 > end_ms + TAIL_MS


def _times(path: Path, video: int) -> list[int]:
    """When each picture would appear without the edit list, in order."""
    with opened(path, ignore_editlist="1") as (container, _):
        packets = container.demux(container.streams[video])
        return sorted(packet.pts for packet in packets if packet.pts is not None)


def _goes_back(edits: Sequence[Edit]) -> bool:
    """Whether a part is shown that comes before the one before it, or again."""
    shown = [(edit.first, edit.length) for edit in edits if edit.first is not None]
    return any(after < first + length for (first, length), (after, _) in pairwise(shown))


def _starts_before(stream: Stream) -> bool:
    """Whether pictures are over when the film begins: ffmpeg hides none that are in fragments."""
    if stream.start_time is None or stream.time_base is None or not stream.average_rate:
        return False
    return stream.start_time * stream.time_base * stream.average_rate <= -1


def _all_parts(path: Path, edits: Sequence[Edit], video: int) -> tuple[Part, ...]:
    """The parts where ffmpeg would place the pictures wrongly, or hide none (in fragments)."""
    parts = _parts(edits, _times(path, video))
    if not parts or len(in_runs(parts)) > MOST_RUNS:
        raise UnsupportedMedia(
            f"{path.name} has an edit list that goes back too often: export it again from the"
            " program that made it"
        )
    return parts


def _parts(edits: Sequence[Edit], times: list[int]) -> tuple[Part, ...]:
    """The parts that the edits show; empty where they are too many, or not stated."""
    found: list[Part] = []
    for edit in edits:
        if edit.first is None:
            continue
        first, start = edit.first, round(edit.at)
        # Of fragments, the last edit states no length: it goes to the end.
        end = round(first + edit.length) if edit.length else times[-1] + 1
        if end <= first:
            return ()
        reached = found[-1].end if found and found[-1].end <= first else 0
        on_screen = times[max(0, bisect_right(times, first) - 1)]
        found.append(Part(max(reached, min(on_screen, first)), end, start - first, start))
    return tuple(found) if len(found) <= MOST_PARTS else ()


def in_runs(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts, in lists in which each begins where the one before ends, or later."""
    runs: list[list[Part]] = []
    for part in parts:
        if not runs or part.first < runs[-1][-1].end:
            runs.append([])
        runs[-1].append(part)
    return runs


def _hides_sound(container: InputContainer, audio: int | None) -> bool:
    return audio is not None and sum(_hidden_packets(container, audio)) > LEAST_HIDDEN


def _hidden_packets(container: InputContainer, index: int) -> list[bool]:
    """Of each packet in the order of the file, whether the edit list hides it."""
    stream: Stream = container.streams[index]
    return [entry.is_discard for entry in stream.index_entries]
