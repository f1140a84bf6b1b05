"""A camera's picture is found by its frame, and nothing else is."""

import cv2
import numpy as np
import pytest

from steps.detect.circles import place_around
from steps.detect.engines.protocol import Sight
from steps.detect.insets import AT_EDGE, BESIDE, InsetPlace, steady_runs
from steps.detect.tiles import tiles_in
from steps.model.timing import Span

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def screen() -> np.ndarray:
    """The mean picture of a screen with a window, a line of text and a shade."""
    picture = np.tile(np.linspace(60, 90, 180)[:, None], (1, 320))
    picture[20:150, 30:200] = 230
    cv2.putText(picture, "Report", (40, 60), cv2.FONT_HERSHEY_DUPLEX, 1.0, 40.0, 1)
    return picture


def face_in(rect: Rect, side: int = 22) -> np.ndarray:
    left, top, right, bottom = rect
    middle = (left + right) / 2, (top + bottom) / 2
    return np.array([middle[0] - side / 2, middle[1] - side / 2, side, side])


def room(height: int, width: int) -> np.ndarray:
    """A speaker's room: a shade, a shelf, a blurred head."""
    picture = np.tile(np.linspace(115, 140, width)[None], (height, 1))
    picture[height // 3 : height // 3 + 3, : width // 2] = 40
    cv2.circle(picture, (width // 2, height // 2), height // 4, 180.0, -1)
    return cv2.GaussianBlur(picture, (0, 0), 2)


@pytest.mark.parametrize("contrast", [1.0, 0.6])
@pytest.mark.parametrize(
    "rect",
    [(240, 120, 312, 168), (0, 132, 72, 180), (10, 8, 82, 56), (248, 0, 320, 48)],
    ids=["bottom right", "in the corner itself", "top left", "at two edges"],
)
def test_a_frame_is_found(rect: Rect, contrast: float) -> None:
    picture = screen()
    left, top, right, bottom = rect
    picture[top:bottom, left:right] = room(bottom - top, right - left)
    found = place_around(face_in(rect), 100 + contrast * (picture - 100))
    assert found is not None
    assert not found.is_round
    assert np.abs(np.subtract(found.edges, rect)).max() <= 3
    assert found.edges[0] >= left
    assert found.edges[2] <= right


def test_a_coloured_border_is_left_out() -> None:
    picture, (left, top, right, bottom) = screen(), (236, 116, 316, 172)
    picture[top:bottom, left:right] = 30
    picture[top + 3 : bottom - 3, left + 3 : right - 3] = room(50, 74)
    found = place_around(face_in((left, top, right, bottom)), picture)
    assert found is not None
    assert np.subtract(found.edges, (left, top, right, bottom)) @ (1, 1, -1, -1) <= 4 * 6
    assert found.edges[0] >= left + 3
    assert found.edges[1] >= top + 3
    assert found.edges[2] <= right - 3
    assert found.edges[3] <= bottom - 3


def test_a_tiny_picture_is_not_all_border() -> None:
    """A person's picture beside their name, lit from one side: a line down its middle."""
    picture, (left, top, right, bottom) = np.full((180, 320), 120.0), (14, 12, 24, 24)
    picture[top:bottom, left:right] = 30
    picture[top:bottom, 19:right] = 200
    found = place_around(face_in((left, top, right, bottom), side=6), picture)
    assert found is not None
    assert found.edges[0] < 19 < found.edges[2]
    assert found.edges[1] < 18 < found.edges[3]


def test_a_picture_has_one_face_of_its_own() -> None:
    """Two pictures that touch: without the other's face, one rectangle would hold both."""
    picture = np.full((180, 320), 30.0)
    picture[20:164, 200:308] = room(144, 108)
    first, second = face_in((200, 20, 308, 92)), face_in((200, 92, 308, 164))
    assert place_around(second, picture, BESIDE) is not None
    assert place_around(second, picture, BESIDE, [first]) is None


def test_a_picture_at_the_middle_of_an_edge_is_found() -> None:
    picture, rect = screen(), (0, 70, 72, 118)
    picture[rect[1] : rect[3], : rect[2]] = room(48, 72)
    assert place_around(face_in(rect), picture) is None
    found = place_around(face_in(rect), picture, AT_EDGE)
    assert found is not None
    assert np.abs(np.subtract(found.edges, rect)).max() <= 3


def test_a_circle_is_found() -> None:
    picture, middle, radius = screen(), (276, 140), 28
    inside = np.zeros(picture.shape, np.uint8)
    cv2.circle(inside, middle, radius, 255, -1)
    whole = room(180, 320)
    whole[:] = 150
    picture = np.where(inside > 0, whole, picture)
    found = place_around(face_in((248, 112, 304, 168)), picture)
    assert found is not None
    assert found.is_round
    assert np.abs(np.subtract(found.edges, (248, 112, 304, 168))).max() <= 3


def in_the_middle() -> tuple[np.ndarray, np.ndarray]:
    picture, rect = screen(), (130, 70, 190, 110)
    picture[70:110, 130:190] = 20
    return picture, face_in(rect)


def large() -> tuple[np.ndarray, np.ndarray]:
    picture = screen()
    picture[60:180, 170:320] = 20
    return picture, face_in((170, 60, 320, 180), side=60)


def without_a_frame() -> tuple[np.ndarray, np.ndarray]:
    return room(180, 320), face_in((240, 120, 312, 168))


def before_a_door() -> tuple[np.ndarray, np.ndarray]:
    """Upright lines over the whole height, and nothing above or below the face."""
    picture = np.full((180, 320), 120.0)
    picture[:, 240:312] = 60
    return picture, face_in((240, 100, 312, 148))


@pytest.mark.parametrize("scene", [in_the_middle, large, without_a_frame, before_a_door])
def test_nothing_else_is(scene: object) -> None:
    picture, face = scene()  # type: ignore[operator]
    assert place_around(face, picture) is None


def slide(frame: Rect | None) -> np.ndarray:
    """A dark slide with words on its left, and a speaker's room in a white frame."""
    picture = np.full((180, 320), 20.0)
    cv2.putText(picture, "Who?", (20, 70), cv2.FONT_HERSHEY_DUPLEX, 1.0, 230.0, 1)
    if frame is not None:
        left, top, right, bottom = frame
        picture[top:bottom, left:right] = room(bottom - top, right - left)
        cv2.rectangle(picture, (left, top), (right - 1, bottom - 1), 240.0, 1)
    return picture


def test_a_speaker_beside_a_slide_is_found() -> None:
    rect = (180, 36, 300, 144)
    face = face_in(rect, side=48)
    assert place_around(face, slide(rect)) is None
    found = place_around(face, slide(rect), BESIDE)
    assert found is not None
    assert np.abs(np.subtract(found.edges, rect)).max() <= 4
    assert found.edges > rect[:2]
    assert found.edges[2:] < rect[2:]
    assert place_around(face, slide(None), BESIDE) is None


def test_a_picture_beside_a_slide_has_a_line_on_each_side() -> None:
    picture, rect = slide(None), (180, 36, 300, 180)
    picture[36:, 180:300] = room(144, 120)
    assert place_around(face_in(rect, side=48), picture, BESIDE) is None


def sights(*xs: float) -> list[Sight]:
    marks = np.zeros((5, 2))
    return [
        Sight(number, 200 * number, np.array([x, 100.0, 20, 24]), 0.9, marks)
        for number, x in enumerate(xs)
    ]


def test_a_face_that_goes_elsewhere_begins_anew() -> None:
    runs = steady_runs(sights(10, 11, 10, 12, 200, 201, 199, 200))
    assert [[one.index for one in run] for run in runs] == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_a_face_that_wanders_is_not_steady() -> None:
    assert steady_runs(sights(*range(0, 300, 30))) == []


def two_people(seam: int, top: int, bottom: int) -> dict[str, InsetPlace]:
    """The tiles of two steady faces in a room that changes at a column, over some rows."""
    picture = np.clip(room(180, 320), 0, 110)
    picture[top:bottom, seam:] = 200
    shot = Span(in_ms=0, out_ms=2000)
    faces = {
        name: [
            Sight(
                number, 250 * number, np.array([middle - 20.0, 60, 40, 50]), 1.0, np.zeros((5, 2))
            )
            for number in range(8)
        ]
        for name, middle in (("face_1", 80), ("face_2", 240))
    }
    greys = [(250 * number, picture.astype(np.uint8)) for number in range(8)]
    return tiles_in(shot, greys, faces, 1.0)


def test_two_who_meet_in_the_middle_are_a_call() -> None:
    found = two_people(160, 0, 180)
    assert {name: one.edges[::2] for name, one in found.items()} == {
        "face_1": (1, 158),
        "face_2": (162, 319),
    }
    assert all(edges[1] <= 2 and edges[3] >= 178 for edges in (one.edges for one in found.values()))


@pytest.mark.parametrize("door", [(150, 0, 180), (160, 40, 180), (160, 0, 110)])
def test_two_beside_a_door_are_in_one_room(door: tuple[int, int, int]) -> None:
    assert two_people(*door) == {}


class _Asked(Sight):
    """Notes how often it is asked for its middle."""

    asked = 0

    @property
    def centre(self) -> np.ndarray:
        _Asked.asked += 1
        return super().centre


def test_a_long_stay_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Asked, "asked", 0)
    track = [
        _Asked(one.index, one.time_ms, one.box, 0.9, one.landmarks) for one in sights(*[9] * 99)
    ]
    assert len(steady_runs(track)) == 1
    assert _Asked.asked <= 3 * len(track)
