"""Whom the frames show, by tracks and windows that are known."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.tracks import ClipTracks
from steps.render.camera import camera
from steps.render.measured import Camera
from steps.render.plan import FrameRun, Grid, Pane, clip_grid
from steps.render.sightings import people
from tests.steps.reframe.shots import SAMPLE_MS, shot, track

HD = Size(width_px=1280, height_px=720)
WINDOW = Size(width_px=404, height_px=720)
FULL = Box.of_edges(0, 0, 1080, 1920)
GRID = clip_grid(Span(in_ms=0, out_ms=6_000), Fraction(30), 0)


def measured(
    centre: Callable[[int], float],
    *faces: float | Callable[[int], float],
    turns: list[tuple[int, int, str]] | None = None,
    spoken: tuple[Span, ...] = (),
    jumps: tuple[int, ...] = (),
) -> Camera:
    """A window whose middle is at `centre(frame)`, over faces at these places or paths in time."""
    places = [one if callable(one) else lambda _, x=one: x for one in faces]
    tracks = [
        track(f"face_{number}", lambda time_ms, at=at: (at(time_ms), 300), 0, 6_000)  # type: ignore[misc]
        for number, at in enumerate(places, start=1)
    ]
    told = shot(tracks, turns or [(0, 6_000, "face_1")] if faces else [], 0, 6_000)
    centres = tuple((centre(frame), 360.0) for frame in range(GRID.count))
    runs = (FrameRun(0, GRID.count, False, (Pane(WINDOW, FULL, centres),)),)
    seen = people(ClipTracks(id="clip_01", shots=(told,)), SAMPLE_MS, runs, GRID)
    return camera(seen, spoken, runs, jumps, GRID, HD)


def test_a_still_window_around_the_speaker() -> None:
    found = measured(lambda _: 500, 500)
    assert found == Camera(1.0, 1.0, 0.0, 0.0, None)


def test_a_face_at_the_edge_is_not_inside() -> None:
    found = measured(lambda _: 500, 500 + 202 - 20)
    assert found.face_inside == 0.0
    assert found.speaker_shown == 1.0


def test_the_listener_on_camera() -> None:
    found = measured(lambda _: 300, 1000, 300, spoken=(Span(in_ms=0, out_ms=3_000),))
    assert found.speaker_shown == 0.0
    assert found.longest_without_s == 0.0


def test_only_speaking_time_counts_for_the_speaker() -> None:
    found = measured(lambda frame: 500 if frame < 90 else 900, 500, jumps=(90,),
                     spoken=(Span(in_ms=0, out_ms=3_000),))  # fmt: skip
    assert found.speaker_shown == 1.0
    assert found.face_inside == pytest.approx(0.5, abs=0.02)
    assert found.longest_without_s == pytest.approx(3.0, abs=0.1)


def test_a_camera_that_hunts_turns_back() -> None:
    hunting = measured(lambda frame: 600 + 40 * abs(frame % 60 - 30) / 30, 600)
    assert hunting.reversals_per_s == pytest.approx(5 / 6)
    pan = measured(lambda frame: 400 + frame, 400)
    assert pan.reversals_per_s == 0.0


def strolling(frame: int) -> float:
    """To the right for 3 s and back: further than the window is wide."""
    return 300 + 6 * (90 - abs(frame - 90))


@pytest.mark.parametrize(
    ("centre", "walk", "turns"),
    [
        (strolling, strolling, 0),
        (strolling, lambda frame: 300 + frame / 9, 1),
        (lambda frame: strolling(frame) + 20 * (frame // 15 % 2), strolling, 10),
    ],
    ids=["with someone who turns", "with someone who does not", "with someone, hunting"],
)
def test_only_turns_that_the_face_does_not_make_count(
    centre: Callable[[int], float], walk: Callable[[int], float], turns: int
) -> None:
    found = measured(centre, lambda time_ms: walk(round(time_ms * 0.03)))
    assert found.reversals_per_s == pytest.approx(turns / 6)


def test_a_jump_is_no_turn() -> None:
    found = measured(
        lambda frame: 400 if frame % 60 < 30 else 800, 400, jumps=(30, 60, 90, 120, 150)
    )
    assert (found.reversals_per_s, found.jitter_px) == (0.0, None)


def test_a_window_that_trembles() -> None:
    smooth = measured(lambda frame: 400 + 0.4 * frame, 400).jitter_px
    trembling = measured(lambda frame: 400 + 0.4 * frame + 0.5 * (frame % 2), 400).jitter_px
    assert smooth is not None
    assert trembling is not None
    assert smooth <= 0.1
    assert trembling > 0.4


def test_without_people_nothing_is_claimed() -> None:
    found = measured(lambda _: 640)
    assert (found.face_inside, found.speaker_shown, found.longest_without_s) == (None, None, None)


def test_turns_are_on_frames_as_shots_are() -> None:
    """A turn that ends 0.4 ms after a frame's own time ends with that frame: stamps are rounded."""
    found = measured(
        lambda frame: 300 if frame < 87 else 900, 300, 900, jumps=(87,),
        turns=[(0, 2_901, "face_1"), (2_901, 6_000, "face_2")],
    )  # fmt: skip
    assert found.face_inside == 1.0


class _Asked(Grid):
    """Notes how often it is asked for a frame."""

    asked = 0

    def frame(self, time_ms: int) -> int:
        _Asked.asked += 1
        return super().frame(time_ms)


def test_many_turns_are_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Asked, "asked", 0)
    grid = _Asked(GRID.rate, GRID.count, GRID.origin_ms, GRID.seek_ms, GRID.in_ms)
    names = ("face_1", "face_2")
    faces = [track(name, lambda _: (500, 300), 0, 6_000) for name in names]
    told = [(at, at + 100, names[at // 100 % 2]) for at in range(0, 6_000, 100)]
    shots = (shot(faces, told, 0, 6_000),)
    runs = (FrameRun(0, GRID.count, "none", (Pane(WINDOW, FULL, ((500, 360),) * GRID.count),)),)
    seen = people(ClipTracks(id="clip_01", shots=shots), SAMPLE_MS, runs, grid)
    speakers = [next(face.track for face in one.faces if face.speaks) for one in seen]
    assert speakers == [names[at % 2] for at in range(60)]
    assert _Asked.asked <= 2 * len(told)
