"""Small pictures of the source and of its clips, for people who look at the job's report.

Only key frames are decoded, so that a source of two hours costs as little as a short one. A shot
often begins with one; a shot that has none is drawn in the report without its picture.
"""

from __future__ import annotations

from pathlib import Path

from steps.media.frames import SmallPicture, key_frames, key_frames_at
from steps.media.jpeg import jpeg
from steps.model.stills import strip_times

LEAST_GAP_MS = 900
"""Two pictures of a clip are further apart; a shot is rarely shorter."""
MOST_IN_CLIP = 24
"""Pictures of one clip, whatever its number of key frames."""
WIDTH_PX = 320


def source_pictures(source: Path, duration_ms: int) -> dict[int, bytes]:
    """JPEG files by their time in milliseconds, evenly over the source.

    Raises:
        UnsupportedMedia: the file cannot be opened.
        BrokenContract: it has no picture.
    """
    return _encoded(list(key_frames_at(source, strip_times(duration_ms), WIDTH_PX)))


def clip_pictures(cut: Path) -> dict[int, bytes]:
    """JPEG files of a cut's key frames by their time in milliseconds, `MOST_IN_CLIP` at most.

    Raises:
        UnsupportedMedia: the file cannot be opened.
        BrokenContract: it has no picture.
    """
    found = list(key_frames(cut, LEAST_GAP_MS, WIDTH_PX))
    return _encoded(found[:: -(-len(found) // MOST_IN_CLIP) or 1])


def _encoded(pictures: list[SmallPicture]) -> dict[int, bytes]:
    return {one.time_ms: jpeg(one.pixels) for one in pictures}
