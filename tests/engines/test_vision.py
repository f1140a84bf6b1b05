"""Ultralytics and MediaPipe do detect's work, in the environment `vision`.

NudeNet's 320n.onnx is a YOLOv8 with two classes of faces, so the real path of Ultralytics is tested
without a download; a model made from Ultralytics' own description has persons, and random weights.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from steps.contract import Unusable
from steps.contract.errors import BadInput
from steps.detect.engines.blazepose import BlazePose
from steps.detect.engines.centerface import CenterFace
from steps.detect.engines.protocol import Rgb
from steps.detect.engines.yolo import BATCH, Yolo
from steps.detect.tracker import iou
from steps.media import ffmpeg
from steps.media.frames import sampled
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.model.tracks import ShotTracks
from steps.model.weights import CENTERFACE, MODELS, NUDENET
from steps.reframe.framing import shot_crops
from tests.media.fixtures import Film
from tests.media.truth import Truth
from tests.steps.scenes import detected, prepare

pytestmark = pytest.mark.engines(environment="vision")

BESIDE = Path(__file__).parents[3] / "shared" / "models" / "pose_landmarker_full.task"
CLOSE = Span(in_ms=18_000, out_ms=22_000)
"""Inside one close shot of the sample."""


@pytest.fixture(scope="module")
def faces() -> CenterFace:
    return CenterFace(CENTERFACE.locate())


@pytest.fixture(scope="module")
def pictures(sample: Film) -> list[Rgb]:
    span = Span(in_ms=1_000, out_ms=13_000)
    return [np.ascontiguousarray(one.pixels[..., ::-1]) for one in sampled(sample[0], 1, span)]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ultralytics")


@pytest.fixture(scope="module")
def bundle() -> Path:
    """The pose model: fetched, or beside the project."""
    with suppress(BadInput):
        return MODELS["pose-landmarker-full"].find()
    if not BESIDE.is_file():
        pytest.skip("no pose model: run `clipmill models fetch pose-landmarker-full`")
    return BESIDE


@pytest.fixture
def pose(bundle: Path) -> Iterator[BlazePose]:
    with closing(BlazePose(bundle)) as landmarker:
        yield landmarker


def test_a_model_of_faces_finds_them(
    faces: CenterFace, pictures: list[Rgb], settings: Path
) -> None:
    yolo = Yolo(NUDENET.locate(), faces, 0, settings)
    for ours, theirs in zip(faces.find(pictures), yolo.find(pictures), strict=True):
        assert [one.subject for one in theirs] == ["face"] * len(ours)
        for one, other in zip(ours, theirs, strict=True):
            assert iou(one.box, other.box) > 0.4


def test_a_model_of_persons_leaves_faces_to_centerface(
    faces: CenterFace, pictures: list[Rgb], settings: Path, tmp_path: Path
) -> None:
    from ultralytics import YOLO

    path = tmp_path / "persons.pt"
    made = YOLO("yolo11n.yaml")
    made.model.names = {**made.names, 0: "person"}
    made.save(path)
    yolo = Yolo(path, faces, 0, settings)
    assert yolo.batch == BATCH
    assert yolo.sure_score == faces.sure_score
    found = yolo.find(pictures)
    for ours, theirs in zip(faces.find(pictures), found, strict=True):
        seen = [one.box.tolist() for one in theirs if one.subject == "face"]
        assert seen == [one.box.tolist() for one in ours]


def test_what_is_not_a_model_is_refused_in_one_line(
    faces: CenterFace, settings: Path, tmp_path: Path
) -> None:
    for name in ("broken.pt", "broken.onnx"):
        path = tmp_path / name
        path.write_bytes(b"not a model")
        with pytest.raises(Unusable, match=name):
            Yolo(path, faces, 0, settings)
    path = tmp_path / "broken.task"
    path.write_bytes(b"not a bundle")
    with pytest.raises(Unusable, match=r"broken\.task"):
        BlazePose(path)


def test_yolo_follows_the_speaker_of_a_clip(sample: Film, tmp_path: Path) -> None:
    film, truth = sample
    prepare(film, tmp_path, CLOSE, sound=True)
    tracks, fallbacks = detected(
        tmp_path, detector="yolo", detector_model=str(NUDENET.locate()), pose="off"
    )
    assert (tracks.detector, fallbacks) == ("yolo", [])
    for shot in tracks.clips[0].shots:
        (track,) = shot.tracks
        assert track.id == "face_1"
        for one in track.detections:
            assert abs(one.box.centre_x_px - middle_px(truth, one.time_ms)) < 0.3 * 150


def test_the_pose_of_the_speaker_has_its_nose_in_the_face(
    pose: BlazePose, faces: CenterFace, pictures: list[Rgb]
) -> None:
    for picture, (face, *_) in zip(pictures, faces.find(pictures), strict=True):
        (body,) = pose.bodies(picture)
        nose = body.landmarks[0, :2]
        assert np.all(nose > face.box[:2])
        assert np.all(nose < face.box[:2] + face.box[2:])
        assert body.landmarks.shape == (33, 3)


def test_the_camera_stays_with_a_person_whose_face_is_covered(
    sample: Film, tmp_path: Path, bundle: Path
) -> None:
    """From two seconds on a grey patch moves with the face, so that no detector finds it."""
    film, truth = sample
    covered = tmp_path / "covered.mp4"
    cover(film, truth, covered)
    shots = {}
    for name in ("off", "mediapipe"):
        job = tmp_path / name
        prepare(covered, job, CLOSE, sound=False)
        tracks, fallbacks = detected(job, detector="centerface", pose=name, pose_model=str(bundle))
        assert (tracks.pose, fallbacks) == (name, [])
        shots[name] = tracks.clips[0].shots[0]
    lost, kept = shots["off"].tracks[0].detections, shots["mediapipe"].tracks[0].detections
    assert lost[-1].time_ms < CLOSE.in_ms + 2_400
    assert kept[-1].time_ms > CLOSE.out_ms - 400
    hidden = [one for one in kept if one.hidden]
    assert len(hidden) > 7
    for one in hidden:
        assert abs(one.box.centre_x_px - middle_px(truth, one.time_ms)) < 0.35 * 150
    assert {one.track for one in shots["mediapipe"].poses} == {"face_1"}
    assert window_reaches(shots["mediapipe"], truth)


def cover(film: Path, truth: Truth, target: Path) -> None:
    face = truth.faces["woman"][round((CLOSE.in_ms + 3_000) * truth.fps / 1000)]
    assert face is not None
    x, y, width, height = (round(value) for value in face)
    patch = f"drawbox=x={x - width // 2}:y={y - height // 8}:w={2 * width}:h={height * 9 // 8}"
    shown = f"color=gray:t=fill:enable='gte(t,{(CLOSE.in_ms + 2_000) / 1000})'"
    ffmpeg.run(["-i", str(film), "-t", "24", "-vf", f"{patch}:{shown}", "-an", str(target)])


def middle_px(truth: Truth, time_ms: int) -> float:
    face = truth.faces["woman"][round(time_ms * truth.fps / 1000)]
    assert face is not None
    return face[0] + face[2] / 2


def window_reaches(shot: ShotTracks, truth: Truth) -> bool:
    size = Size(width_px=truth.size[0], height_px=truth.size[1])
    (crop,) = shot_crops(shot, "focus", size, 200)
    left = crop.regions[0].keyframes[-1].x_mpx / 1000
    middle = middle_px(truth, CLOSE.out_ms - 100)
    return left < middle < left + crop.regions[0].window.width_px
