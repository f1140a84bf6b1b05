"""Ultralytics and MediaPipe do detect's work, in the environment `vision`.

NudeNet's 320n.onnx is a YOLOv8 with two classes of faces, so the real path of Ultralytics is tested
without a download; a model made from Ultralytics' own description has persons, and random weights.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from steps.contract import Unusable
from steps.contract.errors import BadInput
from steps.detect.engines.blazepose import BlazePose
from steps.detect.engines.centerface import CenterFace
from steps.detect.engines.protocol import Rgb
from steps.detect.engines.yolo import BATCH, Yolo
from steps.detect.tracker import iou
from steps.media.frames import sampled
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.model.tracks import ShotTracks
from steps.model.weights import CENTERFACE, MODELS, NUDENET
from steps.reframe.framing import shot_crops
from tests.media.fixtures import Film
from tests.media.truth import Truth
from tests.steps.reframe.shots import CANVAS
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
        pose.begin()
        body, *_ = pose.bodies(picture)
        nose = body.landmarks[0, :2]
        assert np.all(nose > face.box[:2])
        assert np.all(nose < face.box[:2] + face.box[2:])
        assert body.landmarks.shape == (33, 3)


def test_the_camera_stays_with_a_person_whose_face_is_covered(
    sample: Film, tmp_path: Path, bundle: Path
) -> None:
    """For two seconds the head is seen from behind, so that no detector finds a face."""
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
    assert kept[-1].time_ms > CLOSE.out_ms - 1_000
    hidden = [one for one in kept if one.hidden]
    assert len(hidden) > 5
    for one in hidden:
        assert abs(one.box.centre_x_px - middle_px(truth, one.time_ms)) < 0.35 * 150
    poses = shots["mediapipe"].poses
    assert sum(one.track == "face_1" for one in poses) > len(poses) / 2
    assert window_reaches(shots["mediapipe"], truth)


def cover(film: Path, truth: Truth, target: Path) -> None:
    """Lay hair over the face, as if the head were seen from behind, for the last two seconds."""
    number = round((CLOSE.in_ms + 2_000) * truth.fps / 1000)
    with av.open(str(film)) as source, av.open(str(target), "w") as made:
        stream = source.streams.video[0]
        out = made.add_stream("libx264", rate=stream.average_rate, options={"crf": "16"})
        out.width, out.height, out.pix_fmt = stream.width, stream.height, "yuv420p"
        for index, frame in enumerate(source.decode(stream)):
            if index > CLOSE.out_ms * truth.fps / 1000:
                break
            picture = frame.to_ndarray(format="bgr24")
            face = truth.faces["woman"][index]
            if index >= number and face is not None:
                picture = from_behind(picture, np.array(face))
            made.mux(out.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        made.mux(out.encode())


def from_behind(picture: np.ndarray, face: np.ndarray) -> np.ndarray:
    x, y, width, height = face
    mask = np.zeros(picture.shape[:2], np.float32)
    middle, axes = (x + width / 2, y + height / 2), (0.62 * width, 0.56 * height)
    cv2.ellipse(mask, tuple(map(round, middle)), tuple(map(round, axes)), 0, 0, 360, 1, -1)
    cover = cv2.GaussianBlur(mask, (0, 0), 6)[..., None]
    top, left = round(y - 0.1 * height), round(x - 0.2 * width)
    strip = picture[top - round(0.12 * height) : top + round(0.08 * height), :]
    strip = strip[:, round(x + 0.2 * width) : round(x + 0.8 * width)]
    hair = picture.copy()
    part = hair[top : top + round(1.3 * height), left : left + round(1.5 * width)]
    times = (-(-part.shape[0] // strip.shape[0]), -(-part.shape[1] // strip.shape[1]), 1)
    part[:] = np.tile(strip, times)[: part.shape[0], : part.shape[1]]
    return (hair * cover + picture * (1 - cover)).round().astype(np.uint8)


def middle_px(truth: Truth, time_ms: int) -> float:
    face = truth.faces["woman"][round(time_ms * truth.fps / 1000)]
    assert face is not None
    return face[0] + face[2] / 2


def window_reaches(shot: ShotTracks, truth: Truth) -> bool:
    size = Size(width_px=truth.size[0], height_px=truth.size[1])
    (crop,) = shot_crops(shot, "focus", size, 200, CANVAS)
    left = crop.regions[0].keyframes[-1].x_mpx / 1000
    middle = middle_px(truth, CLOSE.out_ms - 100)
    return left < middle < left + crop.regions[0].window.width_px
