"""The whole step over real pictures of faces."""

from __future__ import annotations

import json
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import pytest

from steps.contract.context import Context
from steps.contract.errors import Blocked
from steps.media import ffmpeg
from steps.model import artifacts
from steps.model.geometry import Size
from steps.model.moderation import Moderation
from steps.model.source import SourceMeta, Video
from steps.model.stills import still_times
from steps.moderate import STEP, ModerateParams, work
from steps.moderation import looking
from steps.moderation.evidence import WIDTH_PX
from tests.media.truth import Truth

Film = tuple[Path, Truth]


@pytest.fixture(scope="module")
def folder(sample: Film, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a job's folder that holds the sample."""
    path, truth = sample
    return job(path, truth, truth.duration_ms, tmp_path_factory.mktemp("job"))


@pytest.fixture(scope="module")
def opening(sample: Film, talk_opening: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a job's folder that holds the first 26 seconds of the sample."""
    return job(talk_opening, sample[1], 26_000, tmp_path_factory.mktemp("opening"))


def job(path: Path, truth: Truth, duration_ms: int, made: Path) -> Path:
    """Write what moderate reads of a film."""
    ffmpeg.run(["-i", str(path), "-c", "copy", str(made / artifacts.SOURCE.path)])
    width_px, height_px = truth.size
    video = Video(
        codec="h264",
        size=Size(width_px=width_px, height_px=height_px),
        rate=truth.fps,
        variable_rate=False,
        rotation_deg=0,
    )
    meta = SourceMeta(
        name="talk", title="Talk", site="file", duration_ms=duration_ms, video=video,
        audio=None, source_sha256="0" * 64,
    )  # fmt: skip
    (made / artifacts.SOURCE_META.path).write_bytes(meta.canonical_bytes())
    return made


def context(folder: Path, tmp_path: Path, **params: object) -> Context[ModerateParams]:
    tmp_path.mkdir(exist_ok=True)
    return Context(STEP, ModerateParams.parse(params), folder, tmp_path, tmp_path)


def moderated(folder: Path, tmp_path: Path, **params: object) -> Moderation:
    work.run(context(folder, tmp_path, **params))
    return Moderation.from_file(tmp_path / artifacts.FINDINGS.path)


def test_a_talk_is_clean(folder: Path, sample: Film, tmp_path: Path) -> None:
    found = moderated(folder, tmp_path, moderation="block", moderation_threshold=250)
    assert (found.verdict, found.findings) == ("clean", ())
    assert 5 <= found.frames <= sample[1].duration_ms / looking.LEAST_GAP_MS


FACES = "[FACE_FEMALE]\n[FACE_MALE]\n"
"""Faces are all that the real network can find in pictures that may be committed."""
SURE = 770
"""Only few of the sample's faces have such a score."""


def test_findings_on_real_pictures(opening: Path, sample: Film, tmp_path: Path) -> None:
    found = moderated(opening, tmp_path / "a", policy=as_json(FACES), moderation_threshold=SURE)
    assert found.verdict == "flagged"
    assert all(item.score >= SURE and item.action == "flag" for item in found.findings)
    truth = sample[1]
    for item in found.findings:
        frame = min(round(item.time_ms * truth.fps / 1000), truth.frames - 1)
        boxes = [face for track in truth.faces.values() if (face := track[frame])]
        centre = (item.box.centre_x_px, item.box.centre_y_px)
        assert any(inside(centre, box) for box in boxes), item
    times = sorted({item.time_ms for item in found.findings})
    assert min(b - a for a, b in pairwise(times)) < looking.LEAST_GAP_MS, "no closer look"
    shown = {item.evidence for item in found.findings}
    for name in shown:
        image = cv2.imread(str(tmp_path / "a" / name))
        assert image.shape[1] == WIDTH_PX
        assert cv2.Laplacian(image, cv2.CV_64F).var() < 20, "the evidence is not blurred"


def test_the_policy_can_stop_the_job(folder: Path, tmp_path: Path) -> None:
    faces = as_json(FACES.replace("]", "]\naction = 'block'"))
    with pytest.raises(Blocked, match="face female at 00:00:"):
        moderated(folder, tmp_path, policy=faces, moderation_threshold=SURE)
    assert not (tmp_path / artifacts.FINDINGS.path).exists()


def as_json(text: str) -> str:
    """A policy as it stands on the command line."""
    return json.dumps(tomllib.loads(text))


def test_off_looks_at_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a picture was decoded")

    monkeypatch.setattr(work, "key_frames", refuse)
    monkeypatch.setattr(looking, "key_frames", refuse)
    made = context(folder, tmp_path, moderation="off")
    work.run(made)
    found = Moderation.from_file(tmp_path / artifacts.FINDINGS.path)
    assert (found.verdict, found.frames, found.findings) == ("unchecked", 0, ())
    assert made.used == {}


@pytest.mark.parametrize(
    ("duration_ms", "gap_ms"), [(0, 2000), (96_000, 2000), (1_200_000, 2000), (7_200_000, 12_000)]
)
def test_a_long_source_is_looked_at_more_sparsely(
    duration_ms: int, gap_ms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(looking, "key_frames", lambda _, gap, __: asked.append(gap) or iter(()))
    looking.spread_key_frames(Path("x.mkv"), duration_ms)
    assert asked == [gap_ms]


def inside(point: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    x, y, width, height = box
    return x <= point[0] <= x + width and y <= point[1] <= y + height


def test_stills_are_kept_for_a_model_that_sees(folder: Path, tmp_path: Path) -> None:
    found = moderated(folder, tmp_path / "seen", moderation="off", vision="true")
    assert found.frames == 0
    paths = sorted((tmp_path / "seen" / artifacts.STILLS.path).iterdir())
    times = still_times(path.name for path in paths)
    assert len(times) == len(paths) > 1
    assert times[0] == 0
    assert all(two - one >= looking.LEAST_GAP_MS for one, two in pairwise(times))
    assert {cv2.imread(str(path)).shape[1] for path in paths} == {work.STILL_WIDTH_PX}
    moderated(folder, tmp_path / "unseen", moderation="off")
    assert not (tmp_path / "unseen" / artifacts.STILLS.path).exists()
