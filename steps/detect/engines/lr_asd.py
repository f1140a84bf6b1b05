"""LR-ASD: a network that hears the voice and sees the lips of each face.

Liao et al., "LR-ASD: Lightweight and Robust Network for Active Speaker Detection", IJCV 2025 (MIT),
exported to ONNX: `mfcc` (1, 4T, 13) and `faces` (1, T, 112, 112) in, `speaking` (T,) out. Pictures
come at 25 a second, with exactly four steps of sound each.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.contract import Context, Unusable
from steps.detect.engines import chosen
from steps.detect.engines.protocol import Evidence, Floats, Scene, Sight
from steps.detect.speakers import grid, nearest
from steps.media import audio
from steps.media.frames import sampled
from steps.media.networks import onnx_session
from steps.model import artifacts
from steps.model.smoothing import gaussian
from steps.model.timing import Span

WATCHED_FPS = 25
WATCHED_WIDTH_PX = 1280
"""A face of 60 px in a small picture has a mouth of 20: these are twice as wide."""
FACE_PX = 112
CROP_SIDES, CROP_DROP_SIDES = 0.7, 0.2
"""The side of the crop and how much lower than the face's middle it is, in the longer side of the
face's box: the authors crop 1.4 of it around the face, 0.2 lower, and show the inner half."""
BOX_SIGMA_SAMPLES = 1.0
WHOLE_FRAMES = 500
"""A track is judged in parts of this length (20 s), so that memory does not grow with it."""
STEPS_PER_FRAME, STEP_SAMPLES, WINDOW_SAMPLES = 4, 160, 400
FFT, MEL_BANDS, COEFFICIENTS, LIFTER = 512, 26, 13, 22
EMPHASIS = 0.97
"""MFCC as python_speech_features computes it by default, which the network was trained with."""


class LrAsd:
    """The network, on one thread so that sums are added in one order."""

    def __init__(self, path: Path, sound: Path) -> None:
        """Load the network; `sound` is the source's, 16 kHz mono.

        Raises:
            Unusable: it is not the network.
        """
        self._session = onnx_session(path)
        names = {one.name for one in self._session.get_inputs()}
        if names != {"mfcc", "faces"}:
            raise Unusable(
                f"{path.name!r} is not LR-ASD: its inputs are {', '.join(sorted(names))}"
            )
        self._sound = sound

    def scores(self, scene: Scene) -> Evidence:
        """The probability that each face speaks."""
        crops = watched(scene)
        steps = grid(scene.shot)
        scores = np.full((len(steps), len(scene.tracks)), np.nan)
        for column, (times_ms, faces) in enumerate(crops):
            if len(times_ms) < 2:
                continue
            speaking = self._speaking(times_ms, faces)
            there = (steps >= times_ms[0]) & (steps <= times_ms[-1])
            scores[there, column] = speaking[nearest(times_ms, steps[there])]
        return Evidence(scores)

    def _speaking(self, times_ms: NDArray[np.int64], faces: NDArray[np.uint8]) -> Floats:
        parts = []
        for start in range(0, len(faces), WHOLE_FRAMES):
            part = faces[start : start + WHOLE_FRAMES]
            begin = int(times_ms[start])
            span = Span(in_ms=begin, out_ms=begin + len(part) * 1000 // WATCHED_FPS + 100)
            steps = mfcc(audio.samples(self._sound, span), STEPS_PER_FRAME * len(part))
            values = {
                "mfcc": steps[None].astype(np.float32),
                "faces": part[None].astype(np.float32),
            }
            parts.append(self._session.run(["speaking"], values)[0].reshape(-1))
        return np.concatenate(parts).astype(float)


def load(context: Context[Any]) -> LrAsd:
    """The network that the params name, with the source's sound.

    Raises:
        Unusable: the source has no sound.
    """
    if not context.has(artifacts.AUDIO):
        raise Unusable("lr-asd needs sound, and the source has none")
    (model,) = chosen.speaker(context.params)
    return LrAsd(context.weights(model), context.input(artifacts.AUDIO))


def watched(scene: Scene) -> list[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    """For each track, the times of its pictures and its face in each, grey, (n, 112, 112)."""
    ways = [_way(track) for track in scene.tracks]
    found: list[tuple[list[int], list[NDArray[Any]]]] = [([], []) for _ in ways]
    for picture in sampled(scene.cut, WATCHED_FPS, scene.shot, WATCHED_WIDTH_PX):
        grey = cv2.cvtColor(picture.pixels, cv2.COLOR_BGR2GRAY)
        for (times, rows), (seen, faces) in zip(ways, found, strict=True):
            if times[0] <= picture.time_ms <= times[-1]:
                x, y, side = (
                    picture.scale * float(np.interp(picture.time_ms, times, column))
                    for column in rows.T
                )
                seen.append(picture.time_ms)
                faces.append(_crop(grey, x, y + CROP_DROP_SIDES * side, CROP_SIDES * side))
    return [
        (np.array(seen, np.int64), np.array(faces, np.uint8).reshape(-1, FACE_PX, FACE_PX))
        for seen, faces in found
    ]


def mfcc(samples: NDArray[np.int16], steps: int) -> Floats:
    """Mel cepstra of 25 ms every 10 ms, shape (steps, 13); silence where the sound ends.

    The first coefficient is the logarithm of the energy. Windows are rectangular.
    """
    wanted = (steps - 1) * STEP_SAMPLES + WINDOW_SAMPLES
    signal = np.zeros(wanted)
    signal[: len(samples)] = samples[:wanted]
    signal[1:] -= EMPHASIS * signal[:-1].copy()
    frames = np.lib.stride_tricks.sliding_window_view(signal, WINDOW_SAMPLES)[::STEP_SAMPLES]
    power = np.abs(np.fft.rfft(frames, FFT)) ** 2 / FFT
    tiny = np.finfo(float).eps
    energy = np.maximum(power.sum(axis=1), tiny)
    bands = np.log(np.maximum(power @ _mel().T, tiny))
    cepstra = bands @ _cosines().T
    lift = 1 + LIFTER / 2 * np.sin(np.pi * np.arange(COEFFICIENTS) / LIFTER)
    result: Floats = cepstra * lift
    result[:, 0] = np.log(energy)
    return result


def _mel() -> Floats:
    """Triangles over the power spectrum, shape (26, 257)."""
    top = 2595 * np.log10(1 + audio.SAMPLE_RATE_HZ / 2 / 700)
    edges_hz = 700 * (10 ** (np.linspace(0, top, MEL_BANDS + 2) / 2595) - 1)
    bins = np.floor((FFT + 1) * edges_hz / audio.SAMPLE_RATE_HZ)
    at = np.arange(FFT // 2 + 1)[None, :]
    low, middle, high = (bins[start : start + MEL_BANDS, None] for start in range(3))
    up, down = (at - low) / (middle - low), (high - at) / (high - middle)
    bands: Floats = np.where(at < middle, up, down) * ((at >= low) & (at < high))
    return bands


def _cosines() -> Floats:
    """The first rows of the orthonormal cosine transform, shape (13, 26)."""
    rows, columns = np.arange(COEFFICIENTS)[:, None], np.arange(MEL_BANDS)[None, :]
    matrix: Floats = np.cos(np.pi * rows * (2 * columns + 1) / (2 * MEL_BANDS)) * np.sqrt(
        2 / MEL_BANDS
    )
    matrix[0] /= np.sqrt(2)
    return matrix


def _way(track: Sequence[Sight]) -> tuple[Floats, Floats]:
    """The times of a track, and the smoothed middle and longer side of its box, shape (n, 3)."""
    times = np.array([seen.time_ms for seen in track], float)
    boxes = np.array([seen.box for seen in track], float)
    rows = np.concatenate([boxes[:, :2] + boxes[:, 2:] / 2, boxes[:, 2:].max(axis=1)[:, None]], 1)
    return times, gaussian(rows, BOX_SIGMA_SAMPLES)


def _crop(grey: NDArray[Any], x: float, y: float, side: float) -> NDArray[Any]:
    """The square around a place at the network's size; edges go on outside."""
    step, middle = side / FACE_PX, (FACE_PX - 1) / 2
    matrix = np.array([[step, 0, x - step * middle], [0, step, y - step * middle]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (FACE_PX, FACE_PX)
    return cv2.warpAffine(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
