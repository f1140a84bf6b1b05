"""A computer's screen with the speaker's camera in a corner."""

from __future__ import annotations

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

INK, GREY = "20262E", "7A8492"
FILES = ("report.txt", "budget 2023.xls", "holiday.png", "minutes.doc", "draft 7.doc", "notes.txt")
WEBCAM = (944, 504, 300, 180)
"""Where the camera's picture is, in px of the frame."""

DESKTOP = Slide(
    (
        Text("Settings", 380, 110, 62, INK, bold=True),
        Text("Files", 72, 110, 44, INK, bold=True),
        *(Text(name, 72, 176 + 46 * n, 32, INK) for n, name in enumerate(FILES)),
        Text("Clean up", 380, 220, 40, INK),
        Text("Grey out what nobody opens", 380, 266, 30, GREY),
        Text("Warn me", 380, 340, 40, INK),
        Text("Once a week, on Friday", 380, 386, 30, GREY),
        Text("Timer", 380, 460, 40, INK),
        Text("90 days", 380, 506, 30, GREY),
    ),
    (
        Bar(40, 36, 1200, 660, "F4F5F7"),
        Bar(40, 36, 1200, 44, "DDE1E7"),
        Bar(62, 52, 14, 14, "E5645A"),
        Bar(86, 52, 14, 14, "E8B84B"),
        Bar(110, 52, 14, 14, "5BB865"),
        Bar(40, 80, 290, 616, "E9ECF1"),
        Bar(780, 232, 64, 30, "4C8DF6"),
        Bar(780, 352, 64, 30, "C4CAD4"),
        Bar(780, 472, 64, 30, "4C8DF6"),
    ),
    top="34506E",
    bottom="1D2C40",
)


def screencast() -> Scene:
    """Return the screen recording, 22 s: one shot, a pointer that moves, a small talking face."""
    ms = 22_000
    to = ((0, 700), (4_000, 700), (6_200, 800), (9_000, 800), (11_000, 200), (ms, 190))
    down = ((0, 300), (4_000, 300), (6_200, 485), (9_000, 485), (11_000, 190), (19_000, 410))
    row = ((0, 172), (11_000, 172), (19_000, 402))
    screen = View(
        (
            Picture(DESKTOP, still(0), still(0), 1280),
            Picture("row", still(60), Path(row), 250),
            Picture("pointer", Path(to), Path(down), 24),
        )
    )
    webcam = View(
        (
            Picture("wall", still(200), still(-100), 1600),
            Actor("guest", sway(1000, 5, 1400, ms), sway(330, 3, 1900, ms), 172),
        ),
        Camera(still(962), still(362), still(0.45)),
        WEBCAM,
    )
    shots = (Shot("screen", ms, (screen, webcam)),)
    return Scene("screencast", shots, (Line("screen", "guest", 1_000),))
