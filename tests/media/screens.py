"""Screens, slides, games and calls with the speakers' cameras, four seconds each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from tests.media.scene import (
    Actor,
    Bar,
    Camera,
    Coding,
    Path,
    Picture,
    Scene,
    Shot,
    Slide,
    Text,
    View,
    pan,
    still,
    sway,
)
from tests.media.screencast import DESKTOP

MS = 4_000
SIZE = (640, 360)
RATE = Fraction(15)
Rect = tuple[int, int, int, int]
"""Left, top, width, height in px of the frame."""

CORNERS: dict[str, Rect] = {
    "top_left": (16, 12, 150, 90),
    "top_right": (474, 12, 150, 90),
    "bottom_left": (0, 270, 150, 90),
    "bottom_right": (474, 258, 150, 90),
}
"""One of them touches the frame's edges."""
MOVES_MS = 2_060
"""When an inset moves: between two samples."""
ROUND: Rect = (520, 250, 96, 96)

BESIDE: Rect = (370, 80, 240, 200)
"""A speaker's picture beside a slide's words."""

AT_LEFT: Rect = (0, 130, 160, 96)
"""At the middle of an edge."""
TWO: tuple[Rect, ...] = ((452, 40, 172, 128), (452, 192, 172, 128))
"""One above the other beside a slide."""
CALLED: tuple[Rect, ...] = tuple((x, y, 308, 168) for y in (8, 184) for x in (8, 324))
"""A video call of four."""
TOUCHING: tuple[Rect, ...] = tuple((x, y, 320, 180) for y in (0, 180) for x in (0, 320))
"""Another, without gaps."""
HALVES: tuple[Rect, ...] = ((0, 0, 320, 360), (320, 0, 320, 360))
"""A call of two without gaps, each in half of the picture."""
WIDE_HALVES: tuple[Rect, ...] = ((0, 90, 320, 180), (320, 90, 320, 180))
"""The same as editors and meetings record it: pictures of 16:9 between bars."""
ROUNDS: tuple[Rect, ...] = ((416, 252, 96, 96), (528, 252, 96, 96))
"""Two round ones, side by side at the lower edge."""
CUT_OUT: Rect = (440, 120, 200, 240)
"""A presenter who is cut out: hair and shoulders."""
MARKED_MS = 1_030
"""When the speaker of a call is marked."""
THERE_MS: tuple[tuple[int, int], ...] = ((0, 3_500), (6_700, 10_200))
"""When a presenter is in the camera's view: they go and come back, and then leave."""
LEFT_MS = 12_800
"""When that film ends."""

WORDS = Slide(
    (
        Text("Who?", 90, 190, 80, "F0A040", bold=True),
        Text("People hide.", 90, 270, 44, "E0E4EA"),
        Text("What?", 90, 430, 80, "6A9CF4", bold=True),
        Text("People talk.", 90, 510, 44, "E0E4EA"),
    ),
    top="0A1626",
    bottom="0A1626",
)
CHART = Slide(
    (
        Text("Three answers", 220, 150, 90, "202830", bold=True),
        Text("Ask less often", 220, 290, 54, "202830"),
        Text("Listen for longer", 220, 370, 54, "202830"),
        Text("Write it down", 220, 450, 54, "202830"),
    ),
    (Bar(220, 560, 760, 16, "C2452F"),),
    top="F2EDE4",
    bottom="F2EDE4",
)
"""A slide with broad margins of one colour."""

NARROW = replace(CHART, texts=tuple(replace(one, x=90) for one in CHART.texts), bars=())
PEOPLE = ("guest", "woman", "third", "fourth")


@dataclass(frozen=True)
class ScreenScene:
    """A scene and what is right for it.

    Attributes:
        layout: of its shot.
        insets: where the camera's picture is, each from a moment on.
        tiles: where the cameras' pictures are that are there at once.
    """

    scene: Callable[[], Scene]
    layout: str
    insets: tuple[tuple[int, Rect], ...] = ()
    tiles: tuple[Rect, ...] = ()


def desktop() -> View:
    """A computer's screen on which a pointer moves and a row is chosen."""
    to = ((0, 420), (800, 420), (2_000, 700), (MS, 700))
    down = ((0, 300), (800, 300), (2_000, 200), (MS, 480))
    return View(
        (
            Picture(DESKTOP, still(0), still(0), 1280),
            Picture("pointer", Path(to), Path(down), 24),
        )
    )


def webcam(
    rect: Rect,
    *,
    who: str = "guest",
    is_round: bool = False,
    span_ms: tuple[int, int] | None = None,
    wall: str | Slide = "wall",
) -> View:
    """The speaker's camera."""
    zoom = (0.4 if is_round else 0.45) * rect[3] / 90
    layers = (
        Picture(wall, still(200), still(-100), 1600),
        Actor(who, sway(1000, 5, 900, MS), sway(330, 3, 1100, MS), 172),
    )
    return View(layers, Camera(still(1000), still(362), still(zoom)), rect, is_round, span_ms)


def over(name: str, below: View, *insets: View, ms: int = MS) -> Scene:
    """A scene of one shot without sound."""
    shot = Shot("screen", ms, (below, *insets))
    coding = Coding(crf=20, preset="ultrafast")
    return Scene(name, (shot,), rate=RATE, size=SIZE, sound=None, coding=coding)


def moving_inset() -> Scene:
    """The camera's picture goes to another corner after two seconds."""
    first = webcam(CORNERS["bottom_right"], span_ms=(0, MOVES_MS))
    second = webcam(CORNERS["top_right"], span_ms=(MOVES_MS, MS))
    return over("moving_inset", desktop(), first, second)


def slide(drawn: Slide) -> View:
    """A slide that nothing moves on."""
    return View((Picture(drawn, still(0), still(0), 1280),))


def printed() -> Scene:
    """A slide with a large portrait on it."""
    below = slide(CHART)
    portrait = Actor("woman", still(1000), still(330), 190)
    return over("slide_with_face", replace(below, layers=(*below.layers, portrait)))


def presented() -> Scene:
    """A slide with its presenter, who was filmed before a green screen and cut out."""
    presenter = Actor("guest", sway(1090, 8, 1400, MS), sway(470, 4, 1100, MS), 190)
    below = slide(NARROW)
    return over("presenter_cut_out", replace(below, layers=(*below.layers, presenter)))


def call(name: str = "call", ground: str = "1B1D22", marked_ms: int = 0) -> Scene:
    """A video call of four, the first of whom is marked as the speaker from a moment on."""
    left, top, width, height = CALLED[0]
    around = (left - 3, top - 3, width + 6, height + 6)
    mark = slide(Slide((), (), "3DDC64", "3DDC64"))
    mark = replace(mark, rect=around, span_ms=(marked_ms, MS))
    people = zip(PEOPLE, CALLED, strict=True)
    below = slide(Slide((), (), ground, ground))
    return over(name, below, mark, *(webcam(rect, who=who) for who, rect in people))


def touching(name: str, tiles: tuple[Rect, ...]) -> Scene:
    """A video call without gaps, each in a room of their own."""
    walls = ("5A6B7C", "A89078", "3C4A3E", "C8CCD2")
    rooms = (Slide((), (), colour, colour) for colour in walls)
    people = zip(PEOPLE, tiles, rooms, strict=False)
    bars = slide(Slide((), (), "000000", "000000"))
    return over(name, bars, *(webcam(rect, who=who, wall=room) for who, rect, room in people))


def left_alone() -> Scene:
    """A screen whose presenter is away twice, so that the camera's picture shows a wall."""
    rect = CORNERS["bottom_right"]
    wall = replace(webcam(rect), layers=webcam(rect).layers[:1])
    present = (webcam(rect, span_ms=span_ms) for span_ms in THERE_MS)
    return over("webcam_left", desktop(), wall, *present, ms=LEFT_MS)


def game() -> View:
    """A game: everything moves."""
    return View((Picture("game", pan(0, -1400, MS), still(0), 3200),))


SCREENS: dict[str, ScreenScene] = {
    **{
        f"webcam_{corner}": ScreenScene(
            partial(over, f"webcam_{corner}", desktop(), webcam(rect)), "stack", ((0, rect),)
        )
        for corner, rect in CORNERS.items()
    },
    "webcam_round": ScreenScene(
        partial(over, "webcam_round", desktop(), webcam(ROUND, is_round=True)),
        "stack",
        ((0, ROUND),),
    ),
    "moving_inset": ScreenScene(
        moving_inset,
        "stack",
        ((0, CORNERS["bottom_right"]), (MOVES_MS, CORNERS["top_right"])),
    ),
    "gameplay": ScreenScene(
        partial(over, "gameplay", game(), webcam(CORNERS["top_left"])),
        "stack",
        ((0, CORNERS["top_left"]),),
    ),
    "webcam_at_edge": ScreenScene(
        partial(over, "webcam_at_edge", game(), webcam(AT_LEFT)), "stack", ((0, AT_LEFT),)
    ),
    "two_webcams": ScreenScene(
        partial(
            over,
            "two_webcams",
            slide(NARROW),
            *(webcam(rect, who=who) for who, rect in zip(PEOPLE, TWO, strict=False)),
        ),
        "stack",
        tiles=TWO,
    ),
    "two_round_webcams": ScreenScene(
        partial(
            over,
            "two_round_webcams",
            slide(NARROW),
            *(
                webcam(rect, who=who, is_round=True)
                for who, rect in zip(PEOPLE, ROUNDS, strict=False)
            ),
        ),
        "stack",
        tiles=ROUNDS,
    ),
    "call": ScreenScene(call, "grid", tiles=CALLED),
    "call_on_black": ScreenScene(
        partial(call, "call_on_black", "08090B", MARKED_MS), "grid", tiles=CALLED
    ),
    "call_touching": ScreenScene(
        partial(touching, "call_touching", TOUCHING), "grid", tiles=TOUCHING
    ),
    "call_in_halves": ScreenScene(
        partial(touching, "call_in_halves", HALVES), "split", tiles=HALVES
    ),
    "call_in_wide_halves": ScreenScene(
        partial(touching, "call_in_wide_halves", WIDE_HALVES), "split", tiles=WIDE_HALVES
    ),
    "presenter_cut_out": ScreenScene(presented, "stack", ((0, CUT_OUT),)),
    "slide_and_speaker": ScreenScene(
        partial(over, "slide_and_speaker", slide(WORDS), webcam(BESIDE)), "stack", ((0, BESIDE),)
    ),
    "slide_alone": ScreenScene(partial(over, "slide_alone", slide(CHART)), "fit"),
    "slide_with_face": ScreenScene(printed, "fit"),
}
