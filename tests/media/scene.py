"""What a scene is: shots of layers, filmed by cameras, with lines of speech. Values only.

World coordinates: a frame at zoom 1 is 720 units high (1280 wide when the picture is 16:9), origin
top left. Times are integer ms, of the shot for anything that moves, of the film for speech.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

UNITS_HIGH = 720
"""World units in the height of a frame at zoom 1."""


@dataclass(frozen=True)
class Path:
    """A number that changes over a shot: (ms, value) keys, eased (smoothstep) or linear between."""

    keys: tuple[tuple[int, float], ...]
    eased: bool = True

    def at(self, ms: float) -> float:
        """Return the value at a time; constant before the first and after the last key."""
        before, value_before = self.keys[0]
        if ms <= before:
            return value_before
        for after, value_after in self.keys[1:]:
            if ms < after:
                share = (ms - before) / (after - before)
                if self.eased:
                    share = share * share * (3 - 2 * share)
                return value_before + (value_after - value_before) * share
            before, value_before = after, value_after
        return value_before


def still(value: float) -> Path:
    """Return a path that stays."""
    return Path(((0, value),))


def pan(start: float, end: float, ms: int, *, wait_ms: int = 0) -> Path:
    """Return a straight, even move in `ms` after a wait."""
    return Path(((wait_ms, start), (wait_ms + ms, end)), eased=False)


def sway(centre: float, reach: float, period_ms: int, ms: int) -> Path:
    """Return an eased move to and fro, as a standing person's: known, and never quite still."""
    sides = (1, -0.6, 0.8, -1)
    keys = [(0, centre)]
    keys += [(n * period_ms, centre + reach * sides[n % 4]) for n in range(1, ms // period_ms + 2)]
    return Path(tuple(keys))


@dataclass(frozen=True)
class Text:
    """A line on a slide: its top left corner, its height and colour (RRGGBB)."""

    text: str
    x: int
    y: int
    size: int
    colour: str = "FFFFFF"
    bold: bool = False


@dataclass(frozen=True)
class Bar:
    """A filled rectangle on a slide."""

    x: int
    y: int
    width: int
    height: int
    colour: str


@dataclass(frozen=True)
class Slide:
    """A slide of 1280x720 units."""

    texts: tuple[Text, ...]
    bars: tuple[Bar, ...] = ()
    top: str = "101A2E"
    bottom: str = "0A0F1C"


@dataclass(frozen=True)
class Picture:
    """A painted picture (its name in paint.py) or a slide: left, top and width in the world."""

    source: str | Slide
    x: Path
    y: Path
    width: float
    blur: float = 0.0
    """Softness (sigma in units of the picture), as of things behind the focus."""


@dataclass(frozen=True)
class Actor:
    """A person: the centre and the height of the face box, in the world."""

    person: str
    x: Path
    y: Path
    face_height: float


@dataclass(frozen=True)
class Camera:
    """Where a view looks (world point in its centre) and how close."""

    x: Path = field(default_factory=lambda: still(640))
    y: Path = field(default_factory=lambda: still(360))
    zoom: Path = field(default_factory=lambda: still(1))


@dataclass(frozen=True)
class View:
    """Layers, back to front, seen by a camera; `rect` (x, y, w, h) in px of the frame, or all."""

    layers: tuple[Picture | Actor, ...]
    camera: Camera = field(default_factory=Camera)
    rect: tuple[int, int, int, int] | None = None
    is_round: bool = False
    """Only the ellipse that touches the sides of `rect` is shown."""
    span_ms: tuple[int, int] | None = None
    """It is shown only in this time of the shot."""


@dataclass(frozen=True)
class Shot:
    """Views from back to front, for a time; between two shots is a hard cut."""

    kind: str
    length_ms: int
    views: tuple[View, ...]


@dataclass(frozen=True)
class Line:
    """A recording of `speech/`, or the part [in, out) of it, said by a person from `at_ms` on."""

    recording: str
    person: str
    at_ms: int
    part_ms: tuple[int, int] | None = None

    def shifted(self, in_ms: int, out_ms: int) -> tuple[int, int] | None:
        """Return a time of the recording in the film; None where it is not of the part."""
        first, last = self.part_ms or (0, out_ms)
        if in_ms < first or out_ms > last:
            return None
        return self.at_ms + in_ms - first, self.at_ms + out_ms - first


@dataclass(frozen=True)
class Sound:
    """The audio stream. In "5.1" the speech is in the centre, quiet music in the other channels."""

    rate_hz: int = 48_000
    layout: str = "stereo"
    music: float = 0.0
    """Loudness of synthetic music, 0 to 1."""


@dataclass(frozen=True)
class Coding:
    """How the film is stored."""

    suffix: str = ".mp4"
    crf: int = 23
    preset: str = "veryfast"
    audio_kbps: int = 96
    rotate_deg: int = 0
    """Stored turned, with a display matrix that turns it back. Truth is of the shown picture."""
    kept: tuple[bool, ...] = (True,)
    """Pattern of the frames that are stored; with a gap in it the rate is variable."""
    subtitles: bool = False
    """Whether a subtitle stream with the lines goes in."""


@dataclass(frozen=True)
class Scene:
    """A film to be made. Without shots it has only sound; `sound=None` makes no audio stream."""

    name: str
    shots: tuple[Shot, ...]
    lines: tuple[Line, ...] = ()
    rate: Fraction = Fraction(30)
    size: tuple[int, int] = (1280, 720)
    sound: Sound | None = field(default_factory=Sound)
    coding: Coding = field(default_factory=Coding)
    sound_ms: int = 0
    """Length of a film without shots."""

    @property
    def length_ms(self) -> int:
        """The length of the shots, or of the sound where there are none."""
        return sum(shot.length_ms for shot in self.shots) or self.sound_ms
