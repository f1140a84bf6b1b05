"""Scenes that a camera person has to think about: who speaks, and what is only a picture of a face.

Each is 5 to 9 s long, 640x360 at 25 pictures a second, with one question. The world is
1280x720 units.
"""

from __future__ import annotations

from fractions import Fraction

from tests.media.scene import (
    Actor,
    Bar,
    Camera,
    Line,
    Path,
    Picture,
    Scene,
    Shot,
    Slide,
    Text,
    View,
    still,
    sway,
)

SMALL = (640, 360)
WALL = Picture("wall", still(-160), still(-90), 1600)
STUDIO = Picture("studio", still(-160), still(-90), 1600)
DESK = Picture("desk", still(-160), still(546), 1600)
PAGE = Slide(
    (
        Text("The night bus", 70, 90, 76, "F2F5FA", bold=True),
        Text("thirty years", 74, 220, 56, "6FA8FF"),
        Text("one driver", 74, 310, 56, "6FA8FF"),
        Text("no accident", 74, 400, 56, "6FA8FF"),
    ),
    (Bar(70, 190, 560, 4, "2A3A58"),),
)
PHONE = Slide((), (Bar(40, 20, 1200, 680, "30343C"),), "050505", "050505")
PAPER = Slide((), (Bar(0, 0, 1280, 720, "D8D2C4"),), "D8D2C4", "D8D2C4")

QUESTION, DOUBT = (0, 2_203), (2_583, 4_501)
LONELY, NOT, THREE, TALKS = (0, 1_779), (2_159, 2_799), (3_179, 4_609), (4_825, 6_241)
CLEVER, DRIVING, STAYED = (0, 1_012), (0, 2_033), (2_413, 4_515)
ADD, BUS = (0, 1_469), (1_849, 3_524)


def person(name: str, x: float, y: float, face: float, ms: int) -> Actor:
    """Return someone who stands and sways a little."""
    period = 1_100 + 37 * (sum(map(ord, name)) % 17)
    return Actor(name, sway(x, face / 30, period, ms), sway(y, face / 70, period - 200, ms), face)


def scene(name: str, shots: tuple[Shot, ...], *lines: Line) -> Scene:
    """Return a small scene."""
    return Scene(name, shots, lines, Fraction(25), size=SMALL)


def shot(kind: str, ms: int, *layers: Picture | Actor, camera: Camera | None = None) -> Shot:
    """Return a shot of one view."""
    return Shot(kind, ms, (View(layers, camera or Camera()),))


def quick_lines(first: str, second: str) -> tuple[Line, ...]:
    """Return turns of 0.6 to 2.2 s with pauses of a quarter of a second."""
    return (
        Line("host_1", first, 300, QUESTION),
        Line("guest_1", second, 2_750, LONELY),
        Line("host_1", first, 4_780, DOUBT),
        Line("guest_1", second, 6_950, THREE),
    )


def quick_turns() -> Scene:
    """Return a quick dialogue of two people who are far apart."""
    ms = 8_600
    both = person("woman", 330, 322, 158, ms), person("guest", 1_000, 326, 172, ms)
    shots = (shot("both", ms, STUDIO, *both, DESK),)
    return scene("quick_turns", shots, *quick_lines("woman", "guest"))


def quick_near() -> Scene:
    """Return the same dialogue of two people who fit one window."""
    ms = 8_600
    both = person("woman", 538, 330, 120, ms), person("guest", 752, 334, 124, ms)
    shots = (shot("near", ms, STUDIO, *both, DESK),)
    return scene("quick_near", shots, *quick_lines("woman", "guest"))


def three_people() -> Scene:
    """Return three people, each of whom speaks for two seconds or more."""
    ms = 8_900
    people = (
        person("woman", 190, 330, 140, ms),
        person("guest", 640, 322, 150, ms),
        person("third", 1_090, 332, 142, ms),
    )
    lines = (
        Line("host_1", "woman", 300, QUESTION),
        Line("guest_3", "guest", 2_800, DRIVING),
        Line("third_1", "third", 5_130, (0, 3_524)),
    )
    return scene("three_people", (shot("three", ms, STUDIO, *people, DESK),), *lines)


def reactions() -> Scene:
    """Return a talk of two, cut: both, the speaker, the listener while the other speaks, both."""
    close = {
        "woman": Camera(still(390), still(345), still(1.5)),
        "guest": Camera(still(960), still(345), still(1.5)),
    }

    def part(ms: int, kind: str) -> Shot:
        both = person("woman", 330, 322, 158, ms), person("guest", 1_000, 326, 172, ms)
        return shot(kind, ms, STUDIO, *both, DESK, camera=close.get(kind))

    shots = (part(2_600, "both"), part(1_500, "guest"), part(1_500, "woman"), part(3_000, "both"))
    lines = (
        Line("host_1", "woman", 200, QUESTION),
        Line("guest_1", "guest", 2_700, (0, 2_799)),
        Line("host_2", "woman", 5_800),
    )
    return scene("reactions", shots, *lines)


def crosstalk() -> Scene:
    """Return two people of whom the second begins before the first has ended."""
    ms = 7_000
    both = person("woman", 330, 322, 158, ms), person("guest", 1_000, 326, 172, ms)
    lines = (Line("host_1", "woman", 300, DOUBT), Line("guest_1", "guest", 1_900, (2_159, 6_241)))
    return scene("crosstalk", (shot("both", ms, STUDIO, *both, DESK),), *lines)


def interruption() -> Scene:
    """Return a long turn into which somebody else speaks for two seconds."""
    ms = 7_200
    both = person("woman", 300, 330, 150, ms), person("guest", 960, 318, 166, ms)
    lines = (Line("guest_1", "guest", 300, (0, 6_241)), Line("host_1", "woman", 2_600, QUESTION))
    return scene("interruption", (shot("both", ms, STUDIO, *both, DESK),), *lines)


def four_people() -> Scene:
    """Return four people who speak one after the other, two seconds each."""
    ms = 8_900
    names = ("woman", "guest", "third", "fourth")
    people = [person(name, 170 + 313 * n, 330, 116, ms) for n, name in enumerate(names)]
    lines = (
        Line("host_1", "woman", 300, QUESTION),
        Line("guest_1", "guest", 2_750, LONELY),
        Line("third_1", "third", 4_780, ADD),
        Line("guest_3", "fourth", 6_500, DRIVING),
    )
    return scene("four_people", (shot("four", ms, STUDIO, *people, DESK),), *lines)


def hidden_face() -> Scene:
    """Return a speaker whose face a sheet of paper covers from 1.5 to 3.5 s."""
    ms = 5_000
    sheet = Path(((1_200, 1_300), (1_500, 330), (3_500, 330), (3_800, 1_300)))
    paper = Picture(PAPER, sheet, still(240), 220)
    actor = person("woman", 440, 322, 158, ms)
    shots = (shot("paper", ms, STUDIO, actor, DESK, paper),)
    return scene("hidden_face", shots, Line("guest_1", "woman", 300, (0, 4_609)))


def walker() -> Scene:
    """Return someone who walks to the right, stops, turns back and walks to the left."""
    ms = 7_000
    way = Path(((500, 330), (2_900, 880), (3_700, 880), (6_500, 420)))
    actor = Actor("woman", way, sway(322, 3, 500, ms), 140)
    shots = (shot("walk", ms, WALL, actor),)
    return scene("walker", shots, Line("guest_1", "woman", 300, (0, 6_241)))


def shaken(zoom: float = 1.06) -> Camera:
    """Return a camera in a hand."""
    keys = [(n * 190, 9 * ((n * 7) % 11 - 5) / 5) for n in range(60)]
    return Camera(
        Path(tuple((ms, 640 + off) for ms, off in keys)),
        Path(tuple((ms + 70, 360 + 0.6 * off) for ms, off in keys)),
        Path(((0, zoom), (9_000, zoom + 0.05))),
    )


def wall_portrait() -> Scene:
    """Return a speaker beside a larger portrait on the wall, filmed from the hand."""
    ms = 6_600
    frame = Picture(Slide((), (Bar(0, 0, 1280, 720, "6B4A2F"),)), still(760), still(90), 380)
    portrait = Actor("guest", still(950), still(250), 200)
    live = person("woman", 330, 350, 130, ms)
    shots = (shot("portrait", ms, STUDIO, frame, portrait, DESK, live, camera=shaken()),)
    return scene("wall_portrait", shots, Line("guest_1", "woman", 300, (0, 6_241)))


def slide_portrait() -> Scene:
    """Return a slide with text and a portrait, and the voice of someone who is not seen."""
    ms = 5_000
    page = Picture(PAGE, still(0), still(0), 1280)
    portrait = Actor("guest", still(980), still(330), 210)
    shots = (shot("slide", ms, page, portrait),)
    return scene("slide_portrait", shots, Line("host_1", "woman", 300))


def poster() -> Scene:
    """Return a poster with a face, filmed from the hand, and a voice."""
    ms = 5_000
    page = Picture(PAGE, still(160), still(90), 960)
    portrait = Actor("guest", still(900), still(330), 160)
    shots = (shot("poster", ms, WALL, page, portrait, camera=shaken()),)
    return scene("poster", shots, Line("host_1", "woman", 300))


def phone() -> Scene:
    """Return a speaker who shows a photograph on a phone, in a hand that moves."""
    ms = 6_600
    x, y = sway(905, 12, 900, ms), sway(430, 8, 700, ms)
    shifted = (Path(tuple((t, v - d) for t, v in p.keys)) for p, d in ((x, 160), (y, 90)))
    left, top = shifted
    device = Picture(PHONE, left, top, 320)
    photo = Actor("guest", x, y, 110)
    live = person("woman", 420, 330, 150, ms)
    shots = (shot("phone", ms, STUDIO, live, device, photo, DESK),)
    return scene("phone", shots, Line("guest_1", "woman", 300, (0, 6_241)))


def crowd() -> Scene:
    """Return eight small faces in two rows; the third from the left, in front, speaks."""
    ms = 6_600
    behind = [person(f"back_{n}", 220 + 280 * n, 220, 70, ms) for n in range(4)]
    front = [person(f"front_{n}", 120 + 330 * n, 400, 88, ms) for n in (0, 1, 3)]
    speaker = person("guest", 120 + 330 * 2, 400, 88, ms)
    shots = (shot("crowd", ms, WALL, *behind, *front, speaker, DESK),)
    return scene("crowd", shots, Line("guest_1", "guest", 300, (0, 6_241)))


def close_up() -> Scene:
    """Return a face that fills the frame."""
    ms = 5_000
    shots = (shot("close", ms, WALL, person("woman", 560, 420, 330, ms)),)
    return scene("close_up", shots, Line("host_1", "woman", 300))


def close_up_aside() -> Scene:
    """Return a larger face that is not in the middle, and speaks."""
    ms = 5_000
    actor = person("guest", 800, 400, 400, ms)
    shots = (shot("close", ms, WALL, actor),)
    return scene("close_up_aside", shots, Line("guest_1", "guest", 300, (0, 4_609)))
