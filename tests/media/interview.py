"""An interview: two people at a table, at the left and the right, who speak in turn."""

from __future__ import annotations

from tests.media.scene import (
    Actor,
    Camera,
    Coding,
    Line,
    Path,
    Picture,
    Scene,
    Shot,
    View,
    still,
    sway,
)

HOST_X, GUEST_X = 330.0, 1000.0


def _layers(ms: int) -> tuple[Picture | Actor, ...]:
    return (
        Picture("studio", still(-160), still(-90), 1600),
        Actor("woman", sway(HOST_X, 5, 1700, ms), sway(322, 2, 1100, ms), 158),
        Actor("guest", sway(GUEST_X, 4, 1500, ms), sway(326, 2, 1300, ms), 172),
        Picture("desk", still(-160), still(546), 1600),
    )


def _both(ms: int) -> Shot:
    return Shot("both", ms, (View(_layers(ms)),))


def _host(ms: int) -> Shot:
    camera = Camera(still(390), still(345), Path(((0, 1.5), (ms, 1.54))))
    return Shot("woman", ms, (View(_layers(ms), camera),))


def _guest(ms: int) -> Shot:
    camera = Camera(still(862), still(340), Path(((0, 1.5), (ms, 1.58))))
    return Shot("guest", ms, (View(_layers(ms), camera),))


def interview() -> Scene:
    """Return the interview, 39 s: seen together, then each alone, then together."""
    lines = (
        Line("host_1", "woman", 600),
        Line("guest_1", "guest", 5_800),
        Line("host_2", "woman", 17_900),
        Line("guest_2", "guest", 19_800),
        Line("host_3", "woman", 30_200),
        Line("guest_3", "guest", 33_000),
    )
    shots = (_both(17_600), _host(1_900), _guest(10_300), _both(9_200))
    return Scene("interview", shots, lines, coding=Coding())


def panel() -> Scene:
    """Return the sound of three voices in turn, 48 s."""
    lines = (
        Line("host_1", "woman", 500),
        Line("guest_1", "guest", 5_400),
        Line("third_1", "third", 17_200),
        Line("host_2", "woman", 23_500),
        Line("guest_2", "guest", 25_200),
        Line("third_2", "third", 35_300),
        Line("host_3", "woman", 40_000),
        Line("guest_3", "guest", 42_700),
    )
    return Scene("panel", (), lines, coding=Coding(suffix=".m4a"), sound_ms=48_000)
