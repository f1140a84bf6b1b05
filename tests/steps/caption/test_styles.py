"""Styles by name and by JSON, and what is wrong with a wrong one."""

import pytest

from steps.caption.boxes import BOXES, SafeBox
from steps.caption.styles import STYLES, parse_style
from steps.contract.errors import BadInput


@pytest.mark.parametrize("name", sorted(STYLES))
def test_presets(name: str) -> None:
    assert parse_style(name) == STYLES[name]


def test_json_changes_its_base() -> None:
    style = parse_style('{"base": "clean", "active": "#00FF00", "size_px": 70}')
    assert (style.active, style.size_px) == ("#00FF00", 70)
    assert style.uppercase is STYLES["clean"].uppercase


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("loud", "'loud' is not a caption style"),
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


def test_any_is_what_all_platforms_leave_free() -> None:
    assert BOXES["any"] == SafeBox(108, 384, 940, 1250)
    assert BOXES["any"].centred_width_px == 800
