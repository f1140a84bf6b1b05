"""Every clipmill command on the pages can be typed as it stands there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pipelines.cli.command import NAMES
from pipelines.cli.door import parser_of

ROOT = Path(__file__).parents[1]
GENERATED = ("cli.md", "steps.md")
"""Their usage lines come from the parsers themselves."""
PAGES = [
    ROOT / "README.md",
    *(one for one in sorted((ROOT / "docs").glob("*.md")) if one.name not in GENERATED),
]


def commands(text: str) -> list[list[str]]:
    """The words of each command in code blocks and in lines of code within a sentence."""
    text = text.replace("\\\n", " ")
    lines = re.findall(r"^\s*(clipmill [a-z].*)$", text, re.MULTILINE)
    lines += [one.replace("\n", " ") for one in re.findall(r"`(clipmill [a-z][^`]*)`", text)]
    found = [
        shlex.split(re.sub(r" >.*", "", line), comments=True) for line in lines if "`" not in line
    ]
    return [words[1:] for words in found if words[1] in NAMES and _is_typed(words)]


def _is_typed(words: list[str]) -> bool:
    """Whether it is a command with what it needs, and no mention of one by its name."""
    return len(words) > 2 or words[1] in ("doctor", "models", "styles", "engines", "list")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_are_accepted(page: Path) -> None:
    for name, *rest in commands(page.read_text(encoding="utf-8")):
        parser_of(name).parse_args(rest)


def test_commands_are_found() -> None:
    found = [one for page in PAGES for one in commands(page.read_text(encoding="utf-8"))]
    assert len(found) > 40
    assert ["run", "talk.mp4", "--chooser", "vllm"] in [one[:4] for one in found]
