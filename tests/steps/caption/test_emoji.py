"""Emoji: in colour, where their blank glyphs are, in every reading direction."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from steps.caption.emoji import ADVANCE, NO_EMOJI, SIDE, emoji_in
from steps.caption.faces import Bundled, faces
from steps.caption.layout import render_ass
from steps.caption.text import clean
from steps.caption.typesetting import Typesetter
from steps.contract.receipt import Receipt
from steps.model.weights import NOTO, NOTO_CJK, TWEMOJI
from tests.steps.caption.samples import CANVAS, METRICS, look, spoken
from tests.steps.caption.test_layout import assert_inside, cues_of, ink
from tests.steps.caption.test_work import caption, job


def drawn(text: str, style: str = "bold", language: str = "en") -> Typesetter:
    found = faces([text], language, Bundled(METRICS, NOTO.find, NOTO_CJK.find, TWEMOJI.find))
    return replace(look(style), metrics=found.metrics, fallbacks=found.others, emoji=found.emoji)


@pytest.mark.parametrize("style", ["bold", "slide", "punch", "typewriter"])
def test_an_emoji_is_drawn_in_the_middle(style: str, tmp_path: Path) -> None:
    typesetter = drawn("🔥", style)
    boxes = ink(render_ass(cues_of(spoken("🔥")), 0, typesetter), 0.4, tmp_path, rate=10)
    size = typesetter.style.size_px
    box = boxes[max(boxes)]
    assert abs(box.x_px + box.right_px - CANVAS.units.width_px) <= 0.1 * size
    assert 0.7 * SIDE * size <= box.width_px <= SIDE * size + 2
    assert_inside(boxes, typesetter.box)


@pytest.mark.parametrize(("text", "first"), [("so 🚀 it", "so"), ("שלום 🚀 עולם", "שלום")])
def test_an_emoji_follows_its_word_in_either_direction(text: str, first: str) -> None:
    typesetter = drawn(text)
    shown = typesetter.shown(text)
    mirrored = first != "so"
    drawings = typesetter.drawings(shown, 1000, 80, mirrored=mirrored)
    (left,) = {int(x) for one in drawings for x in re.findall(r"pos\((\d+),", one)}
    before = typesetter.width_px(f"{first} ", 80)
    half = typesetter.width_px(text, 80) / 2
    side = (ADVANCE - SIDE) * 40
    expected = 540 + half - before - ADVANCE * 80 if mirrored else 540 - half + before
    assert abs(left - expected - side) <= 1


JOINED = "👍🏽 ❤️ 👨‍👩‍👧 🇫🇷 1️⃣ 👩🏽‍💻 ❤️‍🔥 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏳️‍🌈"


def test_flags_tones_and_joined_emoji_are_one_picture_each() -> None:
    found = emoji_in([JOINED], METRICS, TWEMOJI.find)
    blanks = [found.blank(clean(one)) for one in JOINED.split()]
    assert len(set(blanks) - {""}) == len(JOINED.split())
    assert found.blank("👩🏽‍💻") != found.blank("👍🏽")
    assert found.blank("❤") == "", "without a selector it is a letter"


def test_a_sequence_that_is_no_emoji_is_left_out_and_reported(tmp_path: Path) -> None:
    assert caption(job(tmp_path, spoken("hello 🐶‍🚀 🇽🇽 🏴󠁧󠁢󠁳󠁣󠁴󠁿"), (0, 3000))) == 0
    (item,) = Receipt.from_file(tmp_path / "receipts/caption.json").degradations
    assert "🐶" in item.message
    assert "🇽🇽" in item.message
    assert "🏴" not in item.message


def test_without_emoji_no_font_is_opened() -> None:
    assert emoji_in(["plain, здравствуй"], METRICS, lambda: 1 / 0) is NO_EMOJI  # type: ignore[arg-type, return-value]


def test_a_job_with_emoji_reports_nothing(tmp_path: Path) -> None:
    assert caption(job(tmp_path, spoken("hello 😀 🔥"), (0, 3000))) == 0
    assert Receipt.from_file(tmp_path / "receipts/caption.json").degradations == ()
    script = (tmp_path / "clips/clip_01.ass").read_text()
    assert "\\p4}m " in script
    assert "fontname: clipmill_emoji.ttf" in script
    assert "😀" in (tmp_path / "clips/clip_01.srt").read_text()
