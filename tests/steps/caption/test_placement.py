"""Captions keep off the faces that the crop plan states, and do not jump about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.caption.layout import render_ass
from steps.caption.placement import AT_CUT, INSIDE_SHOT, _cheapest, block_px, placed_cues, seam_px
from steps.caption.typesetting import Typesetter
from steps.model.captions import Cue
from steps.model.crop import Keyframe, Region, ShotCrop, ShownFace
from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.transcript import Word
from tests.steps.caption.samples import look, spoken

UPPER = Box.of_edges(0, 0, 1080, 960)
LOWER = Box.of_edges(0, 960, 1080, 1920)
WHOLE = Box.of_edges(0, 0, 1080, 1920)
CHEST = Box.of_edges(200, 300, 900, 700)
FAR = Box.of_edges(480, 850, 600, 950)
CLOSE = Box.of_edges(150, 700, 950, 1300)
"""A close-up: the mouth is where captions are."""
LIMITS = Limits()


def shot(start: int, end: int, *faces: Box, targets: Sequence[Box] = (WHOLE,)) -> ShotCrop:
    """A shot with faces that stay; two targets are a split."""
    regions = tuple(
        Region(
            window=Size(width_px=target.width_px, height_px=target.height_px),
            target=target,
            keyframes=(Keyframe(time_ms=start, x_mpx=0, y_mpx=0),),
        )
        for target in targets
    )
    return ShotCrop(
        in_ms=start,
        out_ms=end,
        layout="focus" if len(regions) == 1 else "split",
        regions=regions,
        faces=tuple(ShownFace(in_ms=start, out_ms=end, track="face_1", box=box) for box in faces),
    )


def placed(
    shots: Sequence[ShotCrop], style: str = "bold", words: Sequence[Word] = ()
) -> tuple[tuple[Cue, ...], Typesetter]:
    """The cues of eleven seconds of speech over these shots."""
    drawn = look(style)
    span = Span(in_ms=0, out_ms=shots[-1].out_ms)
    cuts = [one.in_ms for one in shots[1:]]
    cues = build_cues(words or spoken(), span, LIMITS, drawn.fill, cuts)
    return placed_cues(cues, shots, drawn), drawn


def touches(cue: Cue, shots: Sequence[ShotCrop], drawn: Typesetter) -> bool:
    left, top, right, bottom = block_px(cue, drawn.at(cue.height))
    return any(
        left < face.box.right_px
        and right > face.box.x_px
        and top < face.box.bottom_px
        and bottom > face.box.y_px
        for one in shots
        for face in one.faces
        if face.in_ms < cue.out_ms and cue.in_ms < face.out_ms
    )


def test_without_faces_near_the_text_nothing_changes() -> None:
    shots = [shot(0, 11_000, CHEST)]
    cues, drawn = placed(shots)
    assert all(cue.height is None for cue in cues)
    assert not any(touches(cue, shots, drawn) for cue in cues)


@pytest.mark.parametrize("style", ["bold", "box", "bounce", '{"position": "middle"}'])
def test_text_moves_off_a_close_up(style: str) -> None:
    """The face leaves 384 to 500 free: one line of the box's 866 px, above the hair."""
    face = Box.of_edges(150, 720, 950, 1300)
    shots = [shot(0, 11_000, face)]
    cues, drawn = placed(shots, style)
    plain = [cue.model_copy(update={"height": None}) for cue in cues]
    assert any(touches(cue, shots, drawn) for cue in plain), "the case is too easy"
    assert not any(touches(cue, shots, drawn) for cue in cues)
    assert len({cue.height for cue in cues}) == 1
    for cue in cues:
        _, top, _, bottom = block_px(cue, drawn.at(cue.height))
        assert drawn.box.y_px <= top < bottom <= drawn.box.bottom_px


def test_without_room_the_text_covers_as_little_as_it_can() -> None:
    face = Box.of_edges(0, 300, 1080, 1200)
    shots = [shot(0, 11_000, face)]
    cues, drawn = placed(shots)
    left = [block_px(cue, drawn.at(cue.height)) for cue in cues]
    assert all(bottom > 1200 for _, _, _, bottom in left)


def test_a_face_that_fills_the_box_keeps_its_eyes_and_mouth() -> None:
    """From hair to chin over the whole safe box: the text goes on the hair."""
    face = Box.of_edges(70, 220, 960, 1510)
    cues, drawn = placed([shot(0, 11_000, face)])
    brows = face.y_px + 0.33 * face.height_px
    assert all(block_px(cue, drawn.at(cue.height))[3] <= brows for cue in cues)


def test_in_a_split_the_text_is_at_the_seam() -> None:
    shots = [shot(0, 11_000, targets=(UPPER, LOWER))]
    assert seam_px(shots[0]) == 960
    cues, drawn = placed(shots)
    for cue in cues:
        _, top, _, bottom = block_px(cue, drawn.at(cue.height))
        assert (top + bottom) / 2 == pytest.approx(960, abs=12)


def test_at_the_seam_it_keeps_off_a_chin() -> None:
    chin = Box.of_edges(300, 300, 800, 945)
    shots = [shot(0, 11_000, chin, targets=(UPPER, LOWER))]
    cues, drawn = placed(shots)
    assert not any(touches(cue, shots, drawn) for cue in cues)
    assert all(945 <= block_px(cue, drawn.at(cue.height))[1] < 1100 for cue in cues)


def test_short_neighbours_keep_one_height() -> None:
    """A close-up between two wide shots moves the text once there and once back, or not at all."""
    spans = (0, 900, FAR), (900, 5000, CLOSE), (5000, 6000, FAR), (6000, 11_000, CLOSE)
    shots = [shot(*one) for one in spans]
    cues, drawn = placed(shots)
    assert not any(touches(cue, shots, drawn) for cue in cues if 900 <= cue.in_ms < 4900)
    heights = [cue.height for cue in cues if cue.in_ms >= 900]
    assert len(set(heights)) == 1, "it came back for one second"


def test_at_most_one_move_in_a_shot() -> None:
    parts = [Box.of_edges(100, 384 + 90 * n, 980, 780 + 90 * n) for n in range(6)]
    faces = tuple(
        ShownFace(in_ms=1800 * n, out_ms=1800 * (n + 1), track="face_1", box=parts[n % 2 * 5])
        for n in range(6)
    )
    one = shot(0, 11_000).model_copy(update={"faces": faces})
    cues, _ = placed([one])
    assert sum(a.height != b.height for a, b in pairwise(cues)) <= 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 9000), min_size=3, max_size=3), min_size=2, max_size=6),
    st.lists(st.sampled_from([AT_CUT, INSIDE_SHOT]), min_size=5, max_size=5),
)
def test_the_heights_are_the_cheapest(costs: list[list[int]], changes: list[int]) -> None:
    from itertools import product

    changes = changes[: len(costs) - 1]

    def total(states: Sequence[int]) -> float:
        price, moved = float(costs[0][states[0]]), 0
        for place, (before, after) in enumerate(pairwise(states)):
            if changes[place] == AT_CUT:
                moved = 0
            if before != after:
                moved += changes[place] == INSIDE_SHOT
                price += changes[place] if moved <= 1 else float("inf")
            price += costs[place + 1][after]
        return price

    best = min(map(total, product(range(3), repeat=len(costs))))
    assert total(_cheapest(costs, changes)) == pytest.approx(best)


def test_a_moved_cue_is_drawn_where_it_says() -> None:
    cues, drawn = placed([shot(0, 11_000, Box.of_edges(150, 720, 950, 1300))])
    moved, plain = (
        render_ass(cues, 0, drawn),
        render_ass([cue.model_copy(update={"height": None}) for cue in cues], 0, drawn),
    )
    assert moved != plain
    assert moved.count("Dialogue") == plain.count("Dialogue")


def crossing(cues: Sequence[Cue], cut: int) -> bool:
    """Whether a cue is on both sides of a cut for more than three frames."""
    return any(cue.in_ms < cut - 100 and cut + 100 < cue.out_ms for cue in cues)


def test_cues_end_at_hard_cuts_where_words_allow_it() -> None:
    words, drawn = spoken()[:24], look()
    span = Span(in_ms=0, out_ms=words[-1].out_ms + 500)
    crossed = unaware = 0
    for word in words[4:-4:3]:
        for off in (-80, 0, 80):
            cut = word.in_ms + off
            unaware += crossing(build_cues(words, span, LIMITS, drawn.fill), cut)
            cues = build_cues(words, span, LIMITS, drawn.fill, [cut])
            crossed += crossing(cues, cut)
            said = [one.text for cue in cues for one in cue.words]
            assert said == [one.text for one in words]
            for before, after in pairwise(cues):
                assert before.out_ms == after.in_ms or after.in_ms - before.out_ms >= 150
    assert unaware >= 5
    assert crossed == 0


def test_a_cut_in_a_pause_ends_the_cue() -> None:
    words = [*spoken("before the pause", 0), *spoken("after it", 1700)]
    cut = words[2].out_ms + 300
    cues = build_cues(words, Span(in_ms=0, out_ms=3000), LIMITS, look().fill, [cut])
    assert cues[0].out_ms == cut


def written(share: tuple[float, float], rows: Sequence[tuple[int, int]]) -> tuple[Box, ...]:
    """Lines of text over a share of the width, in rows of pixels."""
    left, right = (round(1080 * edge) for edge in share)
    return tuple(Box.of_edges(left, top, right, bottom) for top, bottom in rows)


def on_text(cue: Cue, texts: Sequence[Box], drawn: Typesetter) -> float:
    """The area of a caption that is on text of the picture."""
    left, top, right, bottom = block_px(cue, drawn.at(cue.height))
    block = Box.of_edges(round(left), round(top), round(right), round(bottom))
    return sum((block & box).area_px for box in texts)


def test_captions_keep_off_the_text_of_the_picture() -> None:
    usual = placed([shot(0, 11_000)])[0][0]
    _, top, _, bottom = block_px(usual, look("bold"))
    lines = written((0.1, 0.9), [(round(top) - 60, round(bottom) + 20)])
    slide = shot(0, 11_000).model_copy(update={"texts": lines})
    cues, drawn = placed([slide])
    assert all(on_text(cue, lines, look("bold")) > 0 for cue in placed([shot(0, 11_000)])[0])
    assert all(on_text(cue, lines, drawn) == 0 for cue in cues)
    assert len({cue.height for cue in cues}) == 1


def test_a_face_counts_for_more_than_text_and_a_full_page_is_no_reason_to_move() -> None:
    full = written((0.05, 0.95), [(top, top + 60) for top in range(0, 1900, 60)])
    crowded = shot(0, 11_000).model_copy(update={"texts": full})
    assert all(cue.height is None for cue in placed([crowded])[0])
    with_face = shot(0, 11_000, CLOSE).model_copy(update={"texts": full})
    cues, drawn = placed([with_face])
    assert not any(touches(cue, [with_face], drawn) for cue in cues)
