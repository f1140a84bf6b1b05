"""Slow push-ins: when, how far, around whom, and where there are none."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from steps.model.crop import ShotCrop
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.model.tracks import ShotTracks
from steps.model.transcript import Word
from steps.reframe.framing import shot_crops
from steps.reframe.pushes import HOOK_SHARE, MOST_SHARE, WORD_SHARE, pushes_of, with_pushes
from tests.steps.reframe.shots import CANVAS, SAMPLE_MS, shot, talking, track

HD = Size(width_px=1280, height_px=720)
CLIP = Span(in_ms=0, out_ms=20_000)


def word(text: str, in_ms: int) -> Word:
    """A word of a third of a second."""
    return Word(text=text, in_ms=in_ms, out_ms=in_ms + 333)


def pushed(seen: ShotTracks, *said: Word, clip: Span = CLIP) -> tuple[ShotCrop, ...]:
    """The crops of a followed shot of a clip with pushes on `money`."""
    pushes = pushes_of(clip, said, {"money"})
    crops = shot_crops(seen, "focus", HD, SAMPLE_MS, CANVAS)
    return tuple(with_pushes(crop, seen, pushes) for crop in crops)


def closer(crop: ShotCrop, time_ms: int) -> float:
    """How many times closer the picture is."""
    return float(crop.regions[0].closer(time_ms))


def test_a_clip_is_pushed_in_on_at_its_hook_and_where_a_key_word_is_said() -> None:
    words = [word("Money,", 9_000), word("is", 9_400), word("money", 10_000)]
    (crop,) = pushed(talking(640, 0, 20_000), *words)
    times = range(0, 20_000, 100)
    shares = [closer(crop, now) - 1 for now in times]
    assert shares == sorted(shares), "a push never goes back"
    assert shares[0] == 0
    assert closer(crop, 3_000) - 1 == pytest.approx(HOOK_SHARE, abs=5e-4)
    assert closer(crop, 8_600) == closer(crop, 3_000)
    assert closer(crop, 10_300) - 1 == pytest.approx(HOOK_SHARE + WORD_SHARE, abs=5e-4)
    assert shares[-1] == pytest.approx(HOOK_SHARE + WORD_SHARE, abs=5e-4)
    speeds = [after - before for before, after in pairwise(shares)]
    assert max(speeds) <= 0.0025, "at most 2.5 % a second"


def test_the_eyes_stay_where_they_are() -> None:
    (crop,) = pushed(talking(640, 0, 20_000))
    (region,) = crop.regions
    eyes = talking(640).tracks[0].detections[0]
    assert eyes.eyes_y_px is not None
    for now in (0, 1_500, 3_000, 19_000):
        left, top, width, height = (float(one / 1000) for one in region.shown_mpx(now))
        assert (640 - left) / width == pytest.approx(0.5, abs=0.002)
        place = (eyes.eyes_y_px - top) / height
        first = (eyes.eyes_y_px - float(region.corner_mpx(0)[1] / 1000)) / region.window.height_px
        assert place == pytest.approx(first, abs=0.002)


def test_a_next_shot_begins_at_full_width() -> None:
    clip = Span(in_ms=0, out_ms=8_000)
    (first,) = pushed(talking(640, 0, 2_000), clip=clip)
    (second,) = pushed(talking(640, 2_000, 8_000), clip=clip)
    assert closer(first, 1_900) > 1.01
    assert not second.regions[0].zooms


def test_many_words_push_little_in_all() -> None:
    words = [word("money", now) for now in range(4_000, 60_000, 400)]
    (crop,) = pushed(talking(640, 0, 60_000), *words, clip=Span(in_ms=0, out_ms=60_000))
    assert closer(crop, 59_900) - 1 == pytest.approx(MOST_SHARE, abs=5e-4)
    assert closer(crop, 30_000) - 1 < MOST_SHARE, "spread over the shot"


@pytest.mark.parametrize("side_px", [300, 420, 700])
def test_a_close_up_stays_as_it_is(side_px: int) -> None:
    (crop,) = pushed(talking(640, 0, 20_000, y=360, side_px=side_px))
    assert not crop.regions[0].zooms


def test_a_face_at_the_edge_is_not_cut() -> None:
    speaker = track("face_1", lambda _: (640, 300), 0, 9_000)
    other = track("face_2", lambda _: (745, 420), 0, 9_000, 110)
    seen = shot([speaker, other], [(0, 9_000, "face_1")], 0, 9_000)
    clip = Span(in_ms=0, out_ms=9_000)
    (alone,), (crop,) = pushed(talking(640, 0, 9_000), clip=clip), pushed(seen, clip=clip)
    assert alone.regions[0].zooms
    (region,) = crop.regions
    box = other.detections[0].box
    before, after = (region.placed(box, now)[2] for now in (0, 8_900))
    assert before <= 1080
    assert after <= 1080


def test_panels_and_still_pictures_are_left_alone() -> None:
    seen = talking(640, 0, 20_000)
    pushes = pushes_of(CLIP, [], ())
    for layout in ("centre", "fit"):
        crops = shot_crops(seen, layout, HD, SAMPLE_MS, CANVAS)
        assert tuple(with_pushes(crop, seen, pushes) for crop in crops) == crops


def test_a_document_without_pushes_has_no_word_of_them() -> None:
    (crop,) = shot_crops(talking(640, 0, 20_000), "focus", HD, SAMPLE_MS, CANVAS)
    (region,) = crop.regions
    assert region.closer(5) == Fraction(1)
    assert list(region.keyframes[0].model_dump()) == ["time_ms", "x_mpx", "y_mpx"]
