"""From the samples of a shot to its people: tracks of faces and persons, poses, turns. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from steps.detect.bodies import box_of, head_from, persons, with_heads
from steps.detect.engines.protocol import Body, Evidence, Floats, Sight
from steps.detect.living import lives
from steps.detect.samples import Sample, texture_of
from steps.detect.speakers import STEP_MS, grid, turns
from steps.detect.switches import Cues
from steps.detect.tracker import Tracker, iou
from steps.model.geometry import Box, Size
from steps.model.screens import Inset, Screen
from steps.model.timing import Span
from steps.model.tracks import Detection, Landmark, Pose, ShotTracks, Track, Turn

HELD_SHARE = 0.5
"""A person holds a face that is inside its box for at least this share of their common samples."""

Followed = list[list[Sight]]


@dataclass(frozen=True)
class People:
    """The tracks of a shot.

    Attributes:
        faces: of faces, hidden ones included.
        persons: of whole persons; their landmarks are the usual ones of their heads.
        lives: for each face, whether it moves on its own.
    """

    faces: Followed
    persons: Followed
    lives: tuple[bool, ...]

    @property
    def named(self) -> dict[str, list[Sight]]:
        """The faces by the names of their tracks: `face_1`, `face_2` and so on."""
        return {f"face_{number + 1}": face for number, face in enumerate(self.faces)}

    @property
    def living(self) -> Followed:
        """The faces that live: one of them may speak."""
        return [face for face, alive in zip(self.faces, self.lives, strict=True) if alive]


def seen_in(shot: Span, samples: Sequence[Sample], sure_score: float, size: Size) -> People:
    """The people of a shot; a track needs one sight with at least the sure score."""
    faces, bodies = Tracker(sure_score), Tracker(sure_score)
    for one in samples:
        faces.add(one.time_ms, with_heads(one.found, one.bodies))
        bodies.add(one.time_ms, persons(one.found, one.bodies))
    found = faces.tracks(shot.duration_ms)
    alive = tuple(lives(face, found, samples, size) for face in found)
    return People(found, bodies.tracks(shot.duration_ms), alive)


def shot_tracks(
    shot: Span,
    samples: Sequence[Sample],
    people: People,
    evidence: Evidence,
    size: Size,
    inside: Box | None = None,
    cues: Cues | None = None,
    screen: Screen | None = None,
) -> ShotTracks:
    """The document of one shot; tracks are named `face_1`, `face_2`, `person_1` and so on.

    Args:
        shot: the shot.
        samples: of the shot.
        people: its tracks.
        evidence: who of the living faces seems to speak.
        size: of the picture.
        inside: the part of it inside black bars.
        cues: where a change of speaker may fall.
        screen: what is drawn.
    """
    names = list(people.named)
    alone = [f"person_{number + 1}" for number in range(len(people.persons))]
    candidates = [number for number, one in enumerate(people.persons) if not _holds(one, people)]
    columns = [evidence.scores, *(_presence(shot, people.persons[at]) for at in candidates)]
    living = [name for name, alive in zip(names, people.lives, strict=True) if alive]
    turning = living + [alone[at] for at in candidates]
    mouths = dict(zip(living, evidence.mouths, strict=True)) if evidence.mouths else {}
    chosen = turns(shot, np.concatenate(columns, axis=1), cues)
    detail, motion, stirred = texture_of(samples)
    return ShotTracks(
        in_ms=shot.in_ms,
        out_ms=shot.out_ms,
        detail=detail,
        motion=motion,
        stirred=stirred,
        inside=inside,
        screen=screen,
        tracks=(
            *(
                Track(
                    id=name,
                    subject="face",
                    lives=alive,
                    detections=_faces(track, mouths.get(name), size),
                )
                for name, track, alive in zip(names, people.faces, people.lives, strict=True)
            ),
            *(
                Track(id=name, subject="person", detections=_persons(track, size))
                for name, track in zip(alone, people.persons, strict=True)
            ),
        ),
        turns=at_moves(
            [
                Turn(in_ms=turn.span.in_ms, out_ms=turn.span.out_ms, track=turning[turn.track])
                for turn in chosen
            ],
            screen.insets if screen else (),
        ),
        poses=tuple(
            _pose(one.time_ms, body, people, names, alone, size)
            for one in samples
            for body in one.bodies
        ),
    )


def at_moves(turns: Sequence[Turn], insets: Sequence[Inset]) -> tuple[Turn, ...]:
    """The turns, from the face of an inset to that of the next one with the inset's own move.

    One face goes on in another corner: no voice is to be led, and no other picture shows it.
    """
    found = list(turns)
    moves = {(a.track, b.track): b.in_ms for a, b in pairwise(insets)}
    for at, (before, after) in enumerate(pairwise(turns)):
        move_ms = moves.get((before.track, after.track))
        if move_ms is not None and found[at].in_ms < move_ms < after.out_ms:
            found[at] = found[at].model_copy(update={"out_ms": move_ms})
            found[at + 1] = after.model_copy(update={"in_ms": move_ms})
    return tuple(found)


def _holds(person: Sequence[Sight], people: People) -> bool:
    """Whether one of the faces is this person's."""
    boxes = {sight.index: sight.box for sight in person}
    for face in people.faces:
        common = [sight for sight in face if sight.index in boxes]
        inside = sum(_is_inside(sight.box, boxes[sight.index]) for sight in common)
        if common and inside >= HELD_SHARE * len(common):
            return True
    return False


def _is_inside(face: Floats, box: Floats) -> bool:
    middle = face[:2] + face[2:] / 2
    return bool(np.all(middle >= box[:2]) and np.all(middle <= box[:2] + box[2:]))


def _presence(shot: Span, track: Sequence[Sight]) -> Floats:
    """The score of a person: 0 where it is there, so that it is followed where no face is."""
    steps = grid(shot)
    there = (steps >= track[0].time_ms - STEP_MS) & (steps <= track[-1].time_ms + STEP_MS)
    return np.where(there, 0.0, np.nan)[:, None]


def _faces(
    track: Sequence[Sight], watched: Sequence[float | None] | None, size: Size
) -> tuple[Detection, ...]:
    mouths = watched if watched is not None else (None,) * len(track)
    return tuple(
        Detection(
            time_ms=seen.time_ms,
            box=_inside(seen.box, size),
            score=_score(seen),
            hidden=seen.is_hidden,
            eyes_y_px=_eyes_y_px(seen, size),
            mouth=None if mouth is None else min(1000, round(1000 * mouth)),
        )
        for seen, mouth in zip(track, mouths, strict=True)
    )


def _persons(track: Sequence[Sight], size: Size) -> tuple[Detection, ...]:
    return tuple(
        Detection(
            time_ms=seen.time_ms,
            box=_inside(seen.box, size),
            score=_score(seen),
            head=_inside(head_from(seen.landmarks), size),
            eyes_y_px=_eyes_y_px(seen, size),
        )
        for seen in track
    )


def _pose(
    time_ms: int, body: Body, people: People, names: list[str], alone: list[str], size: Size
) -> Pose:
    """A body, with the track of its face or else of its person at that time."""
    box, found = box_of(body), None
    nose = np.array([*body.landmarks[0, :2], 0, 0])
    for name, track in zip(names, people.faces, strict=True):
        for sight in track:
            if sight.time_ms == time_ms and _is_inside(nose, sight.box):
                found = found or name
    if found is None:
        overlaps = [
            (iou(sight.box, box), name)
            for name, track in zip(alone, people.persons, strict=True)
            for sight in track
            if sight.time_ms == time_ms
        ]
        best = max(overlaps, default=(0.0, ""))
        found = best[1] if best[0] > 0 else None
    sides = (size.width_px, size.height_px)
    points = np.clip(np.round(body.landmarks[:, :2]), 0, sides).astype(int)
    visible = np.clip(np.round(1000 * body.landmarks[:, 2]), 0, 1000).astype(int)
    return Pose(
        time_ms=time_ms,
        track=found,
        landmarks=tuple(
            Landmark(x_px=int(x), y_px=int(y), visible=int(share))
            for (x, y), share in zip(points, visible, strict=True)
        ),
    )


def _score(seen: Sight) -> int:
    return min(1000, max(0, round(1000 * seen.score)))


def _eyes_y_px(seen: Sight, size: Size) -> int:
    return min(size.height_px, max(0, round(float(seen.landmarks[:2, 1].mean()))))


def _inside(box: Floats, size: Size) -> Box:
    """The part of the box inside the picture."""
    left, top = np.clip(np.round(box[:2]), 0, (size.width_px, size.height_px))
    right, bottom = np.clip(
        np.round(box[:2] + box[2:]), (left, top), (size.width_px, size.height_px)
    )
    return Box(
        x_px=int(left), y_px=int(top), width_px=int(right - left), height_px=int(bottom - top)
    )
