"""NudeNet over pictures, through its own class, on a network that leaves out the padding."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from nudenet import NudeDetector
from numpy.typing import NDArray

from steps.contract import Context
from steps.media.frames import SmallPicture
from steps.media.networks import onnx_session
from steps.model.geometry import Box, Size
from steps.model.moderation import Finding
from steps.model.weights import NUDENET

SIDE_PX = 320
"""Of the square that NudeNet makes of a picture: the picture above or left, black beside it."""
INPUT = "images"
"""What the network calls its input."""
STRIDE_PX = 32
"""The network takes pictures whose sides are multiples of this."""
MARGIN_PX = 8
"""So much of the padding stays at least. Scores of the sample's faces are up to 11 of 1,000 lower
than in the whole square (8 with 32 px, at a sixth more time), and up to 27 in upright pictures (94
without any)."""
LEAST_SCORE = 0.2
"""NudeNet drops what scores less."""
LEAST_PLACES = 2
"""NudeNet's own code cannot read fewer."""

Tensor: TypeAlias = NDArray[np.float32]


class _Next(threading.local):
    """What is known of a thread's next picture: its height and width inside the square."""

    filled_px = (SIDE_PX, SIDE_PX)


class Unpadded:
    """Stands for NudeNet's session: the network sees the picture without its black padding.

    A wide picture fills 180 of 320 rows, and the network costs as much as it sees. Places that
    score too little are left out as well: NudeNet goes through all 2,100 of them in Python.
    """

    def __init__(self, weights: Path) -> None:
        """Load the network."""
        self._network = onnx_session(weights)
        self.next = _Next()

    def run(self, outputs: None, inputs: Mapping[str, Tensor]) -> list[Tensor]:
        """As ONNX Runtime's: one picture [1, 3, 320, 320] in, places [1, 22, n] out."""
        height, width = (seen_px(side) for side in self.next.filled_px)
        seen = {name: np.ascontiguousarray(x[..., :height, :width]) for name, x in inputs.items()}
        (places,) = self._network.run(outputs, seen)
        scores = places[0, 4:].max(axis=0)
        best = np.argsort(-scores, kind="stable")[:LEAST_PLACES]
        kept = np.union1d(np.flatnonzero(scores >= LEAST_SCORE), best)
        return [places[..., kept]]


class _Detector(NudeDetector):  # type: ignore[misc]
    """NudeNet's own code with a network that is there: its constructor loads another."""

    def __init__(self, network: Unpadded) -> None:
        self.onnx_session = network
        self.input_width = self.input_height = SIDE_PX
        self.input_name = INPUT


class NudeNet:
    """The classifier `nudenet`; its labels are those of NudeNet 3."""

    def __init__(self, weights: Path) -> None:
        """Load the network."""
        self._network = Unpadded(weights)
        self._detector = _Detector(self._network)

    def findings(self, pictures: Iterable[SmallPicture], size: Size) -> Iterator[Finding]:
        """What NudeNet finds, of every class; see `Classifier.findings`."""
        for picture in pictures:
            rows, columns = picture.pixels.shape[:2]
            scale = columns / size.width_px  # pictures may differ in size
            self._network.next.filled_px = filled_px(rows, columns)
            for item in self._detector.detect(picture.pixels):
                yield Finding(
                    label=item["class"],
                    score=min(1000, round(1000 * item["score"])),
                    time_ms=picture.time_ms,
                    box=source_box(item["box"], scale, size),
                )


def seen_px(filled: int) -> int:
    """How much of a side of the square the network sees."""
    return min(SIDE_PX, -(-(filled + MARGIN_PX) // STRIDE_PX) * STRIDE_PX)


def filled_px(rows: int, columns: int) -> tuple[int, int]:
    """Height and width of a picture that NudeNet has fitted into its square."""
    longest = max(rows, columns)
    return -(-rows * SIDE_PX // longest), -(-columns * SIDE_PX // longest)


def nudenet(context: Context[Any]) -> NudeNet:
    """The engine `nudenet`."""
    return NudeNet(context.weights(NUDENET))


def source_box(box: tuple[int, int, int, int], scale: float, size: Size) -> Box:
    """A box `[left, top, width, height]` of a small picture, in the source and clipped to it."""
    left, top, width, height = (round(value / scale) for value in box)
    x_px = min(max(0, left), size.width_px)
    y_px = min(max(0, top), size.height_px)
    return Box(
        x_px=x_px,
        y_px=y_px,
        width_px=min(max(0, width), size.width_px - x_px),
        height_px=min(max(0, height), size.height_px - y_px),
    )
