"""What the policy wants hidden cannot be made out, wherever it goes; the rest stays sharp."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from steps.contract.receipt import Receipt
from steps.media import ffmpeg
from steps.model import artifacts
from steps.model.geometry import Box, Size
from steps.model.moderation import Moderation, Veil, VeilPlace
from steps.model.timing import Span
from steps.render.plan import clip_grid
from steps.render.veils import veil_chain
from tests.steps.render.jobs import SMALL, focus, make_job, render

FROM_MS, TO_MS = 400, 1200


def place(time_ms: int, x_px: int) -> VeilPlace:
    return VeilPlace(time_ms=time_ms, box=Box(x_px=x_px, y_px=200, width_px=60, height_px=80))


VEIL = Veil(
    label="FACE_MALE", in_ms=FROM_MS, out_ms=TO_MS, places=(place(400, 20), place(1200, 180))
)


def moderated(*veils: Veil) -> Moderation:
    return Moderation(policy="blur", verdict="flagged", frames=1, findings=(), veils=veils)


def detail(picture: NDArray[np.uint8]) -> float:
    return float(cv2.Laplacian(picture, cv2.CV_64F).var())


def test_a_veil_follows_its_place(tmp_path: Path) -> None:
    source = tmp_path / "source.mp4"
    noise = f"nullsrc=s={SMALL.width_px}x{SMALL.height_px}:r=25:d=2,noise=alls=100:all_seed=7"
    ffmpeg.run(
        ["-f", "lavfi", "-i", noise, "-c:v", "libx264", "-preset", "ultrafast", "-qp", "10",
         str(source)]
    )  # fmt: skip
    clip = (0, 1600)
    job = make_job(tmp_path / "job", source, clip, lambda size: [focus(size, clip, [(0, 0)])])
    (job / artifacts.MODERATION.path).write_bytes(moderated(VEIL).canonical_bytes())
    assert render(job, "--crf=12") == 0
    with av.open(str(job / "clips/clip_01.mp4")) as container:
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    plain = detail(pictures[0])
    for number, picture in enumerate(pictures):
        now = number * 40
        x = round(20 + 160 * min(1, max(0, (now - 400) / 800)))
        inside = detail(picture[206:274, x + 6 : x + 54])
        outside = detail(np.delete(picture, range(190, 290), axis=0))
        if FROM_MS <= now < TO_MS:
            assert inside < plain / 50, f"frame {number} shows it"
        else:
            assert inside > plain / 2, f"frame {number} is blurred"
        assert outside > plain / 2
    receipt = Receipt.from_file(job / "receipts/render-clip_01.json")
    assert "blurred" in [item.code for item in receipt.degradations]


def test_a_veil_of_another_time_draws_nothing(tmp_path: Path) -> None:
    grid = clip_grid(Span(in_ms=5000, out_ms=6000), Fraction(25), 5000)
    assert veil_chain([VEIL], grid, SMALL) == ("", [])


def test_a_veil_stays_inside_the_picture() -> None:
    grid = clip_grid(Span(in_ms=0, out_ms=2000), Fraction(25), 0)
    size = Size(width_px=101, height_px=75)
    chain, moves = veil_chain([VEIL], grid, size)
    assert "crop@veil0=60:74:20:0," in chain
    assert max(value for _, _, axis, value in moves if axis == "x") == 40
