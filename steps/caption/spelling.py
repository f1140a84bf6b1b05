"""Other spellings of a style's fields and values, and what a wrong one may have meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

ALIASES = {
    "font_name": "font",
    "font_family": "font",
    "font_size": "size_px",
    "primary_color": "text",
    "text_color": "text",
    "highlight_color": "active",
    "outline_color": "outline",
    "outline_width": "outline_px",
    "shadow_depth": "shadow_px",
    "background_color": "box",
    "letter_spacing": "letter_spacing_px",
    "max_words_per_line": "words_per_line",
    "max_lines": "lines",
    "emphasis_color": "emphasis",
    "speaker_colors": "speakers",
    "progress_color": "progress",
}
"""What style objects of other tools call the fields; `colour` counts as `color`."""
HIGHLIGHTED = "word_by_word_highlight"
MOST_WORDS_PER_LINE = 4
POSITIONS = {"center": "middle", "centre": "middle", "lower": "bottom", "upper": "top"}
COLOURS = {
    "black": "#000000", "blue": "#0000FF", "cyan": "#00FFFF", "gold": "#FFD700",
    "gray": "#808080", "green": "#008000", "grey": "#808080", "lime": "#00FF00",
    "magenta": "#FF00FF", "navy": "#000080", "orange": "#FFA500", "pink": "#FFC0CB",
    "purple": "#800080", "red": "#FF0000", "teal": "#008080", "violet": "#EE82EE",
    "white": "#FFFFFF", "yellow": "#FFFF00",
}  # fmt: skip
"""CSS colours, to propose: https://www.w3.org/TR/css-color-4/#named-colors."""
_SIX_DIGITS = re.compile(r"[0-9A-Fa-f]{6}")


def canonical(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields of a style by their own names, colours with their `#`.

    `word_by_word_highlight: false` gives the spoken word the colour of the others. A
    `max_words_per_line` over 4 is 4, which is fewer than the most that it allows.
    """
    found: dict[str, object] = {}
    highlighted = True
    for name, value in fields.items():
        plain = name.replace("colour", "color")
        if plain == HIGHLIGHTED and isinstance(value, bool):
            highlighted = value
            continue
        field = ALIASES.get(plain, plain)
        if plain == "max_words_per_line" and isinstance(value, int):
            value = min(value, MOST_WORDS_PER_LINE)
        if isinstance(value, str) and field != "font":  # one may be called "Facade"
            value = POSITIONS.get(value, value) if field == "position" else coloured(value)
        if isinstance(value, list):
            value = [coloured(item) if isinstance(item, str) else item for item in value]
        found[field] = value
    if not highlighted:
        found["active"] = found.get("text", "")
    return found


def coloured(value: str) -> str:
    """`#RRGGBB` for `RRGGBB`; any other text as it is."""
    return f"#{value}" if _SIX_DIGITS.fullmatch(value) else value


def nearest_colour(value: str) -> str:
    """The colour that a wrong one may have meant, as `#RRGGBB`."""
    named = get_close_matches(value.casefold(), COLOURS, 1)
    if named:
        return COLOURS[named[0]]
    digits = "".join(re.findall(r"[0-9A-Fa-f]", value))
    if len(digits) == 3:
        return "#" + "".join(2 * digit for digit in digits).upper()
    return f"#{digits[:6]:0<6}".upper() if len(digits) > 3 else "#FFD60A"
