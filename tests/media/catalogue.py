"""Every scene by name: `python -m tests.media NAME --out DIR`, `media("NAME")` in a test."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from tests.media import cameras, shorts
from tests.media.interview import interview, panel
from tests.media.scene import Scene, Sound
from tests.media.screencast import screencast
from tests.media.screens import SCREENS, left_alone
from tests.media.talk import talk

SCENES: dict[str, Callable[[], Scene]] = {
    "talk": talk,
    "interview": interview,
    "panel": panel,
    "screencast": screencast,
    "slides": shorts.slides,
    "moving_face": shorts.moving_face,
    "moving_face_1080": partial(shorts.moving_face, "moving_face_1080", (1920, 1080)),
    "edge_face": shorts.edge_face,
    "short": shorts.short,
    "rate_23976": partial(shorts.rate, "rate_23976", Fraction(24_000, 1001)),
    "rate_2997": partial(shorts.rate, "rate_2997", Fraction(30_000, 1001)),
    "rate_50": partial(shorts.rate, "rate_50", Fraction(50)),
    "variable_rate": shorts.variable_rate,
    "portrait": shorts.portrait,
    "rotated": shorts.rotated,
    "no_audio": partial(shorts.sounding, "no_audio", None),
    "surround": partial(shorts.sounding, "surround", Sound(layout="5.1")),
    "mono_44100": partial(shorts.sounding, "mono_44100", Sound(rate_hz=44_100, layout="mono")),
    "with_music": partial(shorts.sounding, "with_music", Sound(music=0.12)),
    "audio_only": shorts.audio_only,
    "speech_at_zero": partial(shorts.short, "speech_at_zero", 0),
    "no_speech": partial(shorts.unspoken, "no_speech", Sound()),
    "music_only": partial(shorts.unspoken, "music_only", Sound(music=1.0)),
    "subtitled_mp4": partial(shorts.subtitled, "subtitled_mp4", ".mp4"),
    "subtitled_mkv": partial(shorts.subtitled, "subtitled_mkv", ".mkv"),
    "quick_turns": cameras.quick_turns,
    "quick_near": cameras.quick_near,
    "three_people": cameras.three_people,
    "reactions": cameras.reactions,
    "crosstalk": cameras.crosstalk,
    "interruption": cameras.interruption,
    "four_people": cameras.four_people,
    "hidden_face": cameras.hidden_face,
    "walker": cameras.walker,
    "wall_portrait": cameras.wall_portrait,
    "slide_portrait": cameras.slide_portrait,
    "poster": cameras.poster,
    "phone": cameras.phone,
    "crowd": cameras.crowd,
    "close_up": cameras.close_up,
    "close_up_aside": cameras.close_up_aside,
    **{name: one.scene for name, one in SCREENS.items()},
    "webcam_left": left_alone,
}
