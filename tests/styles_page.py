"""docs/styles.md and its pictures: `python -m tests.styles_page` draws the pictures again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter

from steps.caption import PRESET_NAMES
from steps.caption.preview import preview
from steps.caption.spelling import ALIASES
from steps.caption.styles import Style, as_toml, preset

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "styles"
VIEW = {
    "middle": "crop=1080:520:0:560",
    "bottom": "crop=1080:520:0:800",
    "hook": "crop=1080:1000:0:320",
    "bar": "crop=1080:960:0:960",
}
SMALL = "scale=540:-2"

HEAD = """# Caption styles

<!-- Made by `make golden` from the presets and the schema. -->

```sh
clipmill run talk.mp4 --style neon           # a preset
clipmill run talk.mp4 --style mine.toml      # a file: TOML or JSON
clipmill styles                              # the presets
clipmill styles show neon > mine.toml        # all fields of one, to change
clipmill styles preview mine.toml --frame still.jpg --text "Not for sale"
clipmill styles preview mine.toml --text "Unverkäuflich" --language de
```

A preview splits long words and writes capitals as the text's language does. A text of 40 letters or
more says what it is written in; for a shorter one name it.

A style states a `base` (a preset, `bold` without one) and what differs from it:

```toml
base = "clean"
active = "#22E584"
position = 80
```

Colours are `#RRGGBB` or `RRGGBB`. The key words that `emphasis` colours are the clip's tags; the
hook is the one in `summary.json`.

```sh
clipmill run talk.mp4 --style clean --font Mine.ttf   # draws what it has, and Montserrat the rest
clipmill run talk.mp4 --style mine.toml               # with font = "Mine.ttf" in it, beside it
```

In a bucket it is the same: `--style s3://my-bucket/looks/mine.toml` takes the font
`s3://my-bucket/looks/Mine.ttf`. Only a plain file name is looked for there.

Montserrat draws Latin, Cyrillic and Vietnamese; Noto Sans draws Greek, Arabic, Hebrew, Devanagari,
Bengali, Thai and 14 more scripts, and Noto Sans CJK Chinese, Japanese and Korean. The `.ass` files
carry the glyphs that they use, so they look the same everywhere. Emoji are drawn in colour, with
Twemoji's pictures. Flags, skin tones and joined emoji, such as families,
are one picture each. A character that none of them has is left out of the picture and reported.
"""
OTHERS = """
## Names of other tools

Style objects of other tools work as they are. Their fields mean:

"""


def page() -> str:
    """docs/styles.md."""
    shown = "".join(
        f"\n### {name}\n\n{preset(name).description}\n\n![{name}](styles/{name}.jpg)\n\n"
        f"{_own(name)}"
        for name in PRESET_NAMES
    )
    rows = "".join(f"| `{name}` | `{field}` |\n" for name, field in ALIASES.items())
    return (
        f"{HEAD}\n## Fields\n\n| field | what | allowed | default |\n|---|---|---|---|\n{_fields()}"
        f"{OTHERS}| name | field |\n|---|---|\n{rows}"
        "| `word_by_word_highlight` | `false`: `active` is the colour of `text` |\n"
        f"\n## Presets\n{shown}"
    )


def _fields() -> str:
    return "".join(
        f"| `{name}` | {info.description} | {_allowed(info)} | `{json.dumps(info.default)}` |\n"
        for name, info in Style.model_fields.items()
    )


def _allowed(info: Any) -> str:
    """Bounds and choices, as the schema states them."""
    schema = TypeAdapter(Annotated[info.annotation, info]).json_schema()
    forms = schema.get("anyOf", [schema])
    words = [" ".join(form["enum"]) for form in forms if "enum" in form]
    bounds = [f"{form['minimum']} to {form['maximum']}" for form in forms if "minimum" in form]
    kinds = {"boolean": "true false", "array": "[#RRGGBB, …]"}
    kind = [kinds[form["type"]] for form in forms if form.get("type") in kinds]
    colour = ["#RRGGBB" for form in forms if "pattern" in form]
    return ", ".join([*words, *bounds, *kind, *colour])


def _own(name: str) -> str:
    """The fields in which a preset differs from bold, the default."""
    plain = as_toml(Style()).splitlines()
    lines = [line for line in as_toml(preset(name)).splitlines() if line not in plain]
    own = [line for line in lines if not line.startswith("description")]
    return "\n".join(["```toml", *own, "```\n"]) if own else "All fields have their defaults.\n"


def main() -> None:
    """Draw the picture of every preset."""
    PICTURES.mkdir(exist_ok=True)
    for name in PRESET_NAMES:
        style = preset(name)
        place = style.position if isinstance(style.position, str) else "middle"
        view = VIEW["hook" if style.hook_s else "bar" if style.progress else place]
        preview(style, PICTURES / f"{name}.jpg", view=f"{view},{SMALL}")


if __name__ == "__main__":
    main()
