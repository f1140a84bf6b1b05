"""The vernier of a push-in: crop, scale and crop, with new sizes in each frame. Pure.

Where the scale changes slowly, each frame takes the even window, the even scaled size and the even
offsets that bring both edges of the picture nearest to where they should be. At the source's own
edge there would be too few of them, so its outermost pixels are repeated outwards at first; none of
the repeated ones is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steps.model.geometry import Size, even
from steps.render.plan import Pane
from steps.render.veils import Move
from steps.render.vernier import GUARD_PX, ZOOM

BORDER_SHARE = 0.05
"""Of a side of the source, that is added on each side: room for windows that are larger than what
is shown."""


@dataclass(frozen=True)
class ZoomCut:
    """One axis of a frame, in even pixels.

    Attributes:
        window: length of the first crop, in the bordered source.
        scaled: its length after scaling.
        first: where the first crop begins.
        second: where the output begins in what is scaled.
    """

    window: int
    scaled: int
    first: int
    second: int

    def shown_px(self, target: int) -> tuple[float, float]:
        """The first and the last edge of what is shown, in pixels of the bordered source."""
        scale = self.scaled / self.window
        return self.first + self.second / scale, self.first + (self.second + target) / scale


def border_px(length: int) -> int:
    """What is added to a side of the source at each end, even."""
    return max(2, even(BORDER_SHARE * length))


def nearest_cut(length: int, target: int, centre_px: float, shown_px: float) -> ZoomCut:
    """The cut whose edges are nearest to the wanted ones.

    Args:
        length: of the bordered source, even.
        target: of the output, even.
        centre_px: the middle of what is to be shown, in the bordered source.
        shown_px: its length there.
    """
    border = border_px(length)
    start = min(max(border, centre_px - shown_px / 2), length - border - shown_px)
    least = 2 * int(np.ceil(shown_px / 2))
    windows = np.arange(least, min(length, least + 2 * border) + 1, 2)
    scaled = (2 * np.round(windows * target / shown_px / 2)).astype(int)
    kept = scaled >= target
    windows, scaled = windows[kept][:, None], scaled[kept][:, None]
    firsts = np.arange(max(0, even(start) - 2 * border), even(start) + 3, 2)[None]
    scale = scaled / windows
    stretch = (shown_px * scale - target) / 2
    wanted = (start - firsts) * scale + stretch
    room = scaled - target
    guard = np.minimum(GUARD_PX, room // 4 * 2)
    seconds = np.clip(2 * np.round(wanted / 2), guard, room - guard)
    error = np.abs(wanted - seconds) + np.abs(stretch)
    error = np.where(firsts <= length - windows, np.round(error, 9), np.inf)
    row, column = np.unravel_index(int(np.argmin(error)), error.shape)
    return ZoomCut(
        int(windows[row, 0]), int(scaled[row, 0]), int(firsts[0, column]), int(seconds[row, column])
    )


def cuts(pane: Pane, size: Size) -> list[tuple[ZoomCut, ZoomCut]]:
    """The cuts of every frame of a pane, x and y.

    All are a little closer than asked, as windows that move are: see `vernier.ZOOM`.
    """
    known: dict[tuple[int, float, float], ZoomCut] = {}
    axes = ((size.width_px, pane.target.width_px), (size.height_px, pane.target.height_px))
    found = []
    for place, centre in enumerate(pane.centres_px):
        both = []
        for axis, (length, target) in enumerate(axes):
            shown = pane.sides_px(place)[axis] / (1 + ZOOM)
            key = axis, centre[axis], shown
            if key not in known:
                border = border_px(length)
                known[key] = nearest_cut(
                    length - length % 2 + 2 * border, target, centre[axis] + border, shown
                )
            both.append(known[key])
        found.append((both[0], both[1]))
    return found


def zoom_chain(
    pane: Pane, start: int, name: str, size: Size, scaling: str
) -> tuple[str, list[Move]]:
    """The filters of a pane, and their commands.

    Args:
        pane: with `closer`.
        start: its first frame.
        name: ends the names of its filters.
        size: of the source.
        scaling: flags of the scaler.
    """
    aside, above = (border_px(length) for length in (size.width_px, size.height_px))
    width, height = size.width_px - size.width_px % 2, size.height_px - size.height_px % 2
    frames = cuts(pane, size)
    coarse, scale, fine = f"crop@a{name}", f"scale@s{name}", f"crop@b{name}"
    x, y = frames[0]
    filters = [
        f"crop={width}:{height}:0:0",
        f"pad={width + 2 * aside}:{height + 2 * above}:{aside}:{above}",
        f"fillborders={aside}:{aside}:{above}:{above}:smear",
        f"{coarse}={x.window}:{y.window}:{x.first}:{y.first}",
        f"{scale}={x.scaled}:{y.scaled}:{scaling}",
        f"{fine}={pane.target.width_px}:{pane.target.height_px}:{x.second}:{y.second}",
        "setsar=1",
    ]
    moves: list[Move] = []
    for place in range(1, len(frames)):
        x, y = frames[place]
        if frames[place] == frames[place - 1]:
            continue
        # all of them: the scaler takes note of a new window only when its own size is set
        for filter_name, option, value in (
            (coarse, "w", x.window),
            (coarse, "h", y.window),
            (coarse, "x", x.first),
            (coarse, "y", y.first),
            (scale, "w", x.scaled),
            (scale, "h", y.scaled),
            (fine, "x", x.second),
            (fine, "y", y.second),
        ):
            moves.append((start + place, filter_name, option, value))
    return ",".join(filters), moves
