"""Caption styles: the presets by name, and TOML or JSON with what differs from one of them."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from steps.caption import PRESET_NAMES
from steps.caption.spelling import ALIASES, HIGHLIGHTED, canonical, nearest_colour
from steps.contract import Value
from steps.contract.errors import BadInput, one_line
from steps.contract.faults import in_words
from steps.formats.settings import nearest, read_settings, settings_text

PRESETS = Path(__file__).with_name("presets")
"""A TOML file for each of PRESET_NAMES."""
FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".woff", ".woff2")
BUNDLED_FONT = "Montserrat ExtraBold"

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
"""`#RRGGBB`."""


class Style(Value):
    """A caption style, in pixels of a picture 1080 wide; docs/styles.md shows each field."""

    description: Annotated[str, Field(max_length=200, description="What it is for.")] = ""
    font: Annotated[
        str,
        Field(
            max_length=100,
            description="Family, or the name of a file beside the style's; the bundled one draws if"
            " it is another family. `--font` takes a file too.",
        ),
    ] = BUNDLED_FONT
    size_px: Annotated[
        int, Field(ge=32, le=160, description="Em; a line that is too wide is drawn smaller.")
    ] = 80
    bold: Annotated[bool, Field(description="Of the ASS style; the bundled font is bold.")] = True
    uppercase: Annotated[bool, Field(description="Show everything in capitals.")] = True
    letter_spacing_px: Annotated[int, Field(ge=0, le=12, description="After each letter.")] = 0
    text: Annotated[Colour, Field(description="Colour of the words.")] = "#FFFFFF"
    active: Annotated[Colour, Field(description="Colour of the spoken word.")] = "#FFD60A"
    upcoming: Annotated[
        Colour | Literal[""],
        Field(description="Colour of words that are still to come; empty: as `text`."),
    ] = ""
    emphasis: Annotated[
        Colour | Literal[""],
        Field(description="Colour of the clip's key words; empty: as the others."),
    ] = ""
    emoji: Annotated[
        Literal["off", "keywords"],
        Field(description="An emoji after words that one stands for, at most one in a cue."),
    ] = "off"
    speakers: Annotated[
        tuple[Colour, ...],
        Field(max_length=12, description="Instead of `text`, one for each speaker, in order."),
    ] = ()
    speaker_dash: Annotated[bool, Field(description="Put a dash where another speaker begins.")] = (
        False
    )
    outline: Annotated[Colour, Field(description="Colour of outline and shadow.")] = "#000000"
    outline_px: Annotated[int, Field(ge=0, le=16, description="Width of the outline.")] = 7
    shadow_px: Annotated[int, Field(ge=0, le=16, description="Offset of the shadow.")] = 3
    box: Annotated[
        Colour | Literal[""], Field(description="Colour of a rounded box; empty: none.")
    ] = ""
    box_around: Annotated[
        Literal["word", "line"],
        Field(description="What the box is under: the spoken word, a line."),
    ] = "word"
    box_opacity: Annotated[int, Field(ge=10, le=100, description="Of the box, in percent.")] = 100
    reveal: Annotated[
        Literal["phrase", "word"],
        Field(description="Show a phrase whole from its first word, or word by word."),
    ] = "phrase"
    animation: Annotated[
        Literal["none", "pop", "bounce", "slide", "fill", "typewriter"],
        Field(
            description="How a phrase comes; `fill` colours each word from left to right, and"
            " `typewriter` shows its letters one by one."
        ),
    ] = "pop"
    words_per_line: Annotated[int, Field(ge=1, le=4, description="The most.")] = 4
    characters_per_line: Annotated[int, Field(ge=6, le=22, description="The most.")] = 18
    lines: Annotated[int, Field(ge=1, le=2, description="The most at once.")] = 2
    position: Annotated[
        Literal["top", "middle", "bottom"] | Annotated[int, Field(ge=0, le=100)],
        Field(description="In the safe box; or percent of its height, from the top."),
    ] = "bottom"
    hook_s: Annotated[
        int, Field(ge=0, le=10, description="How long the clip's hook stands as a title; 0: not.")
    ] = 0
    hook_text: Annotated[Colour, Field(description="Colour of the hook.")] = "#111111"
    hook_box: Annotated[Colour, Field(description="Colour of the card under it.")] = "#FFFFFF"
    progress: Annotated[
        Colour | Literal[""],
        Field(description="Colour of a bar that shows how far the clip is; empty: none."),
    ] = ""


@cache
def preset(name: str) -> Style:
    """A preset.

    Raises:
        BadInput: there is none of that name.
    """
    if name not in PRESET_NAMES:
        near = nearest(name, PRESET_NAMES)
        hint = f"did you mean {near}? " if near else ""
        known = ", ".join(PRESET_NAMES)
        raise BadInput(one_line(f"{name!r} is not a caption style: {hint}choose one of {known}"))
    fields = tomllib.loads((PRESETS / f"{name}.toml").read_text(encoding="utf-8"))
    return Style.model_validate(fields)


def parse_style(text: str) -> Style:
    """A preset's name, or TOML or a JSON object with what differs from its `base` (bold).

    Raises:
        BadInput: an unknown preset or field, malformed text, or a value out of bounds;
            the caller names the option or the file.
    """
    plain = text.strip()
    if not plain.startswith("{") and "=" not in plain:
        return preset(plain)
    fields = read_settings(plain, "the style")
    base = preset(str(fields.pop("base", "bold")))
    changes = canonical(fields)
    if changes.get("active") == "":
        changes["active"] = base.text
    try:
        return Style.model_validate({**base.model_dump(), "description": "", **changes})
    except ValidationError as error:
        raise BadInput(one_line(_reason(error, fields))) from None


def read_style(data: bytes) -> Style:
    """The style in a file, or in the text of `--style`; raises as `parse_style` does."""
    return parse_style(settings_text(data))


def files_beside(data: bytes) -> dict[str, str]:
    """The param `font` with the file's name, where the style in a file names a font file.

    Only a plain name counts, so a style that somebody sent reaches no other folder.
    """
    font = read_style(data).font
    is_name = Path(font).name == font and Path(font).suffix.casefold() in FONT_SUFFIXES
    return {"font": font} if is_name else {}


def read_place(text: str) -> Style:
    """The style that a preset's name or a file's path names; raises as `parse_style` does."""
    path = Path(text)
    if text in PRESET_NAMES or not path.is_file():
        return parse_style(text)
    try:
        return read_style(path.read_bytes())
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from error


def as_toml(style: Style) -> str:
    """A style with all its fields, as a file that a user can change."""
    values = style.model_dump()
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())


def _reason(error: ValidationError, given: dict[str, Any]) -> str:
    """The first fault in one line, with the name that the user wrote and the nearest right one."""
    first = error.errors()[0]
    field = str(first["loc"][0])
    wrote = next((name for name in given if next(iter(canonical({name: 0})), "") == field), field)
    if first["type"] == "extra_forbidden":
        known = [*Style.model_fields, "base", HIGHLIGHTED, *ALIASES]
        near = nearest(wrote, known)
        hint = f"did you mean {near!r}?" if near else f"choose one of {', '.join(known)}"
        return f"the style has no field {wrote!r}: {hint}"
    if "pattern" in first["type"]:
        colour = nearest_colour(str(first["input"]))
        return f"{wrote} {first['input']!r} is not a colour: write it like {colour}"
    return f"{wrote}: {in_words(first)}"
