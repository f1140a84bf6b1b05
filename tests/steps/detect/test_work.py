"""The whole step on films whose truth is known."""

from collections.abc import Callable
from pathlib import Path

import pytest

from steps.contract import Unusable
from steps.contract.errors import BrokenContract
from steps.model.timing import Span
from steps.model.tracks import ShotTracks
from tests.media.fixtures import Film
from tests.steps.scenes import detected, prepare

pytestmark = pytest.mark.slow


def speaker_at(shots: tuple[ShotTracks, ...], time_ms: int) -> float:
    """The middle of the face that is taken to speak, from the left edge."""
    shot = next(shot for shot in shots if shot.contains(time_ms))
    turn = next(turn for turn in shot.turns if turn.contains(time_ms))
    track = next(track for track in shot.tracks if track.id == turn.track)
    sight = min(track.detections, key=lambda one: abs(one.time_ms - time_ms))
    return sight.box.centre_x_px


def test_who_speaks_in_an_interview(media: Callable[[str], Film], tmp_path: Path) -> None:
    film, truth = media("interview")
    prepare(film, tmp_path, Span(in_ms=12_000, out_ms=37_000), sound=True)
    tracks, fallbacks = detected(tmp_path)
    (clip,) = tracks.clips
    assert (tracks.speaker_method, fallbacks) == ("mouth", [])
    cuts = [round(frame * 1000 / truth.fps) for frame in truth.cuts]
    assert [shot.in_ms for shot in clip.shots] == [12_000, *cuts]
    assert [len(shot.tracks) for shot in clip.shots] == [2, 1, 1, 2]
    heard = right = 0
    for word in truth.words:
        middle = (word.in_ms + word.out_ms) // 2
        face = truth.faces[word.person][int(middle * truth.fps / 1000)]
        if face is not None and 12_000 < middle < 37_000:
            heard += 1
            right += abs(speaker_at(clip.shots, middle) - face[0] - face[2] / 2) < face[2] / 2
    assert heard > 60
    assert right / heard > 0.97
    for track in clip.shots[0].tracks:
        assert all(one.mouth is not None for one in track.detections[:-1])


def test_without_sound_the_largest_face_speaks(
    media: Callable[[str], Film], tmp_path: Path
) -> None:
    film, truth = media("interview")
    prepare(film, tmp_path, Span(in_ms=0, out_ms=6_000), sound=False)
    tracks, fallbacks = detected(tmp_path)
    assert (tracks.speaker_method, fallbacks) == ("largest", ["speaker-by-size"])
    (shot,) = tracks.clips[0].shots
    guest = truth.faces["guest"][90]
    assert guest is not None
    assert len(shot.turns) == 1
    assert abs(speaker_at((shot,), 3_000) - guest[0] - guest[2] / 2) < guest[2] / 4


def test_a_face_is_followed_where_it_goes(media: Callable[[str], Film], tmp_path: Path) -> None:
    film, truth = media("moving_face")
    prepare(film, tmp_path, Span(in_ms=1_000, out_ms=7_000), sound=True)
    tracks, fallbacks = detected(tmp_path)
    (shot,) = tracks.clips[0].shots
    (track,) = shot.tracks
    assert (tracks.speaker_method, fallbacks) == ("largest", [])
    assert len(track.detections) == 30
    for one in track.detections:
        face = truth.faces["woman"][round(one.time_ms * truth.fps / 1000)]
        assert face is not None
        assert abs(one.box.centre_x_px - face[0] - face[2] / 2) < 0.1 * face[2]
        assert one.eyes_y_px is not None
        assert face[1] < one.eyes_y_px < face[1] + face[3] / 2


def test_boxes_are_of_the_upright_picture(media: Callable[[str], Film], tmp_path: Path) -> None:
    film, truth = media("rotated")
    prepare(film, tmp_path, Span(in_ms=2_000, out_ms=3_000), sound=False)
    tracks, _ = detected(tmp_path)
    assert (tracks.size.width_px, tracks.size.height_px) == truth.size
    one = tracks.clips[0].shots[0].tracks[0].detections[0]
    face = truth.faces["woman"][60]
    assert face is not None
    assert abs(one.box.centre_x_px - face[0] - face[2] / 2) < 0.15 * face[2]
    assert abs(one.box.centre_y_px - face[1] - face[3] / 2) < 0.15 * face[3]


def test_slides_have_shots_without_faces(media: Callable[[str], Film], tmp_path: Path) -> None:
    film, truth = media("slides")
    prepare(film, tmp_path, Span(in_ms=4_000, out_ms=14_000), sound=True)
    tracks, _ = detected(tmp_path)
    shots = tracks.clips[0].shots
    assert len(shots) == len(truth.shots)
    assert all(shot.tracks == shot.turns == () for shot in shots)
    assert all(shot.motion == 0 and shot.detail > 20 for shot in shots)


def test_without_a_detector_there_are_only_shots(
    media: Callable[[str], Film], tmp_path: Path
) -> None:
    prepare(media("interview")[0], tmp_path, Span(in_ms=0, out_ms=2_000), sound=True)
    tracks, fallbacks = detected(tmp_path, detector="off", sample_ms=1_000)
    assert (tracks.detector, tracks.pose, tracks.sample_ms, fallbacks) == ("off", "off", 1_000, [])
    assert [shot.tracks for shot in tracks.clips[0].shots] == [()]


def test_a_named_method_that_needs_sound_never_gives_way(
    media: Callable[[str], Film], tmp_path: Path
) -> None:
    prepare(media("interview")[0], tmp_path, Span(in_ms=0, out_ms=2_000), sound=False)
    with pytest.raises(Unusable, match="needs sound, and the source has none"):
        detected(tmp_path, speaker_method="mouth")


def test_a_missing_cut_is_named(media: Callable[[str], Film], tmp_path: Path) -> None:
    prepare(media("slides")[0], tmp_path, Span(in_ms=0, out_ms=5_000), sound=False)
    (tmp_path / "cuts" / "clip_01.mkv").unlink()
    with pytest.raises(BrokenContract, match=r"clip_01\.mkv is missing: rerun the job"):
        detected(tmp_path)
