"""The look of captions: presets, and changes to a preset as JSON."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from steps.contract import Value
from steps.contract.errors import BadInput, one_line

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
"""`#RRGGBB`."""


class Style(Value):
    """A caption style, in pixels of a 1080x1920 picture.

    Attributes:
        size_px: the em of the font; a line too wide for the safe box is drawn smaller.
        uppercase: show everything in capitals.
        text: colour of the words.
        active: colour of the word that is being spoken.
        outline: colour of the outline and the shadow.
        outline_px: width of the outline.
        shadow_px: offset of the shadow.
        box: colour of a rounded box behind the word that is being spoken; empty for none.
        reveal: `phrase`: a cue appears whole, with its first word; `word`: word by word.
        pop: a cue grows to its size within two or three frames.
        words_per_line: the most words on one line.
        characters_per_line: the most characters on one line.
        lines: the most lines at once.
        position: where in the safe box.
    """

    size_px: Annotated[int, Field(ge=32, le=160)] = 80
    uppercase: bool = True
    text: Colour = "#FFFFFF"
    active: Colour = "#FFD60A"
    outline: Colour = "#000000"
    outline_px: Annotated[int, Field(ge=0, le=16)] = 7
    shadow_px: Annotated[int, Field(ge=0, le=16)] = 3
    box: Colour | Literal[""] = ""
    reveal: Literal["phrase", "word"] = "phrase"
    pop: bool = True
    words_per_line: Annotated[int, Field(ge=1, le=4)] = 4
    characters_per_line: Annotated[int, Field(ge=6, le=22)] = 18
    lines: Annotated[int, Field(ge=1, le=2)] = 2
    position: Literal["top", "middle", "bottom"] = "bottom"


STYLES: dict[str, Style] = {
    "bold": Style(),
    "clean": Style(
        size_px=64,
        uppercase=False,
        active="#FFFFFF",
        outline_px=3,
        shadow_px=2,
        pop=False,
        characters_per_line=22,
    ),
    "box": Style(size_px=78, outline_px=5, active="#FFFFFF", box="#7C3AED", pop=False),
    "punch": Style(size_px=120, outline_px=9, shadow_px=4, words_per_line=1, lines=1),
}
"""By the value of `--style`."""


def parse_style(text: str) -> Style:
    """A preset's name, or a JSON object with the fields that differ from its `base` (bold).

    Raises:
        BadInput: an unknown preset or field, malformed JSON, or a value out of bounds;
            the caller names the option or the file.
    """
    if not text.lstrip().startswith("{"):
        return _preset(text.strip())
    try:
        changes = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"the style is not valid JSON: {error.msg} at character {error.pos}: correct it"
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadInput(
            "the style is not valid JSON: a number is too long or lists are too deep: correct it"
        ) from error
    base = _preset(str(changes.pop("base", "bold")))
    try:
        return Style.model_validate({**base.model_dump(), **changes})
    except ValidationError as error:
        first = error.errors()[0]
        where = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            known = ", ".join(Style.model_fields)
            raise BadInput(
                one_line(f"the style has no field {where!r}: choose one of {known}")
            ) from None
        if "pattern" in first["type"]:
            raise BadInput(
                one_line(f"{where} {first['input']!r} is not a colour: write it like #FFD60A")
            ) from None
        message = f"{where} {first['input']!r} is wrong: {first['msg']}"
        raise BadInput(one_line(message)) from error


def read_style(data: bytes) -> Style:
    """The style in a file, or in the text of `--style`; raises as `parse_style` does."""
    return parse_style(data.decode(errors="replace"))


def _preset(name: str) -> Style:
    if name not in STYLES:
        raise BadInput(
            one_line(f"{name!r} is not a caption style: choose one of {', '.join(STYLES)}")
        )
    return STYLES[name]
