"""Short scenes for one question each, and the same short talk stored in every awkward way."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.media.scene import (
    Actor,
    Camera,
    Coding,
    Line,
    Picture,
    Scene,
    Shot,
    Sound,
    View,
    pan,
    still,
    sway,
)
from tests.media.talk import HALF, QUESTIONS, SILENCE, slide_only

SMALL = (640, 360)
WALL = Picture("wall", still(-160), still(-90), 1600)


def slides() -> Scene:
    """Return slides with a voice and no face: 17 s, three slides."""
    shots = (slide_only(QUESTIONS, 6_900), slide_only(HALF, 5_000), slide_only(SILENCE, 5_100))
    return Scene("slides", shots, (Line("talk_5", "woman", 900),))


def moving_face(name: str = "moving_face", size: tuple[int, int] = (1280, 720)) -> Scene:
    """Return one face that goes slowly and evenly from left to right: 12 s, no cut.

    52 units a second from 1.5 s to 10.5 s, in front of a still wall.
    """
    person = Actor("woman", pan(406, 874, 9_000, wait_ms=1_500), still(330), 160)
    shot = Shot("pan", 12_000, (View((WALL, person)),))
    return Scene(name, (shot,), (Line("talk_3", "woman", 700),), size=size)


def edge_face() -> Scene:
    """Return one face that touches the left edge of the frame: 13 s."""
    person = Actor("woman", still(62), sway(330, 3, 1_300, 13_000), 160)
    shot = Shot("edge", 13_000, (View((WALL, person)),))
    return Scene("edge_face", (shot,), (Line("walk", "woman", 700),))


def short(name: str = "short", at_ms: int = 700) -> Scene:
    """Return 22 s of talk at 640x360 with one cut at 10.5 s: the face at the left, then right."""

    def stand(x: float, ms: int) -> Shot:
        person = Actor("woman", sway(x, 6, 1_300, ms), sway(320, 3, 900, ms), 170)
        return Shot("stand", ms, (View((WALL, person)),))

    lines = (Line("talk_1", "woman", at_ms), Line("talk_3", "woman", 10_700))
    return Scene(name, (stand(430, 10_500), stand(850, 11_500)), lines, size=SMALL)


def portrait(name: str = "portrait") -> Scene:
    """Return a talk filmed upright, 720x1280, 11 s; the world is 720 wide and 1280 high."""
    person = Actor("woman", sway(360, 8, 1_500, 11_000), sway(430, 4, 1_100, 11_000), 280)
    wall = replace(WALL, x=still(-900), width=2500.0)
    view = View((wall, person), Camera(still(360), still(640)))
    shots = (Shot("stand", 11_000, (view,)),)
    return Scene(name, shots, (Line("talk_1", "woman", 1_000),), size=(720, 1280))


def rate(name: str, fps: Fraction) -> Scene:
    """Return the short talk at another frame rate."""
    return replace(short(name), rate=fps)


def variable_rate() -> Scene:
    """Return the short talk with frames left out unevenly, as screen recorders and phones do."""
    pattern = (True, True, False, True, False, False, True, True, True, False, True)
    return replace(short("variable_rate"), coding=Coding(kept=pattern))


def rotated() -> Scene:
    """Return the upright talk as a phone stores it: lying, with a matrix that turns it."""
    return replace(portrait("rotated"), coding=Coding(rotate_deg=90))


def sounding(name: str, sound: Sound | None) -> Scene:
    """Return the short talk with another audio stream, or none."""
    return replace(short(name), sound=sound)


def unspoken(name: str, sound: Sound) -> Scene:
    """Return the short scene without a word."""
    return replace(short(name), lines=(), sound=sound)


def audio_only() -> Scene:
    """Return the sound of the short talk without a picture."""
    coding = Coding(suffix=".m4a")
    return replace(short("audio_only"), shots=(), sound_ms=22_000, coding=coding)


def subtitled(name: str, suffix: str) -> Scene:
    """Return the short talk with its lines as a subtitle stream inside."""
    return replace(short(name), coding=Coding(suffix=suffix, subtitles=True))
