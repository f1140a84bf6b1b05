"""How a video's decoded pictures are stored: size, colours, fields."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.error import FFmpegError
from av.video.frame import VideoFrame

from steps.contract.errors import BrokenContract, UnsupportedMedia
from steps.media.frames import HD_HEIGHT_PX
from steps.media.opening import opened
from steps.media.probe import CONVERT, pixel_aspect, rotation_of, upright
from steps.model.geometry import Size

MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}
HDR_TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}
_BT709, _SMPTE170M = 1, 6
_FULL_RANGE = 2


@dataclass(frozen=True)
class Appearance:
    """What ffmpeg's filters need to know of a picture.

    Attributes:
        size: of the decoded picture, upright, before its pixels are made square.
        shown: upright, with square pixels: what boxes and windows refer to.
        matrix: ffmpeg's name of the colour matrix; where untagged, BT.709 from 720 lines on.
        hdr: the transfer function of an HDR picture, else empty.
        is_full_range: levels are 0-255, not 16-235.
        is_interlaced: a picture holds two fields of different moments.
    """

    size: Size
    shown: Size
    matrix: str
    hdr: str
    is_full_range: bool
    is_interlaced: bool


def read_appearance(path: Path) -> Appearance:
    """Decode the first picture and read how it is stored.

    Raises:
        BrokenContract: there is no picture.
        UnsupportedMedia: it cannot be decoded.
    """
    with opened(path) as (container, _):
        try:
            stream = container.streams.video[0]
            for frame in container.decode(stream):
                return _appearance(frame, pixel_aspect(stream))
        except (FFmpegError, ValueError) as error:
            raise UnsupportedMedia(
                f"the pictures of {path.name} cannot be decoded: the source is damaged; {CONVERT}"
            ) from error
    raise BrokenContract(f"{path.name} has no picture: rerun the job to recreate it")


def _appearance(frame: VideoFrame, aspect: Fraction) -> Appearance:
    width, height = frame.width, frame.height
    shown = upright((width, height), aspect, rotation_of(frame))
    if rotation_of(frame) in (90, 270):
        width, height = height, width
    size = Size(width_px=width, height_px=height)
    return Appearance(
        size=size,
        shown=Size(width_px=shown[0], height_px=shown[1]),
        matrix=MATRICES[matrix_of(int(frame.colorspace or 0), size)],
        hdr=HDR_TRANSFERS.get(int(frame.color_trc or 0), ""),
        is_full_range=frame.color_range == _FULL_RANGE or frame.format.name.startswith("yuvj"),
        is_interlaced=bool(frame.interlaced_frame),
    )


def matrix_of(tagged: int, size: Size) -> int:
    """The number of a picture's colour matrix; where it is untagged, what its size suggests."""
    guessed = _BT709 if min(size.width_px, size.height_px) >= HD_HEIGHT_PX else _SMPTE170M
    return tagged if tagged in MATRICES else guessed
