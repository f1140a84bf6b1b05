"""A picture as a JPEG file, with the encoder that PyAV brings along."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.codec import CodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

QUANTISER = 4
"""ffmpeg's scale from 2 (best) to 31; at 320 px a picture has some 10 kB."""


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """The file of a picture: height x width x 3, uint8, BGR."""
    encoder = CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, VideoCodecContext)
    frame = VideoFrame.from_ndarray(pixels, "bgr24").reformat(format="yuvj420p")
    frame.pts = 0
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.qmin = encoder.qmax = QUANTISER
    encoder.thread_count = 1
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
