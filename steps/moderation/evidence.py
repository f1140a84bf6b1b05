"""Pictures that prove a finding and show it to nobody: small, and blurred beyond repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import cv2

from steps.contract import Port
from steps.media.frames import SmallPicture
from steps.model.stills import still_name

WIDTH_PX, QUALITY = 240, 80
SIGMA_SHARE = 0.04
"""Sigma of the blur as a share of the picture's width: shapes stay, bodies do not."""
GAP_MS = 1_000
"""A picture stands for the findings of this time after it, too."""
MOST = 100
"""Pictures of evidence; later findings have none."""
KEPT = 64
"""Pictures at hand: a classifier may look at several together before it says what it found."""


class EvidenceKeeper:
    """Keeps the last pictures that went by, and writes those that something was found in."""

    def __init__(self, output: Callable[[Port], Path], port: Port) -> None:
        """Write into a folder; `output` makes it when it is needed."""
        self._output, self._port = output, port
        self._recent: dict[int, SmallPicture] = {}
        self._written: dict[int, str] = {}

    def passing(self, pictures: Iterable[SmallPicture]) -> Iterator[SmallPicture]:
        """The pictures, each of them kept for a while."""
        for picture in pictures:
            self._recent[picture.time_ms] = picture
            if len(self._recent) > KEPT:
                del self._recent[next(iter(self._recent))]
            yield picture

    def of(self, time_ms: int) -> str:
        """The file that shows a moment or one just before it; empty where there is none."""
        near = (name for at, name in self._written.items() if 0 <= time_ms - at < GAP_MS)
        if known := next(near, ""):
            return known
        picture = self._recent.get(time_ms)
        if picture is None or len(self._written) >= MOST:
            return ""
        height, width = picture.pixels.shape[:2]
        size = (WIDTH_PX, max(1, round(height * WIDTH_PX / width)))
        small = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
        blurred = cv2.GaussianBlur(small, (0, 0), SIGMA_SHARE * WIDTH_PX)
        _, data = cv2.imencode(".jpg", blurred, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        name = still_name(time_ms)
        (self._output(self._port) / name).write_bytes(data.tobytes())
        self._written[time_ms] = f"{self._port.path}{name}"
        return self._written[time_ms]
