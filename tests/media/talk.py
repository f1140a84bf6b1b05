"""The sample: a talk of about ninety seconds: close, wide, slides, and a slide with an inset."""

from __future__ import annotations

from fractions import Fraction

from tests.media.scene import (
    Actor,
    Bar,
    Camera,
    Coding,
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

NTSC = Fraction(30_000, 1001)
INK, BLUE, AMBER = "F2F5FA", "6FA8FF", "FFB454"

TITLE = Slide(
    (
        Text("Eleven seconds", 110, 250, 118, INK, bold=True),
        Text("What one mistake can teach a team", 114, 390, 46, BLUE),
    ),
    (Bar(114, 225, 90, 8, AMBER),),
)
NUMBERS = Slide(
    (
        Text("40,000", 110, 110, 120, AMBER, bold=True),
        Text("homes", 560, 150, 68, INK),
        Text("3", 110, 290, 120, AMBER, bold=True),
        Text("hospitals", 560, 330, 68, INK),
        Text("1", 110, 470, 120, AMBER, bold=True),
        Text("quiet room", 560, 510, 68, INK),
    ),
    (Bar(110, 255, 1060, 2, "2A3A58"), Bar(110, 435, 1060, 2, "2A3A58")),
)
QUESTIONS = Slide(
    (
        Text("Who?", 90, 130, 110, AMBER, bold=True),
        Text("People hide.", 94, 260, 58, INK),
        Text("What?", 90, 390, 110, BLUE, bold=True),
        Text("People talk.", 94, 520, 58, INK),
    ),
    (Bar(90, 350, 520, 2, "2A3A58"),),
)
HALF = Slide(
    (
        Text("Mistakes in one year", 110, 80, 64, INK, bold=True),
        Text("asking who", 190, 610, 44, INK),
        Text("asking what", 660, 610, 44, INK),
    ),
    (
        Bar(180, 200, 240, 390, AMBER),
        Bar(650, 395, 240, 195, BLUE),
        Bar(110, 590, 1060, 3, "3A4A68"),
    ),
)
SILENCE = Slide(
    (
        Text("Silence", 110, 210, 130, AMBER, bold=True),
        Text("is the most expensive", 114, 360, 68, INK),
        Text("sound in the world.", 114, 440, 68, INK),
    ),
)

SPEAKER_X, SPEAKER_Y, FACE = 985.0, 403.0, 84.0


def stage(slide: Slide, x: Path, y: Path, *, soft: float = 0.0) -> tuple[Picture | Actor, ...]:
    """Return the layers of the stage: the wall, the big screen, the speaker, the audience."""
    return (
        Picture("stage", still(-160), still(-90), 1600, blur=soft),
        Picture(slide, still(118), still(88), 664, blur=soft * 1.9),
        Actor("woman", x, y, FACE),
        Picture("audience", still(-160), still(560), 1600, blur=soft),
    )


def wide(slide: Slide, ms: int) -> Shot:
    """The whole stage; the camera breathes a little."""
    camera = Camera(zoom=Path(((0, 1.0), (ms, 1.05))))
    layers = stage(slide, sway(SPEAKER_X, 14, 1900, ms), still(SPEAKER_Y))
    return Shot("wide", ms, (View(layers, camera),))


def close(slide: Slide, ms: int, *, walk: float = 0.0) -> Shot:
    """The speaker by herself; in a walk she crosses, and the camera follows late."""
    x = Path(((800, SPEAKER_X - walk), (ms - 1200, SPEAKER_X + walk))) if walk else None
    person = x or sway(SPEAKER_X, 6, 1300, ms)
    aim = Path(((1500, SPEAKER_X - 40 - walk), (ms - 300, SPEAKER_X - 40 + walk)))
    camera = Camera(aim, sway(456, 2.5, 2300, ms), Path(((0, 2.15), (ms, 2.35))))
    layers = stage(slide, person, sway(SPEAKER_Y, 2.5, 900, ms), soft=3.5)
    return Shot("close", ms, (View(layers, camera),))


def slide_only(slide: Slide, ms: int) -> Shot:
    """A slide that fills the frame."""
    return Shot("slide", ms, (View((Picture(slide, still(0), still(0), 1280),)),))


def slide_and_inset(slide: Slide, ms: int) -> Shot:
    """A slide with the speaker in a window at the right."""
    camera = Camera(still(SPEAKER_X), still(438), still(1.75))
    layers = stage(slide, sway(SPEAKER_X, 5, 1500, ms), sway(SPEAKER_Y, 2, 1100, ms), soft=3.5)
    inset = View(layers, camera, (760, 150, 440, 420))
    frame = Bar(757, 147, 446, 426, "E8ECF4")
    framed = Slide(slide.texts, (*slide.bars, frame), slide.top, slide.bottom)
    return Shot("inset", ms, (View((Picture(framed, still(0), still(0), 1280),)), inset))


def talk() -> Scene:
    """Return the sample's scene. Lines start about a second after the one before has ended."""
    lines = (
        Line("talk_1", "woman", 900),
        Line("talk_2", "woman", 10_900),
        Line("talk_3", "woman", 26_600),
        Line("talk_4", "woman", 38_200),
        Line("talk_5", "woman", 54_000),
        Line("talk_6", "woman", 69_800),
    )
    shots = (
        wide(TITLE, 4_300),
        close(TITLE, 6_200),
        wide(TITLE, 6_400),
        close(TITLE, 9_500),
        slide_only(NUMBERS, 3_800),
        close(NUMBERS, 7_600),
        close(NUMBERS, 9_700, walk=34),
        wide(QUESTIONS, 6_100),
        slide_and_inset(QUESTIONS, 7_000),
        slide_only(HALF, 4_200),
        close(HALF, 10_000),
        wide(SILENCE, 8_300),
        close(SILENCE, 6_100),
    )
    return Scene("talk", shots, lines, NTSC, coding=Coding(crf=26, preset="slow", audio_kbps=80))
