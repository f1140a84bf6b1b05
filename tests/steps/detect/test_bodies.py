"""A body whose face is not found gives the place of its head."""

import numpy as np
import pytest

from steps.detect.bars import Lit
from steps.detect.bodies import FACE_HEIGHT, box_of, head_from, head_of, persons, with_heads
from steps.detect.engines.largest import by_size
from steps.detect.engines.protocol import Body, Evidence, Floats, Found
from steps.detect.people import seen_in, shot_tracks
from steps.detect.samples import Sample
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.model.tracks import ShotTracks

SIZE = Size(width_px=1280, height_px=720)


def body(x: float = 400, y: float = 200, face_px: float = 60, visible: float = 0.9) -> Body:
    """A body from the front whose face is centred at x, y."""
    marks = np.zeros((33, 3))
    marks[:, :2] = x, y
    marks[:, 2] = visible
    marks[[7, 8], 0] += (face_px / 2, -face_px / 2)
    marks[[11, 12], 0] += (face_px, -face_px)
    marks[[11, 12], 1] += 1.35 * face_px
    marks[23:, 1] += 5 * face_px
    return Body(marks)


def face(x: float = 400, y: float = 200, side: float = 60) -> Found:
    return Found("face", box(x, y, side), 0.9)


def box(x: float, y: float, width: float) -> Floats:
    return np.array([x - width / 2, y - FACE_HEIGHT * width / 2, width, FACE_HEIGHT * width])


def test_the_head_is_between_the_ears_and_as_wide_as_they_or_the_neck_say() -> None:
    head = head_of(body())
    assert head == pytest.approx(box(400, 200, 63), abs=1)
    profile = body()
    profile.landmarks[[7, 8], 0] = 400
    assert head_of(profile) == pytest.approx(box(400, 200, 60), abs=1)
    assert head_of(body(visible=0.3)) is None


def test_a_found_face_needs_no_head_and_a_hidden_one_gets_one() -> None:
    assert [one.is_hidden for one in with_heads([face()], [body()])] == [False]
    both = with_heads([face(x=900)], [body(), body(x=900)])
    assert [one.is_hidden for one in both] == [False, True]
    assert both[1].box == pytest.approx(box(400, 200, 63), abs=1)


def test_a_person_has_the_head_of_its_body_or_else_one_on_its_top() -> None:
    standing = Found("person", np.array([340.0, 150, 120, 420]), 0.8)
    (alone,) = persons([standing], [])
    assert alone.landmarks is not None
    left, top, width, height = head_from(alone.landmarks)
    assert left + width / 2 == pytest.approx(400)
    assert 150 <= top < 200
    assert height == pytest.approx(420 / 6.5)
    (held,) = persons([standing], [body()])
    assert held.landmarks is not None
    assert head_from(held.landmarks) == pytest.approx(head_of(body()))
    found = persons([standing], [body(x=900)])
    assert len(found) == 2
    assert found[1].box == pytest.approx(box_of(body(x=900)))


DARK = Lit(np.zeros(9, np.float32), np.zeros(16, np.float32))


def shot_of(samples: list[tuple[list[Found], list[Body]]]) -> ShotTracks:
    shot = Span(in_ms=0, out_ms=200 * len(samples))
    seen = [
        Sample(200 * number, tuple(found), tuple(bodies), 0.0, 0.0, DARK)
        for number, (found, bodies) in enumerate(samples)
    ]
    people = seen_in(shot, seen, 0.6, SIZE)
    return shot_tracks(shot, seen, people, Evidence(by_size(shot, people.faces)), SIZE)


def test_a_face_that_turns_away_is_followed_by_its_body() -> None:
    """For 3 s, longer than a gap is bridged; the person walks on meanwhile."""
    walk = [400 + 8 * number for number in range(25)]
    there = [([face(x)] if number < 5 else [], [body(x)]) for number, x in enumerate(walk)]
    shot = shot_of(there)
    faces = [track for track in shot.tracks if track.subject == "face"]
    assert len(faces) == 1
    seen = faces[0].detections
    assert [one.hidden for one in seen] == [False] * 5 + [True] * 20
    assert [one.box.centre_x_px for one in seen] == pytest.approx(walk, abs=4)
    assert [turn.track for turn in shot.turns] == ["face_1"]
    assert {pose.track for pose in shot.poses} == {"face_1"}
    blind = shot_of([(found, []) for found, _ in there])
    assert len(blind.tracks[0].detections) == 5


def test_a_person_without_a_face_is_followed_where_no_face_is() -> None:
    from_behind = Found("person", np.array([340.0, 150, 120, 420]), 0.8)
    shot = shot_of([([from_behind], [])] * 10 + [([from_behind, face(x=900)], [])] * 20)
    assert [track.id for track in shot.tracks] == ["face_1", "person_1"]
    assert [turn.track for turn in shot.turns] == ["person_1", "face_1"]
    assert shot.tracks[1].detections[0].head is not None
    beside = shot_of([([Found("person", np.array([340.0, 150, 120, 420]), 0.8), face()], [])] * 20)
    assert {turn.track for turn in beside.turns} == {"face_1"}


def test_bodies_that_nobody_sees_well_have_neither_head_nor_box() -> None:
    shadow = body(visible=0.2)
    assert with_heads([], [shadow]) == []
    assert persons([], [shadow]) == []
    assert box_of(shadow).tolist() == [0, 0, 0, 0]
