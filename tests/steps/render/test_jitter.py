"""A slow pan glides: less than a tenth of a pixel of jitter in the finished file."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from steps.media import ffmpeg
from steps.render.vernier import ZOOM
from tests.steps.render.jobs import FULL, focus, make_job, render

FRAMES = 24
RATE = 30
SPEED_PX_S = 12
"""Of the source: 0.4 px a frame, less than the two pixels that a plain crop can move."""


def texture(width: int, height: int) -> NDArray[np.uint8]:
    """A smooth random picture whose shifts can be measured to a hundredth of a pixel."""
    noise = np.random.default_rng(11).normal(0, 1, (height, width, 1)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    scaled = 128 + 45 * smooth / smooth.std()
    return np.repeat(np.clip(scaled, 20, 235).astype(np.uint8)[:, :, None], 3, axis=2)


def shifts_px(path: Path, speed_px: float) -> NDArray[np.float64]:
    """How far the picture has moved to the left since the first frame, per frame, in pixels.

    By the optical flow (Lucas-Kanade) of some hundred points between the first frame, set back to
    where it should be by now to the nearest pixel, and each other.
    """
    with av.open(str(path)) as container:
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    moved = []
    for number, picture in enumerate(pictures):
        whole = round(speed_px * number)
        expected = np.ascontiguousarray(pictures[0][600:1112, 284 + whole : 796 + whole])
        seen = np.ascontiguousarray(picture[600:1112, 284:796])
        points = cv2.goodFeaturesToTrack(expected, 300, 0.05, 12)
        flow, found, _ = cv2.calcOpticalFlowPyrLK(
            expected, seen, points, np.array([]), winSize=(31, 31), maxLevel=1
        )
        kept = found.ravel() == 1
        moved.append(whole - float(np.median((flow - points)[kept, 0, 0])))
    return np.array(moved)


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (854, 480)])
def test_a_slow_pan_has_no_jitter(width: int, height: int, tmp_path: Path) -> None:
    still, source = tmp_path / "texture.png", tmp_path / "source.mp4"
    cv2.imwrite(str(still), texture(width, height))
    loop = ["-loop", "1", "-framerate", str(RATE), "-t", "1.2", "-i", str(still)]
    tone = ["-f", "lavfi", "-i", "sine=440:d=1.2"]
    coding = ["-c:v", "libx264", "-crf", "10", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    ffmpeg.run([*loop, *tone, *coding, str(source)])
    start = 1000 * width // 4
    keys = [(0, start), (800, start + 800 * SPEED_PX_S)]
    job = make_job(
        tmp_path / "job",
        source,
        (0, 800),
        lambda size: [focus(size, (0, 800), keys, FULL)],
        output=FULL,
    )
    assert render(job, "--crf=12") == 0
    speed_px = SPEED_PX_S / RATE * 1920 / height
    found = shifts_px(job / "clips/clip_01.mp4", speed_px)
    assert len(found) == FRAMES
    frames = np.arange(FRAMES)
    speed, offset = np.polyfit(frames, found, 1)
    assert speed == pytest.approx(speed_px, rel=ZOOM + 0.002)
    jitter = found - (speed * frames + offset)
    rms = float(np.sqrt(np.mean(jitter**2)))
    print(f"{width}x{height}: {rms:.3f} px RMS")
    assert rms <= 0.1
