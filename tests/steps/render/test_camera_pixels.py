"""The camera's figures of the gate agree with the pixels of the finished clip."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from steps.media import ffmpeg
from steps.model.geometry import Box, Size
from steps.model.render_check import RenderCheck
from steps.model.tracks import ClipTracks, Detection, ShotTracks, Track, Tracks, Turn
from tests.steps.caption.samples import spoken
from tests.steps.render.jobs import focus, make_job, render

SIZE = Size(width_px=320, height_px=180)
CLIP = (0, 3000)
SAID = "evening " * 7
SIDE = 40
HANDOVER_MS = 1500
KEYS = [(0, 0), (1400, 0), (2000, 180_000), (2999, 190_000)]
"""A window of 102 px that stays while the first face walks out, and goes to the second one late."""
SCALE = 480 / 180
SHARE_OF_A_FRAME = 0.03


def left_of(face: str, time_ms: int) -> int:
    """Where a face is: the first one walks to the right, the second one stands."""
    return 20 + 50 * time_ms // 1000 if face == "red" else 240


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("camera")
    video = folder / "source.mp4"
    marks = (
        "color=gray:s=320x180:r=25:d=3[wall];color=red:s=40x40:r=25:d=3[red];"
        "color=blue:s=40x40:r=25:d=3[blue];[wall][red]overlay=x=20+50*t:y=60[one];"
        "[one][blue]overlay=x=240:y=60"
    )
    sound = ["-f", "lavfi", "-t", "3", "-i", "sine"]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "5", "-pix_fmt", "yuv420p"]
    ffmpeg.run(["-f", "lavfi", "-i", marks, *sound, *coding, "-c:a", "aac", str(video)])
    made = make_job(
        folder / "job", video, CLIP, lambda size: [focus(size, CLIP, KEYS)],
        words=spoken(SAID), captions="sidecar",
    )  # fmt: skip
    tracks = [
        Track(
            id=face,
            subject="face",
            detections=tuple(
                Detection(time_ms=ms, score=900, box=Box.of_edges(x, 60, x + SIDE, 60 + SIDE))
                for ms in range(0, 3000, 200)
                for x in [left_of(face, ms)]
            ),
        )
        for face in ("red", "blue")
    ]
    turns = (
        Turn(in_ms=0, out_ms=HANDOVER_MS, track="red"),
        Turn(in_ms=HANDOVER_MS, out_ms=3000, track="blue"),
    )
    shot = ShotTracks(in_ms=0, out_ms=3000, detail=10, motion=5, tracks=tuple(tracks), turns=turns)
    document = Tracks(
        size=SIZE, sample_ms=200, detector="test", speaker_method="test",
        clips=(ClipTracks(id="clip_01", shots=(shot,)),),
    )  # fmt: skip
    (made / "tracks.json").write_bytes(document.canonical_bytes())
    assert render(made, "--crf=12") == 0
    return made


def speaker_in_pixels(job: Path) -> list[tuple[int, float]]:
    """Of each frame of the finished clip, its time in ms and how much of the speaker it shows."""
    found = []
    with av.open(str(job / "clips/clip_01.mp4")) as container:
        for frame in container.decode(video=0):
            pixels = frame.to_ndarray(format="rgb24").astype(int)
            time_ms = round(1000 * float(frame.time))
            own, other = (0, 2) if time_ms < HANDOVER_MS else (2, 0)
            count = np.count_nonzero(pixels[..., own] - pixels[..., other] > 100)
            found.append((time_ms, count / (SIDE * SCALE) ** 2))
    return found


def stated(job: Path, name: str) -> float:
    checks = RenderCheck.from_file(job / "checks/clip_01.json").checks
    return float(next(one for one in checks if one.name == name).measured.split(" ")[0]) / 100


def test_the_subject_is_as_often_inside_as_the_pixels_show(job: Path) -> None:
    seen = speaker_in_pixels(job)
    right = np.mean([share >= 0.95 for _, share in seen])
    assert 0.2 < right < 0.8
    assert stated(job, "face-inside") == pytest.approx(right, abs=SHARE_OF_A_FRAME)


def test_the_speaker_is_as_often_on_camera_as_the_pixels_show(job: Path) -> None:
    words = spoken(SAID)
    seen = [
        share
        for time_ms, share in speaker_in_pixels(job)
        if any(word.in_ms <= time_ms < word.out_ms for word in words)
    ]
    right = np.mean([share >= 0.5 for share in seen])
    assert 0.2 < right < 0.9
    assert stated(job, "speaker-shown") == pytest.approx(right, abs=2 * SHARE_OF_A_FRAME)
