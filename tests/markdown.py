"""The code blocks of a page, so that a test can run what readers copy."""

import re
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"^#+ (.+)$")
_FENCE = re.compile(r"^```(\w*)$")


@dataclass(frozen=True)
class Block:
    """One fenced block and the heading that it is under."""

    section: str
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    found, section, language, lines = [], "", "", list[str]()
    inside = False
    for line in page.read_text().splitlines():
        fence = _FENCE.match(line)
        if fence and not inside:
            inside, language, lines = True, fence[1], []
        elif fence:
            inside = False
            found.append(Block(section, language, "\n".join(lines)))
        elif inside:
            lines.append(line)
        elif heading := _HEADING.match(line):
            section = heading[1]
    return found
