"""Styles by name, as TOML, as JSON, in other tools' words, and what is said of wrong ones."""

import json
from pathlib import Path

import pysubs2
import pytest

from steps.caption import PRESET_NAMES
from steps.caption.layout import render_ass
from steps.caption.styles import Style, as_toml, parse_style, preset, read_place
from steps.contract.errors import BadInput
from steps.model.captions import Cue, CueWord
from tests.steps.caption.samples import look
from tests.styles_page import PICTURES

OTHERS = {
    "font_family": "Montserrat ExtraBold",
    "font_size": 90,
    "primary_color": "FFFFFF",
    "highlight_color": "#22E584",
    "outline_color": "101010",
    "outline_width": 4,
    "position": "center",
    "max_words_per_line": 6,
    "word_by_word_highlight": True,
    "bold": True,
    "uppercase": False,
}
"""A style object as other tools write it."""


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_presets(name: str) -> None:
    style = parse_style(name)
    assert style == preset(name)
    assert style.description
    assert (PICTURES / f"{name}.jpg").is_file(), "run python -m tests.styles_page"
    assert parse_style(as_toml(style)) == style


def test_there_is_a_choice() -> None:
    assert len(PRESET_NAMES) >= 12
    looks = {preset(name).model_copy(update={"description": ""}) for name in PRESET_NAMES}
    assert len(looks) == len(PRESET_NAMES)
    assert preset("bold").model_copy(update={"description": ""}) == Style()


@pytest.mark.parametrize(
    "text",
    [
        '{"base": "clean", "active": "00ff00", "size_px": 70}',
        'base = "clean"\nactive = "#00ff00"  # lime\nsize_px = 70\n',
    ],
    ids=["JSON", "TOML"],
)
def test_a_style_changes_its_base(text: str, tmp_path: Path) -> None:
    style = parse_style(text)
    assert (style.active, style.size_px) == ("#00ff00", 70)
    assert style.uppercase is preset("clean").uppercase
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (tmp_path / "mine").write_text(text, encoding=encoding)
        assert read_place(str(tmp_path / "mine")) == style


def test_style_objects_of_other_tools_give_their_ass_fields() -> None:
    drawn = look(json.dumps(OTHERS))
    words = tuple(
        CueWord(in_ms=300 * at, out_ms=300 * at + 300, text=text, line=0)
        for at, text in enumerate(("So", "we"))
    )
    script = render_ass([Cue(in_ms=0, out_ms=600, words=words)], 0, drawn)
    read = pysubs2.SSAFile.from_string(script)
    style = read.styles["Words"]
    assert style.fontname == "Montserrat ExtraBold"
    assert style.fontsize == drawn.metrics.ass_size(90)
    assert style.primarycolor == pysubs2.Color(255, 255, 255)
    assert style.secondarycolor == pysubs2.Color(0x22, 0xE5, 0x84)
    assert style.outlinecolor == pysubs2.Color(0x10, 0x10, 0x10)
    assert (style.outline, style.bold) == (4, True)
    assert "\\1c&H84E522&}So" in read.events[0].text
    assert drawn.style.position == "middle"
    assert drawn.style.words_per_line == 4


def test_without_highlight_the_spoken_word_is_like_the_others() -> None:
    style = parse_style('{"word_by_word_highlight": false, "primary_colour": "ABCDEF"}')
    assert style.active == style.text == "#ABCDEF"
    assert parse_style('{"word_by_word_highlight": false}').active == "#FFFFFF"


def test_a_font_is_no_colour() -> None:
    assert parse_style('{"font_name": "Facade"}').font == "Facade"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("loud", "'loud' is not a caption style"),
        ("bounse", "did you mean bounce?"),
        (
            '{"highlite_color": "#FFFFFF"}',
            "no field 'highlite_color': did you mean 'highlight_color'",
        ),
        ("size = 70", "no field 'size': did you mean 'size_px'"),
        ('{"xyzzy": 1}', "no field 'xyzzy': choose one of"),
        ('{"primary_color": "red"}', "primary_color 'red' is not a colour: write it like #FF0000"),
        ('active = "#FA0"', "active '#FA0' is not a colour: write it like #FFAA00"),
        ('{"font_size": 7}', "font_size: 7 is too small: at least 32"),
        ("size_px = ", "is not valid TOML"),
        ('{"base": "loud"}', "'loud' is not a caption style"),
        ('{"size_px": 7}', "size_px"),
        ('{"text": "red"}', "text 'red' is not a colour"),
        ('{"box": "#12345"}', "box"),
        ('{"sized": 7}', "has no field 'sized'"),
        ('{"size_px": 70', "is not valid JSON"),
        ('{"lines": 3}', "lines"),
        ('{"lines": ' + "[" * 3000, "lists are too deep"),
        ('{"lines": ' + "1" * 5000 + "}", "a number is too long"),
        ('{"uppercase": "perhaps"}', "uppercase"),
    ],
)
def test_a_wrong_style_is_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_style(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
