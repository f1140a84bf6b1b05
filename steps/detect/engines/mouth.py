"""How much each mouth of a shot moves: the picture evidence for who speaks.

Where a face goes between two samples its landmarks are interpolated, so that mouths can be watched
more often than faces are looked for. A turning or nodding head changes the mouth's pixels too; the
change around the eyes, which speech hardly moves, is subtracted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.contract import Context, Unusable
from steps.detect.engines.protocol import Evidence, Floats, Scene, Sight
from steps.detect.speakers import by_mouth
from steps.media import audio
from steps.media.frames import sampled
from steps.model import artifacts
from steps.model.smoothing import gaussian

WATCHED_FPS = 15
"""Syllables come at 4-5 a second: three looks at each."""
MOUTH_SIZE, EYES_SIZE = (0.55, 0.36), (0.80, 0.28)
"""Width and height of the watched patches, in widths of the face."""
MOUTH_DROP = 0.06
"""The mouth patch is this much lower than the corners of the mouth: a jaw falls."""
PATCH_PX = (32, 20)
LANDMARK_SIGMA_SAMPLES = 1.0
"""Detections jitter by a pixel or two, so their landmarks are smoothed over the samples."""
LEAST_CONTRAST = 8.0
"""Least contrast that movement is divided by (standard deviation, of 255)."""


class MouthMotion:
    """Mouth movement that goes with the sound."""

    def __init__(self, loudness: NDArray[np.int32]) -> None:
        """Take the loudness of the whole source, as from `media.audio`."""
        self._loudness = loudness

    def scores(self, scene: Scene) -> Evidence:
        """Watch the mouths of a shot, at more moments than faces are detected at."""
        watch = MouthWatch(scene.tracks)
        for picture in sampled(scene.cut, WATCHED_FPS, scene.shot):
            watch.add(picture.time_ms, picture.pixels, picture.scale)
        step_ms = audio.ENVELOPE_STEP_MS
        times_ms, movements = watch.times_ms, watch.movements
        scores = by_mouth(scene.shot, times_ms, movements, self._loudness, step_ms, WATCHED_FPS)
        mouths = (watch.after(track, index) for index, track in enumerate(scene.tracks))
        return Evidence(scores, tuple(mouths))


def load(context: Context[Any]) -> MouthMotion:
    """The method, with the source's sound.

    Raises:
        Unusable: the source has no sound.
    """
    if not context.has(artifacts.AUDIO):
        raise Unusable("mouth movement needs sound, and the source has none")
    return MouthMotion(audio.loudness(context.input(artifacts.AUDIO)))


class MouthWatch:
    """Watches the mouths of a shot's tracks, picture by picture."""

    def __init__(self, tracks: Sequence[Sequence[Sight]]) -> None:
        """Begin before the first picture of the shot."""
        self._ways = [_Way(track) for track in tracks]
        self._last: list[tuple[Floats, Floats] | None] = [None] * len(tracks)
        self._times_ms: list[int] = []
        self._rows: list[list[float]] = []

    def add(self, time_ms: int, pixels: NDArray[np.uint8], scale: float) -> None:
        """Take the next picture, BGR; `scale` is its width over the source's."""
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        row = [np.nan] * len(self._ways)
        for index, way in enumerate(self._ways):
            patches = way.patches(time_ms, grey, scale)
            last, self._last[index] = self._last[index], patches
            if patches is not None and last is not None:
                mouth, eyes = (_change(a, b) for a, b in zip(last, patches, strict=True))
                row[index] = max(0.0, mouth - eyes)
        self._times_ms.append(time_ms)
        self._rows.append(row)

    @property
    def times_ms(self) -> NDArray[np.int64]:
        """When each movement ends, shape (pictures,)."""
        return np.array(self._times_ms, np.int64)

    @property
    def movements(self) -> Floats:
        """Movement of each mouth, shape (pictures, tracks); NaN where its face is absent.

        In units of the patch's own contrast: 0 is still, 0.3 is lively.
        """
        return np.array(self._rows, float).reshape(len(self._rows), len(self._ways))

    def after(self, track: Sequence[Sight], index: int) -> tuple[float | None, ...]:
        """Mean movement of a track's mouth from each of its sights to the next."""
        starts = [sight.time_ms for sight in track]
        return self._means([*starts, starts[-1] + 1000], index)

    def between(self, in_ms: int, out_ms: int, track: int) -> float | None:
        """Mean movement of a track's mouth in a time; None when not watched."""
        return self._means((in_ms, out_ms), track)[0]

    def _means(self, edges_ms: Sequence[int], track: int) -> tuple[float | None, ...]:
        """Mean movement of a track's mouth from each moment to the next; None when not watched."""
        places = np.searchsorted(self.times_ms, edges_ms, side="right")
        parts = (part[~np.isnan(part)] for part in np.split(self.movements[:, track], places)[1:-1])
        return tuple(float(part.mean()) if len(part) else None for part in parts)


class _Way:
    """Where a track's mouth and eyes are at any moment."""

    def __init__(self, track: Sequence[Sight]) -> None:
        self._times = np.array([seen.time_ms for seen in track], float)
        marks = np.array([seen.landmarks for seen in track], float)
        eyes, mouth = marks[:, 0:2].mean(axis=1), marks[:, 3:5].mean(axis=1)
        width = np.array([seen.box[2] for seen in track], float)[:, None]
        rows = np.concatenate([eyes, mouth, width], axis=1)
        self._rows = gaussian(rows, LANDMARK_SIGMA_SAMPLES)

    def patches(
        self, time_ms: int, grey: NDArray[Any], scale: float
    ) -> tuple[Floats, Floats] | None:
        """The mouth's and the eyes' patch, or None outside of the track's time."""
        if not self._times[0] <= time_ms <= self._times[-1]:
            return None
        eyes_x, eyes_y, mouth_x, mouth_y, width = scale * np.array(
            [np.interp(time_ms, self._times, column) for column in self._rows.T]
        )
        return (
            _patch(grey, mouth_x, mouth_y + MOUTH_DROP * width, width, MOUTH_SIZE),
            _patch(grey, eyes_x, eyes_y, width, EYES_SIZE),
        )


def _patch(
    grey: NDArray[Any], x: float, y: float, face_px: float, size: tuple[float, float]
) -> Floats:
    """The patch around a place, sampled between pixels, shape (20, 32); edges go on outside."""
    across = face_px * size[0] / PATCH_PX[0]
    down = face_px * size[1] / PATCH_PX[1]
    middle_x, middle_y = (PATCH_PX[0] - 1) / 2, (PATCH_PX[1] - 1) / 2
    matrix = np.array([[across, 0, x - across * middle_x], [0, down, y - down * middle_y]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    part = cv2.warpAffine(grey, matrix, PATCH_PX, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return part.astype(np.float64)


def _change(one: Floats, other: Floats) -> float:
    """Mean change of brightness over the patch's contrast."""
    contrast = max(LEAST_CONTRAST, float(one.std() + other.std()) / 2)
    return float(np.abs((one - one.mean()) - (other - other.mean())).mean()) / contrast
