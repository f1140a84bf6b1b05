"""Who is in a shot and whether they talk to each other quickly. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median, quantiles

from steps.model.geometry import Box, Size
from steps.model.layouts import MOST_PEOPLE
from steps.model.tracks import ShotTracks, Track, Turn

FACE_SHARE = 0.05
"""A face lower than this share of the frame's height is not followed."""
MARGIN_SHARE = 0.15
"""The head and this much of its size on each side stay inside."""
PRESENT_SHARE = 0.6
"""Who is seen for at least this share of a shot is one of its people."""
QUICK_MS = 2500
"""Turns that are usually shorter than this are not followed: all who talk are shown."""
QUICK_CONVERSATION_MS = 3500
"""The same, where the words say that it is a conversation."""
LEAST_TURNS = 3
SHORT_SHOT_MS = 5000
"""Two who both talk in a shot that is no longer are shown at once."""
TALKING_SHARE = 0.4
"""A mouth talks while it moves by this share of what mouths do in their own turns (their 75th
percentile), over `SMOOTHED` samples: between syllables it rests."""
SMOOTHED = 3
LEAST_UNSEEN_MS = 1000
"""Who talks for so long in others' turns is one of those who talk."""
UNSEEN_SHARE = 0.2
"""People are shown together where so much of their talk is in the turns of others: they talk at the
same time, and a window would miss it."""


@dataclass(frozen=True)
class Cast:
    """The people of a shot, from left to right; who comes back is one person.

    Attributes:
        people: their tracks.
        turns: of those people, each up to the next one's.
    """

    people: tuple[Track, ...]
    turns: tuple[Turn, ...]

    @property
    def talkers(self) -> tuple[Track, ...]:
        """Those who have a turn or talk in those of others, from left to right."""
        talking = {turn.track for turn in self.turns}
        talking |= {name for name, ms in self.unseen_ms.items() if ms >= LEAST_UNSEEN_MS}
        return tuple(one for one in self.people if one.id in talking)

    @cached_property
    def unseen_ms(self) -> dict[str, int]:
        """For how long each seems to talk while another has the turn."""
        return {name: ms for name, (_, ms) in self._talk_ms.items()}

    @cached_property
    def _talk_ms(self) -> dict[str, tuple[int, int]]:
        """For how long each seems to talk, in their own turns and in those of others."""
        moved = {one.id: _mouths(one) for one in self.people}
        own = [
            mouth
            for name, mouths in moved.items()
            for time_ms, mouth in mouths.items()
            if self._has_turn(name, time_ms)
        ]
        least = TALKING_SHARE * quantiles(own, n=4)[2] if len(own) > 1 else 0.0
        found = {}
        for one in self.people:
            talks = [at for at, mouth in moved[one.id].items() if least and mouth >= least]
            seen = sum(self._has_turn(one.id, at) for at in talks)
            found[one.id] = (seen * spacing_ms(one), (len(talks) - seen) * spacing_ms(one))
        return found

    def _has_turn(self, name: str, time_ms: int) -> bool:
        return any(turn.track == name and turn.contains(time_ms) for turn in self.turns)

    @property
    def talk_together(self) -> bool:
        """Whether much of what is said is said in the turn of somebody else."""
        unseen_ms = sum(self.unseen_ms.values())
        total_ms = sum(map(sum, self._talk_ms.values()))
        return unseen_ms >= max(LEAST_UNSEEN_MS, UNSEEN_SHARE * total_ms)

    def is_quick(self, usual_ms: int) -> bool:
        """Whether turns change so often that a window would chase them."""
        talking = len(self.talkers)
        if not 2 <= talking <= MOST_PEOPLE:
            return False
        if self.talk_together:
            return True
        if self.turns[-1].out_ms - self.turns[0].in_ms <= SHORT_SHOT_MS:
            return True
        lengths = [turn.duration_ms for turn in self.turns]
        return len(lengths) >= LEAST_TURNS and median(lengths) < usual_ms


def cast_of(shot: ShotTracks, size: Size) -> Cast:
    """The people of a shot."""
    groups: list[list[Track]] = []
    speaking = {turn.track for turn in shot.turns}
    for track in sorted(shot.tracks, key=lambda one: one.detections[0].time_ms):
        if track.subject != "face" and track.id not in speaking:
            continue
        if not track.lives or height_px(track) < FACE_SHARE * size.height_px:
            continue
        home = next((group for group in groups if _is_next(group[-1], track)), None)
        if home is None:
            groups.append([track])
        else:
            home.append(track)
    found = [_joined(group) for group in groups]
    names = {part.id: group[0].id for group in groups for part in group}
    people = [one for one in found if _seen_ms(one) >= PRESENT_SHARE * shot.duration_ms]
    people.sort(key=lambda one: usual_box(one).centre_x_px)
    present = {one.id for one in people}
    turns: list[Turn] = []
    for turn in shot.turns:
        name = names.get(turn.track)
        if name not in present or turn.duration_ms == 0:
            continue
        if turns and turns[-1].track == name:
            turns[-1] = turns[-1].model_copy(update={"out_ms": turn.out_ms})
        else:
            turns.append(turn.model_copy(update={"track": name}))
    return Cast(tuple(people), tuple(turns))


def _mouths(track: Track) -> dict[int, float]:
    """How much a mouth moves about each sample in which it was watched."""
    seen = [one for one in track.detections if one.mouth is not None and not one.hidden]
    moved = [one.mouth or 0 for one in seen]
    half = SMOOTHED // 2
    return {
        one.time_ms: mean(moved[max(0, at - half) : at + half + 1]) for at, one in enumerate(seen)
    }


def height_px(track: Track) -> int:
    """The middle one of the heights of a track's faces; of a person, those of its heads."""
    heights = sorted((one.head or one.box).height_px for one in track.detections)
    return heights[len(heights) // 2]


def _is_next(before: Track, after: Track) -> bool:
    """Whether a track goes on where another one ended."""
    last, first = before.detections[-1], after.detections[0]
    one, other = last.head or last.box, first.head or first.box
    near = max(one.width_px, other.width_px)
    return (
        first.time_ms > last.time_ms
        and abs(one.centre_x_px - other.centre_x_px) <= near
        and abs(one.centre_y_px - other.centre_y_px) <= near
    )


def _joined(group: Sequence[Track]) -> Track:
    seen = tuple(one for track in group for one in track.detections)
    return group[0].model_copy(update={"detections": seen})


def _seen_ms(track: Track) -> int:
    times = [one.time_ms for one in track.detections]
    return times[-1] - times[0] + spacing_ms(track)


def spacing_ms(track: Track) -> int:
    """The usual distance of a track's detections."""
    times = [one.time_ms for one in track.detections]
    return (times[-1] - times[0]) // (len(times) - 1) if len(times) > 1 else 0


def usual_box(track: Track) -> Box:
    """The face, or the head of a person, in the middle of a track's time."""
    middle = track.detections[len(track.detections) // 2]
    return middle.head or middle.box
