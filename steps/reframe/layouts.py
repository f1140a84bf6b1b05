"""Which layout a shot gets: by rules that can be measured, and alike in shots of the same set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from steps.model.clips import LayoutHint
from steps.model.geometry import Size
from steps.model.layouts import LAYOUTS, MOST_PEOPLE, LayoutName
from steps.model.screens import DRAWN_DETAIL
from steps.model.tracks import ShotTracks, Track
from steps.reframe.people import (
    FACE_SHARE,
    MARGIN_SHARE,
    QUICK_CONVERSATION_MS,
    QUICK_MS,
    Cast,
    cast_of,
    height_px,
    spacing_ms,
    usual_box,
)

COVERED_SHARE = 0.5
"""A shot is of people when its subjects are seen for at least this share of it."""
MISSED_SHARE = 0.25
"""Who is seen for at least this share of a shot, and mostly not in its middle, is followed: there a
window would be empty, or cut them."""
INSET_SHARE = 0.15
"""A face under this share of the frame's height, in a picture that is still and drawn, and:"""
CORNER_SHARE = 0.3
"""with its middle in a corner, of this share of either side, is a camera laid over a screen, even
where no frame of it was found: the screen is the subject."""
SAME_SET_SHARE = 0.1
"""Shots of a clip are of the same set when their people are within this share of the frame's width
of each other."""

TALL = Size(width_px=1080, height_px=1920)
Asked = Literal["auto"] | LayoutName


@dataclass(frozen=True)
class Seen:
    """A shot with what decides about its layout.

    Attributes:
        shot: as if the picture were only what is inside its bars.
        size: of that picture.
        hint: what the clip's words say about the picture.
        output: the shape of what is made.
    """

    shot: ShotTracks
    size: Size
    hint: LayoutHint = ""
    output: Size = TALL

    @property
    def is_tall(self) -> bool:
        """Whether the output is not wider than high, so that there is room for panels."""
        return self.output.height_px >= self.output.width_px

    @cached_property
    def cast(self) -> Cast:
        """Its people."""
        return cast_of(self.shot, self.size)

    @cached_property
    def is_of_people(self) -> bool:
        """Whether living subjects fill enough of it, and are more than an inset in a screen."""
        if self.followed_ms < COVERED_SHARE * self.shot.duration_ms:
            return False
        if not self.shot.is_drawn:
            return True
        screen = self.shot.screen
        laid_over = {one.track for one in (*screen.insets, *screen.tiles)} if screen else set()
        living = [one for one in self.shot.tracks if one.lives and one.id not in laid_over]
        share = INSET_SHARE / 2 if self.hint == "talking-head" else INSET_SHARE
        least = share * self.size.height_px
        return any(height_px(one) >= least or not _in_corner(one, self.size) for one in living)

    @cached_property
    def followed_ms(self) -> int:
        """For how long a subject large enough is seen in its turns."""
        tracks = {track.id: track for track in self.shot.tracks}
        total = 0
        for turn in self.shot.turns:
            track = tracks[turn.track]
            if height_px(track) >= FACE_SHARE * self.size.height_px:
                first = track.detections[0].time_ms
                last = track.detections[-1].time_ms + spacing_ms(track)
                total += max(0, min(turn.out_ms, last) - max(turn.in_ms, first))
        return total

    @property
    def is_call(self) -> bool:
        """Whether it is a call of two or more, who fill the picture."""
        return bool(self.shot.screen and self.shot.screen.is_call and len(self.cast.people) >= 2)

    @property
    def called(self) -> int:
        """How many of a call are shown: all of few, of many those who talk."""
        everyone = len(self.cast.people)
        return everyone if everyone <= MOST_PEOPLE else len(self.cast.talkers)

    @property
    def is_missed(self) -> bool:
        """Whether a window in the middle would miss those who have the turns, however small."""
        tracks = {track.id: track for track in self.shot.tracks}
        window_px = self.size.height_px * self.output.width_px / self.output.height_px
        aside = max(0.0, self.size.width_px - window_px) / 2
        seen_ms = missed_ms = 0
        for turn in self.shot.turns:
            track = tracks[turn.track]
            for one in track.detections:
                box = one.head or one.box
                if turn.contains(one.time_ms):
                    margin = MARGIN_SHARE * box.width_px
                    left, right = box.x_px - margin, box.right_px + margin
                    seen_ms += spacing_ms(track)
                    if left < aside or right > self.size.width_px - aside:
                        missed_ms += spacing_ms(track)
        return missed_ms > seen_ms / 2 and seen_ms >= MISSED_SHARE * self.shot.duration_ms

    def can(self, layout: LayoutName) -> bool:
        """Whether the shot has what a layout needs."""
        if layout == "focus":
            return self.followed_ms > 0
        if layout == "stack":
            screen = self.shot.screen
            return bool(screen and (screen.insets or (screen.tiles and not screen.is_call)))
        if layout in ("split", "grid"):
            return len(self.cast.people) >= LAYOUTS[layout].least
        return True

    @property
    def wanted(self) -> LayoutName:
        """The layout that fits the shot, judged by itself."""
        if self.is_tall and self.can("stack"):
            return "stack"
        if self.is_tall and self.is_call:
            return "split" if self.called <= 2 else "grid"
        if not self.is_of_people:
            moving_screen = self.hint == "screen-share" and self.shot.detail >= DRAWN_DETAIL
            poster = any(not one.lives for one in self.shot.tracks)
            if self.shot.is_drawn or moving_screen or poster:
                return "fit"
            return "focus" if self.is_missed else "centre"
        usual_ms = QUICK_CONVERSATION_MS if self.hint == "conversation" else QUICK_MS
        if self.is_tall and self.cast.is_quick(usual_ms):
            return "split" if len(self.cast.talkers) == 2 else "grid"
        return "focus"


def layouts_of(shots: Sequence[Seen], asked: Asked) -> list[LayoutName]:
    """The layout of each shot of a clip.

    One that is asked for is taken where it can be; elsewhere `focus` becomes `centre`, the others
    what fits the shot. Without one, shots of the same set get the layout that most of their time
    wants.
    """
    if asked == "focus":
        return ["focus" if one.can("focus") else "centre" for one in shots]
    wanted = [one.wanted for one in shots]
    if asked != "auto":
        return [asked if one.can(asked) else own for one, own in zip(shots, wanted, strict=True)]
    return _settled(shots, wanted)


def _settled(shots: Sequence[Seen], wanted: Sequence[LayoutName]) -> list[LayoutName]:
    """Of the shots of one set, all get the layout that most of their time wants and that each can.

    Shots without people are not compared: slides come and go.
    """
    sets: list[list[int]] = []
    for number, one in enumerate(shots):
        home = next((group for group in sets if _same_set(shots[group[0]], one)), None)
        if home is None:
            sets.append([number])
        else:
            home.append(number)
    result = list(wanted)
    for group in sets:
        times: Counter[LayoutName] = Counter()
        for number in group:
            times[wanted[number]] += shots[number].shot.duration_ms
        layout = times.most_common(1)[0][0]
        for number in group:
            if shots[number].can(layout):
                result[number] = layout
    return result


def _same_set(one: Seen, other: Seen) -> bool:
    """Whether two shots have as many people, at the same places and as large."""
    if one.shot.is_drawn != other.shot.is_drawn or len(one.cast.people) != len(other.cast.people):
        return False
    near = SAME_SET_SHARE * one.size.width_px
    pairs = zip(one.cast.people, other.cast.people, strict=True)
    return bool(one.cast.people) and all(_is_near(a, b, near) for a, b in pairs)


def _is_near(one: Track, other: Track, near_px: float) -> bool:
    first, second = (usual_box(track) for track in (one, other))
    return (
        abs(first.centre_x_px - second.centre_x_px) <= near_px
        and abs(first.centre_y_px - second.centre_y_px) <= near_px
        and abs(first.height_px - second.height_px) <= near_px
    )


def _in_corner(track: Track, size: Size) -> bool:
    box = usual_box(track)
    aside = min(box.centre_x_px, size.width_px - box.centre_x_px)
    above = min(box.centre_y_px, size.height_px - box.centre_y_px)
    return aside <= CORNER_SHARE * size.width_px and above <= CORNER_SHARE * size.height_px
