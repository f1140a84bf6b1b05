"""Slides are still and have edges; what a camera sees has neither for sure."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from steps.detect.engines.protocol import Body, Found, Rgb
from steps.detect.samples import Blind, Eyes, sample_clip, texture_of
from steps.detect.texture import Texture
from steps.media import ffmpeg
from steps.model.screens import DRAWN_DETAIL, STILL_MOTION, is_drawn
from steps.model.timing import Span
from tests.media.cameras import PAGE
from tests.media.paint import picture
from tests.media.scene import Slide
from tests.media.screencast import DESKTOP
from tests.media.screens import CHART, WORDS
from tests.media.truth import Truth


def slide() -> np.ndarray:
    picture = np.full((360, 640, 3), 20, np.uint8)
    for line in range(4):
        at = (60, 90 + 60 * line)
        cv2.putText(
            picture, "Nobody became smarter", at, cv2.FONT_HERSHEY_DUPLEX, 1.4, (240,) * 3, 3
        )
    return picture


def test_text_has_edges_and_a_gradient_has_none() -> None:
    ramp = np.tile(np.linspace(0, 255, 640).astype(np.uint8)[None, :, None], (360, 1, 3))
    assert Texture(200).add(slide())[0] > 0.03
    assert Texture(200).add(ramp)[0] == 0


def test_motion_is_the_change_since_the_last_picture() -> None:
    texture = Texture(200)
    grey = np.full((360, 640, 3), 100, np.uint8)
    assert texture.add(grey)[1] == 0
    assert texture.add(grey)[1] == 0
    assert texture.add(grey + 51)[1] == 0.2


class _Counting(Blind):
    """Finds a box whose score is the brightness of its picture; notes how many it gets at once."""

    batch = 3

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.posed = 0
        self.begun = 0

    def find(self, pictures: Sequence[Rgb]) -> list[list[Found]]:
        self.groups.append(len(pictures))
        return [[Found("face", np.ones(4), float(one.mean()) / 255)] for one in pictures]

    def begin(self) -> None:
        self.begun += 1

    def bodies(self, picture: Rgb) -> list[Body]:
        self.posed += 1
        return [Body(np.full((33, 3), float(picture.mean()) / 255))]


def test_pictures_come_in_batches_and_each_sample_has_its_own(sample: tuple[Path, Truth]) -> None:
    """A sample every two seconds, of two shots of unlike brightness."""
    eyes = _Counting()
    span = Span(in_ms=24_000, out_ms=34_000)
    samples = sample_clip(sample[0], span, 2_000, Eyes(eyes, eyes), lambda _: None).samples
    assert [one.time_ms for one in samples] == [24_000, 26_000, 28_000, 30_000, 32_000]
    assert sum(eyes.groups) == eyes.posed == 5
    assert max(eyes.groups) <= 3
    assert eyes.begun == 3, "at the start, and at two cuts"
    for one in samples:
        assert one.bodies[0].landmarks[0, 2] == one.found[0].score
        assert one.found[0].box[0] == 2, "in source pixels"
    assert len({one.found[0].score for one in samples}) == 5


@pytest.mark.parametrize(
    ("source", "dimmed", "grain"),
    [("game", 64, 6), (PAGE, 0, 0), (PAGE, 0, 4)],
    ids=["a film", "a slide", "a slide under grain that its coding takes off"],
)
def test_a_dark_still_film_is_no_slide(
    source: str | Slide, dimmed: int, grain: int, tmp_path: Path
) -> None:
    """Grain changes the whole picture a little; a dark slide stands still."""
    painted = cv2.resize(picture(source)[:720, :1280, :3], (640, 360))
    still, film = tmp_path / "still.png", tmp_path / "film.mp4"
    cv2.imwrite(str(still), np.maximum(painted, dimmed) - dimmed)
    made = ["-vf", f"noise=alls={grain}:allf=t,format=yuv420p", "-preset", "veryfast", str(film)]
    ffmpeg.run(["-loop", "1", "-framerate", "25", "-t", "2", "-i", str(still), *made])
    seen = sample_clip(film, Span(in_ms=0, out_ms=2_000), 200, Eyes(Blind(), Blind()), id)
    detail, motion, stirred = texture_of(seen.samples)
    assert detail >= DRAWN_DETAIL
    assert motion <= STILL_MOTION
    assert is_drawn(detail, motion, stirred) == (source == PAGE)


def test_a_real_dark_film_is_no_slide(tmp_path: Path) -> None:
    """A slow telescope in the dark: strong coding takes the grain off, so that little stirs."""
    film = Path(__file__).parents[4] / "shared" / "media" / "nasa.mp4"
    if not film.is_file():
        pytest.skip(f"{film} is not here")
    coarse = tmp_path / "coarse.mp4"
    ffmpeg.run(["-i", str(film), "-map", "0:v:0", "-preset", "veryfast", "-crf", "40", str(coarse)])
    for source in (film, coarse):
        for span in (Span(in_ms=0, out_ms=5_600), Span(in_ms=5_800, out_ms=8_400)):
            seen = sample_clip(source, span, 200, Eyes(Blind(), Blind()), id)
            assert not is_drawn(*texture_of(seen.samples))
    assert texture_of(seen.samples)[1] <= STILL_MOTION


@pytest.mark.parametrize("drawn", [PAGE, DESKTOP, WORDS, CHART])
def test_a_drawing_stays_one_under_strong_coding(drawn: str | Slide, tmp_path: Path) -> None:
    """Coding blurs edges and leaves ringing beside them."""
    still, film = tmp_path / "still.png", tmp_path / "film.mp4"
    cv2.imwrite(str(still), picture(drawn)[:720, :1280, :3])
    made = ["-vf", "format=yuv420p", "-preset", "veryfast", "-crf", "42", str(film)]
    ffmpeg.run(["-loop", "1", "-framerate", "5", "-t", "1", "-i", str(still), *made])
    seen = sample_clip(film, Span(in_ms=0, out_ms=1_000), 200, Eyes(Blind(), Blind()), id)
    assert is_drawn(*texture_of(seen.samples))
