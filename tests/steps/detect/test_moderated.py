"""What is on screen between two key frames, inside a clip: moderate misses it, detect finds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from steps.contract import Context
from steps.contract.context import Progress
from steps.contract.errors import Blocked, BrokenContract
from steps.detect import STEP, moderated, work
from steps.media import ffmpeg
from steps.media.frames import key_frames
from steps.model import artifacts
from steps.model.clips import Clip, Clips
from steps.model.geometry import Box, Size
from steps.model.moderation import Action, Finding, Moderation, Rule
from steps.model.timing import Span
from steps.moderate import STEP as MODERATE
from steps.moderate.work import run as moderate
from tests.media.fixtures import Film
from tests.steps.scenes import prepare

pytestmark = pytest.mark.slow

SHOWN = Span(in_ms=5_200, out_ms=6_000)
CLIP = Span(in_ms=2_000, out_ms=9_000)
KEY_GAP_S = 12
FACES = "[FACE_FEMALE]\n[FACE_MALE]\n".replace("]", "]\naction = '{action}'\nthreshold = 500")
"""Faces are all that the real network can find in pictures that may be committed."""


@pytest.fixture(scope="module")
def film(sample: Film, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a film of a still wall, before which a person stands for less than a second."""
    folder = tmp_path_factory.mktemp("film")
    still = folder / "person.png"
    picture = next(one for one in key_frames(sample[0]) if one.time_ms > 8_000)
    cv2.imwrite(str(still), picture.pixels)
    height, width = picture.pixels.shape[:2]
    size = f"{width - width % 2}x{height - height % 2}"
    when = f"between(t,{SHOWN.in_ms / 1000},{SHOWN.out_ms / 1000 - 0.02})"
    made = folder / "film.mp4"
    wall = f"gradients=s={size}:r=25:d={KEY_GAP_S}:speed=0.00001:seed=3"
    ffmpeg.run(
        ["-f", "lavfi", "-i", wall, "-i", str(still),
         "-filter_complex", f"overlay=enable='{when}'", "-c:v", "libx264", "-pix_fmt", "yuv420p",
         "-g", str(25 * KEY_GAP_S), "-sc_threshold", "0", "-preset", "veryfast", str(made)]
    )  # fmt: skip
    return made


def context(job: Path, step: Any, **params: object) -> Context[Any]:
    scratch = job / "scratch"
    scratch.mkdir(exist_ok=True)
    return Context(step, step.params.parse(params), job, job, scratch, Progress(None))


@pytest.fixture
def job(film: Path, tmp_path: Path) -> Callable[[str], Context[Any]]:
    """Return what moderates the film with an action for faces, and gives the context of detect."""

    def make(action: str) -> Context[Any]:
        prepare(film, tmp_path, CLIP, sound=False)
        policy = tmp_path / "policy.toml"
        policy.write_text(FACES.format(action=action))
        (tmp_path / artifacts.POLICY_FILE.path).parent.mkdir(exist_ok=True)
        (tmp_path / artifacts.POLICY_FILE.path).write_bytes(policy.read_bytes())
        moderate(context(tmp_path, MODERATE, policy=str(policy)))
        before = Moderation.from_file(tmp_path / artifacts.FINDINGS.path)
        assert (before.verdict, before.findings) == ("clean", ()), "a key frame shows it"
        return context(tmp_path, STEP, detector="off", pose="off")

    return make


def run(made: Context[Any]) -> Moderation:
    work.run(made)
    return Moderation.from_file(made.staging / artifacts.MODERATION.path)


def test_it_is_reported(job: Callable[[str], Context[Any]]) -> None:
    made = job("flag")
    found = run(made)
    assert found.verdict == "flagged"
    times = {item.time_ms for item in found.findings}
    assert times == {5_200, 5_400, 5_600, 5_800}
    assert found.frames <= 1 + 5, "similar pictures are looked at once"
    assert [one.code for one in made.degradations if "clip_01" in one.message] == [
        "flagged-in-clip"
    ]
    (evidence,) = {item.evidence for item in found.findings}
    assert Path(evidence).parent == Path(artifacts.CLIP_EVIDENCE.path)
    assert cv2.Laplacian(cv2.imread(str(made.staging / evidence)), cv2.CV_64F).var() < 20
    assert made.needs().engines.keys() == {"classifier"}
    assert {one.name for one in made.used.values()} == {"nudenet-320n"}


def test_it_is_blurred_while_it_is_seen(job: Callable[[str], Context[Any]]) -> None:
    made = job("blur")
    found = run(made)
    assert found.veils
    assert made.degradations == []
    for veil in found.veils:
        assert veil.in_ms < SHOWN.in_ms
        assert veil.out_ms > SHOWN.out_ms
    for item in found.findings:
        assert any(
            (veil.places[0].box & item.box) == item.box
            for veil in found.veils
            if veil.label == item.label
        )


def test_it_stops_the_job(job: Callable[[str], Context[Any]]) -> None:
    made = job("block")
    with pytest.raises(
        Blocked, match=r"the policy blocks clip_01: face \w+ at 00:00:05.* --exclude"
    ):
        work.run(made)
    assert not (made.staging / artifacts.MODERATION.path).exists()
    assert not (made.staging / artifacts.CLIPS.path).exists()


def test_off_loads_nothing(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(film, tmp_path, CLIP, sound=False)
    made = context(tmp_path, STEP, detector="off", pose="off", moderation="off")
    monkeypatch.setattr(Context, "use", lambda *_: pytest.fail("an engine was loaded"))
    found = run(made)
    assert (found.verdict, found.frames) == ("unchecked", 0)
    assert made.step.needs(made.params).engines.keys() == {"speaker_method"}


def test_nothing_is_moderated_by_half(film: Path, tmp_path: Path) -> None:
    prepare(film, tmp_path, CLIP, sound=False)
    (tmp_path / artifacts.FINDINGS.path).unlink()
    with pytest.raises(BrokenContract, match=r"findings\.json is missing.*--moderation=off"):
        work.run(context(tmp_path, STEP, detector="off", pose="off"))
    found = run(context(tmp_path, STEP, detector="off", pose="off", moderation="off"))
    assert found.verdict == "unchecked"


def test_only_what_the_clip_shows_counts(job: Callable[[str], Context[Any]]) -> None:
    made = job("block")
    plan = Clips.from_file(made.inputs / artifacts.PLAN.path)
    (clip,) = plan.clips
    before_it = clip.model_copy(update={"out_ms": SHOWN.in_ms - 200})
    plan = plan.model_copy(update={"clips": (before_it,)})
    (made.inputs / artifacts.PLAN.path).write_bytes(plan.canonical_bytes())
    assert run(made).verdict == "clean"


def finding(time_ms: int, action: Action = "flag") -> Finding:
    box = Box(x_px=10, y_px=10, width_px=40, height_px=40)
    return Finding(label="FACE_MALE", score=800, time_ms=time_ms, box=box, action=action)


@pytest.mark.parametrize(("apart_ms", "counts"), [(9_000, True), (11_000, False)])
def test_repeats_count_with_those_of_moderate(apart_ms: int, counts: bool, tmp_path: Path) -> None:
    rules = {"FACE_MALE": Rule(threshold=500, repeats=2, action="flag")}
    before = Moderation(
        policy="flag", rules=rules, verdict="clean", frames=1, findings=(finding(1_000),)
    )
    made = context(tmp_path, STEP)
    clip = Clip(in_ms=9_500, out_ms=20_000, id="clip_01", title="", score=0, rank=1)
    own = [(clip, [finding(1_000 + apart_ms)])]
    found = moderated.moderated(made, before, own, 1, Size(width_px=640, height_px=360))
    assert (len(found.findings) == 2, bool(made.degradations)) == (counts, counts)
    assert found.frames == 2
