"""The pixels of a finished clip: its key frames and the frames at its ends, small and grey."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.media.cuts import seek_arguments
from steps.media.ffmpeg import EXACT_SCALING, run
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.render.encode import key_gap
from steps.render.measured import Pictures
from steps.render.plan import Grid
from steps.render.viewer_checks import LONGEST_BLACK_S, LONGEST_FROZEN_S

SHORT_SIDE_PX = 270
"""Of the small pictures: a quarter of full HD."""
DARK, DARK_SHARE = 32, 0.98
"""A picture is black when this share of its pixels is darker than this, of 255."""
CHANGED, CHANGED_SHARE = 12, 0.0005
"""Two pictures are the same when fewer of their pixels differ by more levels: an eye that blinks in
a close-up is a thousandth of the picture."""
END_FRAMES = 4
CUT_LEVELS, CUT_TIMES = 20.0, 3.0
"""Another shot begins where pictures differ by so much on average, and by so many times more than
their neighbours do."""
LONGEST_LOOK_MS = 10_000
"""So much of a frozen or black stretch is compared with the source."""

Grey = NDArray[np.uint8]
"""Pictures x height x width, 0 to 255."""


@dataclass(frozen=True)
class SmallPictures:
    """What was decoded of a clip: all key frames, and the first and the last frames."""

    keys: Grey
    head: Grey
    tail: Grey


def small_size(size: Size) -> Size:
    """The size of the small pictures of a clip."""
    shrink = max(1, round(min(size.width_px, size.height_px) / SHORT_SIDE_PX))
    return Size(width_px=size.width_px // shrink, height_px=size.height_px // shrink)


def decode(video: Path, grid: Grid, size: Size) -> SmallPictures:
    """Decode every key frame and the ends, strictly; the packets between are counted.

    Decoding every picture would cost a tenth of the whole render, and the encoder's own output in
    the file that ffmpeg just closed holds no other surprises than a cut or a gap.
    """
    folder, small = video.parent, small_size(size)
    method = f"neighbor+{EXACT_SCALING}"
    shape = f"scale={small.width_px}:{small.height_px}:flags={method},format=gray"
    source = f"file:{video.resolve()}"
    strict = ["-err_detect", "explode"]
    late = max(Fraction(0), (grid.count - END_FRAMES - Fraction(1, 2)) / grid.rate)
    raw = ["-fps_mode", "passthrough", "-f", "rawvideo"]
    names = [folder / f"{name}.grey" for name in ("keys", "head", "tail")]
    run(
        [
            "-threads", "1", "-xerror",
            *strict, "-skip_frame", "nokey", "-i", source,
            *strict, "-threads", "1", "-t", f"{float(END_FRAMES / grid.rate):.6f}", "-i", source,
            *strict, "-threads", "1", "-ss", f"{float(late):.6f}", "-i", source,
            "-map", "0:v:0", "-vf", shape, *raw, f"file:{names[0]}",
            "-map", "1:v:0", "-vf", shape, *raw, f"file:{names[1]}",
            "-map", "2:v:0", "-vf", shape, *raw, f"file:{names[2]}",
        ]
    )  # fmt: skip
    keys, head, tail = (_read(name, small) for name in names)
    return SmallPictures(keys, head[:END_FRAMES], tail[-END_FRAMES:])


def _read(path: Path, size: Size) -> Grey:
    return np.fromfile(path, np.uint8).reshape(-1, size.height_px, size.width_px)


def judged(
    found: SmallPictures, inked_rows: NDArray[np.bool_], cut: Path, grid: Grid, size: Size
) -> Pictures:
    """What the pictures show.

    Args:
        found: the decoded pictures.
        inked_rows: of the small pictures, those in which captions come and go.
        cut: the source of the clip, which is looked at where the clip is black or still.
        grid: the clip's frames.
        size: of the clip.
    """
    clear = found.keys if inked_rows.all() else found.keys[:, ~inked_rows]
    gap = key_gap(grid)
    gap_s = gap / float(grid.rate)

    def faults_s(marks: Sequence[bool], most_s: float, look: Callable[[Grey], list[bool]]) -> float:
        """The longest stretch, but for those in which the source is the same."""
        lengths = [0.0]
        for first, last in stretches(marks):
            length_s = (last - first) * gap_s
            start, end = (round(grid.time_ms(gap * key)) for key in (first, last))
            is_long = length_s > most_s or last - first == len(marks)
            if is_long and all(look(_of_source(cut, Span(in_ms=start, out_ms=end)))):
                continue
            lengths.append(length_s)
        return max(lengths)

    black = _black(clear)
    return Pictures(
        black=Fraction(sum(black), max(1, len(black))),
        black_s=faults_s(black, LONGEST_BLACK_S, _black),
        frozen_s=faults_s(_still(clear), LONGEST_FROZEN_S, _still),
        stray_frames=stray_frames(found.head) + stray_frames(found.tail[::-1]),
    )


def stretches(marks: Sequence[bool]) -> list[tuple[int, int]]:
    """The first and the last place, `[first, last)`, of each run of true values."""
    edges = np.flatnonzero(np.diff(np.array([False, *marks, False]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def stray_frames(pictures: Grey) -> int:
    """How many of the first pictures belong to another shot than those after them."""
    steps = [float(np.abs(a.astype(np.int16) - b).mean()) for a, b in pairwise(pictures)]
    for place, step in enumerate(steps):
        others = [one for other, one in enumerate(steps) if other != place]
        if step >= CUT_LEVELS and step >= CUT_TIMES * max(others, default=0.0):
            return place + 1
    return 0


def _black(pictures: Grey) -> list[bool]:
    return [bool(np.mean(one < DARK) >= DARK_SHARE) for one in pictures]


def _still(pictures: Grey) -> list[bool]:
    """Whether each picture but the first is the same as the one before it."""
    return [
        bool(np.mean(np.abs(after.astype(np.int16) - before) > CHANGED) < CHANGED_SHARE)
        for before, after in pairwise(pictures)
    ]


def _of_source(cut: Path, span: Span) -> Grey:
    """Two pictures a second of the source, over the beginning of a stretch."""
    size = Size(width_px=320, height_px=180)
    length_s = min(span.duration_ms, LONGEST_LOOK_MS) / 1000
    shape = f"fps=2,scale={size.width_px}:{size.height_px}:flags=area,format=gray"
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "source.grey"
        run(
            ["-threads", "1", *seek_arguments(cut.resolve(), span.in_ms), "-map", "0:v:0",
             "-t", f"{length_s:.3f}", "-vf", shape, "-f", "rawvideo", f"file:{file}"]
        )  # fmt: skip
        return _read(file, size)
