"""clipmill styles: the caption styles that there are, and what they look like."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipelines.cli.command import Command, Options
from steps.contract.errors import BadInput

ACTIONS = ("list", "show", "preview")


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="list",
        help="list (default): all presets; show: all fields of one; preview: write a picture of it",
    )
    parser.add_argument("style", nargs="?", metavar="NAME", help="a preset, or a file (TOML, JSON)")
    parser.add_argument("--text", default="", help="preview: what the captions say")
    parser.add_argument(
        "--language",
        default="",
        metavar="CODE",
        help="preview: of the text, ISO 639-1, or auto: detected from 40 letters on [auto]",
    )
    parser.add_argument(
        "--frame", default="", metavar="IMAGE", help="preview: draw on this picture"
    )
    parser.add_argument(
        "--out", default="", metavar="FILE", help="preview: the picture [default NAME.png]"
    )


def _run(options: Options) -> int:
    given = (options.text, options.language, options.frame, options.out)
    if options.action != "preview" and any(given):
        raise BadInput(
            f"--text, --language, --frame and --out belong to `preview`, not to `{options.action}`"
        )
    if options.action == "list":
        return _list(options)
    if not options.style:
        raise BadInput(f"no style is named: clipmill styles {options.action} NAME")
    return {"show": _show, "preview": _preview}[options.action](options)


def _list(options: Options) -> int:
    from steps.caption import PRESET_NAMES
    from steps.caption.styles import preset

    if options.style:
        raise BadInput(f"`list` takes no name: clipmill styles show {options.style}")
    for name in PRESET_NAMES:
        print(f"{name:<10} {preset(name).description}")
    return 0


def _show(options: Options) -> int:
    from steps.caption.styles import as_toml, read_place

    print(as_toml(read_place(options.style)), end="")
    return 0


def _preview(options: Options) -> int:
    from steps.caption.preview import SAMPLE_TEXT, preview
    from steps.caption.styles import read_place
    from steps.model.languages import plain_language

    style = read_place(options.style)
    language = plain_language(options.language)
    if not language and options.language not in ("", "auto"):
        raise BadInput(
            f"--language {options.language!r} is not a language: give a code such as de or pt"
        )
    into = Path(options.out or f"{Path(options.style).stem}.png")
    frame = Path(options.frame) if options.frame else None
    if frame and not frame.is_file():
        raise BadInput(f"--frame: {frame} does not exist: give a picture")
    if not into.absolute().parent.is_dir():
        raise BadInput(f"--out: {into.parent} does not exist: make the folder first")
    preview(style, into, text=options.text or SAMPLE_TEXT, language=language, frame=frame)
    print(into)
    return 0


COMMAND = Command(
    "styles", "List the caption styles, show one, write a picture of it.", _add_options, _run
)
