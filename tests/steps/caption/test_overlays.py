"""The hook's card, the bar, and the colours of key words and speakers."""

import re
from dataclasses import replace
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.caption.layout import render_ass
from steps.caption.overlays import HOOK_LINES, hook_lines, overlays
from steps.caption.placement import block_px
from steps.model.geometry import Box
from steps.model.timing import Span
from tests.steps.caption.samples import look, spoken
from tests.steps.caption.test_layout import assert_inside, cues_of, ink
from tests.steps.caption.test_placement import shot

HOOK = "I spent forty thousand dollars on a machine that nobody wanted"
LONG = "Nobody ever tells you, not once, that everything which you have heard about it " * 5


def test_a_hook_is_whole_on_at_most_three_even_lines() -> None:
    lines, size_px = hook_lines(HOOK, look("headline"))
    assert " ".join(lines) == HOOK
    assert len(lines) <= HOOK_LINES
    assert size_px >= 44


@given(st.text(min_size=1, max_size=400).filter(lambda text: text.split()))
def test_no_hook_is_wider_than_the_box(text: str) -> None:
    drawn = look("headline")
    for event in overlays(text, 9000, drawn):
        assert 0 <= event.start < event.end <= 3000
        assert not re.search(r"\\\\[Nnh]", event.text)
    if overlays(text, 9000, drawn):
        lines, size_px = hook_lines(text, drawn)
        widest = max(drawn.width_px(line, size_px) for line in lines)
        assert widest <= drawn.room_px


def test_a_hook_that_is_too_long_ends_in_an_ellipsis() -> None:
    lines, _ = hook_lines(LONG, look("headline"))
    assert lines[-1].endswith("…")
    assert len(lines) == HOOK_LINES


@pytest.mark.parametrize("position", ["top", "bottom"])
def test_a_card_is_inside_the_box_and_away_from_the_captions(position: str, tmp_path: Path) -> None:
    drawn = look(f'{{"base": "headline", "position": "{position}"}}')
    cues = cues_of(spoken("Two lines of words, gjpq"))
    script = render_ass((), 0, drawn, overlays(LONG, 900, drawn, cues))
    boxes = ink(script, 0.8, tmp_path, rate=4)
    assert_inside(boxes, drawn.box)
    captions = ink(render_ass(cues, 0, drawn), 1, tmp_path, 4)
    for card in boxes.values():
        for lines in captions.values():
            assert lines.bottom_px <= card.y_px or card.bottom_px <= lines.y_px


def test_a_card_goes_below_captions_that_were_moved_up() -> None:
    drawn = look("headline")
    cues = cues_of(spoken("Three words here"))
    moved = [cue.model_copy(update={"height": 10}) for cue in cues]
    usual, low = (overlays(HOOK, 9000, drawn, these)[0].text for these in (cues, moved))
    heights = [int(re.findall(r"pos\(\d+,(\d+)\)", text)[0]) for text in (usual, low)]
    assert heights[0] < 500
    assert heights[1] > max(block_px(cue, drawn.at(10))[3] for cue in moved)


@pytest.mark.parametrize("top_px", [250, 300, 420, 500])
def test_a_card_hides_no_eyes_and_no_captions(top_px: int) -> None:
    """In a close-up it goes below the chin, smaller if it has to."""
    drawn, cues = look("headline"), cues_of(spoken("Two lines of words, gjpq"))
    face = Box(x_px=250, y_px=top_px, width_px=500, height_px=400)
    events = overlays(HOOK, 9000, drawn, cues, 0, [shot(0, 3000, face)])
    cards = [int(re.findall(r"pos\(\d+,(\d+)\)", one.text)[0]) for one in events if one.layer == 3]
    assert min(cards) >= top_px + 0.8 * face.height_px
    assert max(cards) < min(block_px(cue, drawn)[1] for cue in cues)


def test_the_bar_grows_with_the_clip(tmp_path: Path) -> None:
    drawn = look("tracker")
    boxes = ink(render_ass((), 0, drawn, overlays("", 2000, drawn)), 2, tmp_path, rate=4)
    widths = {frame: box.right_px - box.x_px for frame, box in boxes.items()}
    assert abs(widths[2] - 270) <= 3
    assert abs(widths[6] - 810) <= 3
    assert {box.bottom_px for box in boxes.values()} == {1920}


def test_nothing_is_drawn_beside_the_words_unless_asked() -> None:
    assert overlays(HOOK, 9000, look("bold")) == []
    assert overlays("", 9000, look("headline")) == []


def test_key_words_have_their_colour_also_while_others_are_spoken() -> None:
    drawn = replace(look("keywords"), keywords=frozenset({"machine"}))
    script = render_ass(cues_of(spoken("a machine, sold")), 0, drawn)
    green = re.findall(r"1c&H7EE33C&[^}]*}([^{]+)", script)
    assert {text.strip() for text in green} == {"machine,"}
    assert len(green) == len(pysubs2.SSAFile.from_string(script).events)


def test_speakers_have_colours_and_dashes() -> None:
    words = tuple(
        word.model_copy(update={"speaker": f"speaker_{1 + (place > 2)}"})
        for place, word in enumerate(spoken("Are you sure? Yes I am."))
    )
    drawn = replace(look("duo"), speakers=("speaker_1", "speaker_2"))
    style = drawn.style
    limits = Limits(style.words_per_line, style.characters_per_line, style.lines)
    span = Span(in_ms=0, out_ms=words[-1].out_ms)
    cues = build_cues(words, span, limits, drawn.fill, dashes=style.speaker_dash)
    assert [cue.words[0].text for cue in cues] == ["Are", "– Yes"]
    for cue, colour in zip(cues, ("0AD6FF", "FFC85B"), strict=True):
        script = render_ass([cue], 0, drawn)
        assert set(re.findall(r"1c&H([0-9A-F]{6})&", script)) == {colour}


def test_letters_are_typed_one_after_another(tmp_path: Path) -> None:
    words = spoken("Typing slowly")
    long = tuple(
        word.model_copy(update={"in_ms": 1000 * at, "out_ms": 1000 * at + 990})
        for at, word in enumerate(words)
    )
    boxes = ink(
        render_ass(cues_of(long, "typewriter"), 0, look("typewriter")), 2, tmp_path, rate=20
    )
    widths = [_width(boxes[frame]) for frame in range(1, 36)]
    assert widths == sorted(widths)
    assert len(set(widths[:8])) > 4
    assert len({box.x_px for box in boxes.values()}) <= 2, "the text moves"


def _width(box: Box) -> int:
    return box.width_px
