"""NudeNet over pictures, through its own class, with a fixed number of threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from nudenet import NudeDetector

from steps.contract import Context
from steps.media.frames import SmallPicture
from steps.media.networks import onnx_session
from steps.model.geometry import Box, Size
from steps.model.moderation import Finding
from steps.model.weights import NUDENET
from steps.moderate import ModerateParams

THREADS = 2
"""Fixed: the library would take every core of the machine for one small picture at a time."""


class NudeNet:
    """The classifier `nudenet`; its labels are those of NudeNet 3."""

    def __init__(self, weights: Path) -> None:
        """Load the network."""
        self._detector = NudeDetector(str(weights))
        self._detector.onnx_session = onnx_session(weights, THREADS)

    def findings(self, pictures: Iterable[SmallPicture], size: Size) -> Iterator[Finding]:
        """What NudeNet finds, of every class; see `Classifier.findings`."""
        for picture in pictures:
            scale = picture.pixels.shape[1] / size.width_px  # pictures may differ in size
            for item in self._detector.detect(picture.pixels):
                yield Finding(
                    label=item["class"],
                    score=min(1000, round(1000 * item["score"])),
                    time_ms=picture.time_ms,
                    box=source_box(item["box"], scale, size),
                )


def nudenet(context: Context[ModerateParams]) -> NudeNet:
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
