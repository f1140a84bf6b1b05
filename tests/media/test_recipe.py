from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import pytest

from tests.media import sound
from tests.media.bad import BAD, bad
from tests.media.catalogue import SCENES
from tests.media.fixtures import drawn_by, recipe_digest
from tests.media.measure import assert_faces, gray_frames
from tests.media.scene import Path as Moves
from tests.media.scene import pan
from tests.media.truth import Truth

Media = Callable[[str], tuple[Path, Truth]]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("name", ["interview", "screencast", "edge_face", "portrait", "rotated"])
def test_a_detector_finds_the_faces_where_the_truth_says(name: str, media: Media) -> None:
    assert_faces(*media(name))


def test_the_slow_pan_moves_the_pixels_as_the_truth_says(media: Media) -> None:
    path, truth = media("moving_face")
    boxes = [box for box in truth.faces["woman"] if box]
    frames = gray_frames(path, 1280)
    first, last = 60, 300
    x, y, w, h = (round(value) for value in boxes[first])
    face = frames[first][y : y + h, x : x + w]
    match = cv2.matchTemplate(frames[last][y - 4 : y + h + 4], face, cv2.TM_CCOEFF_NORMED)
    place = cv2.minMaxLoc(match)[3]
    moved = boxes[last][0] - boxes[first][0]
    assert moved == pytest.approx(52 * (last - first) / 30, abs=0.1)
    assert abs(place[0] - x - moved) <= 1.5


@pytest.mark.parametrize("name", sorted(SCENES))
def test_words_and_silences_fit_the_scene(name: str) -> None:
    scene = SCENES[name]()
    words, silences = sound.words(scene), sound.silences(scene)
    assert all(word.in_ms < word.out_ms for word in words)
    assert all(a.in_ms <= b.in_ms for a, b in pairwise(words))
    for person in {word.person for word in words}:
        own = [word for word in words if word.person == person]
        assert all(a.out_ms <= b.in_ms for a, b in pairwise(own))
    assert all(end - start >= 600 for start, end in silences)
    assert not words or words[-1].out_ms <= scene.length_ms
    assert words or silences == ((0, scene.length_ms),)


def test_a_film_is_made_again_when_its_scene_or_what_draws_it_changes() -> None:
    modules = {"film", "make", "paint", "people", "scene", "sound", "truth"}
    assert {name for name in drawn_by() if "/" not in name} == {f"{name}.py" for name in modules}
    assert {"faces/woman.webp", "speech/words.json"} < set(drawn_by())
    digests = {name: recipe_digest(scene()) for name, scene in SCENES.items()}
    assert len(set(digests.values())) == len(SCENES)
    assert recipe_digest(SCENES["short"]()) == digests["short"]


CASES = {
    "rate_23976": (Fraction(24_000, 1001), 528),
    "rate_2997": (Fraction(30_000, 1001), 660),
    "rate_50": (Fraction(50), 1100),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "rate", "frames"), [(n, *c) for n, c in CASES.items()])
def test_rates_are_exact(name: str, rate: Fraction, frames: int, media: Media) -> None:
    path, truth = media(name)
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert (video.average_rate, video.frames) == (rate, frames)
    assert (truth.fps, truth.frames) == (rate, frames)
    assert truth.cuts == (-(-rate.numerator * 21 // (rate.denominator * 2)),)


def test_a_variable_rate_has_the_times_of_the_truth(media: Media) -> None:
    path, truth = media("variable_rate")
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert video.time_base is not None
        packets = [packet for packet in container.demux(video) if packet.pts is not None]
        times = sorted(packet.pts * video.time_base * truth.fps for packet in packets)
    assert truth.frame_ticks is not None
    assert len({b - a for a, b in pairwise(truth.frame_ticks)}) > 1
    assert times == list(truth.frame_ticks)
    assert all(len(boxes) == truth.frames for boxes in truth.faces.values())


STREAMS = {
    "no_audio": {"video": 1},
    "audio_only": {"audio": 1},
    "subtitled_mp4": {"video": 1, "audio": 1, "subtitle": 1},
    "subtitled_mkv": {"video": 1, "audio": 1, "subtitle": 1},
}


@pytest.mark.parametrize(("name", "kinds"), STREAMS.items())
def test_streams(name: str, kinds: dict[str, int], media: Media) -> None:
    with av.open(str(media(name)[0])) as container:
        types = [stream.type for stream in container.streams]
    assert {kind: types.count(kind) for kind in types} == kinds


SOUNDS = {"surround": ("5.1", 48_000), "mono_44100": ("mono", 44_100), "short": ("stereo", 48_000)}


@pytest.mark.parametrize(("name", "expected"), SOUNDS.items())
def test_sounds(name: str, expected: tuple[str, int], media: Media) -> None:
    with av.open(str(media(name)[0])) as container:
        audio = container.streams.audio[0]
        assert (audio.layout.name, audio.rate) == expected


def test_a_turned_film_is_stored_lying_and_shown_upright(media: Media) -> None:
    path, truth = media("rotated")
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert (video.width, video.height) == truth.size[::-1] == (1280, 720)
        assert next(container.decode(video)).rotation % 180 == 90


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_inputs_are_made(name: str, tmp_path: Path) -> None:
    path = bad(name, tmp_path)
    assert path.suffix == ".mp4"
    assert path.stat().st_size < 500_000
    assert (path.stat().st_size == 0) == (name == "empty")


def test_a_path_rests_before_moves_evenly_and_rests_after() -> None:
    path = pan(10, 20, 1_000, wait_ms=500)
    assert [path.at(ms) for ms in (0, 500, 750, 1_000, 1_500, 9_000)] == [10, 10, 12.5, 15, 20, 20]


def test_an_eased_path_meets_its_keys() -> None:
    path = Moves(((0, 0.0), (100, 8.0), (200, 4.0)))
    assert [path.at(ms) for ms in (0, 50, 100, 150, 200)] == [0, 4, 8, 6, 4]
