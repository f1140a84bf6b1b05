"""Small pictures of the source, named by their time.

`stills/000012480.jpg` and `frames/000012480.jpg` are what is on screen at 12.48 s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from steps.contract.params import param

STRIP = 8
"""Pictures in a strip of the source: a row that fits a phone and a wide screen."""
_NAME = re.compile(r"(\d{9})\.jpg")


def vision_param() -> Any:
    """The param `vision`: moderate keeps stills for highlight's language model."""
    return param(
        False, description="Show the language model three pictures of each passage; it must see."
    )


def still_name(time_ms: int) -> str:
    """The file name of the still at a time."""
    return f"{time_ms:09}.jpg"


def still_times(names: Iterable[str]) -> list[int]:
    """The times of the files that are stills, in order."""
    return sorted(int(found[1]) for found in map(_NAME.fullmatch, names) if found)


def strip_times(duration_ms: int, number: int = STRIP) -> list[int]:
    """The moments of a strip's pictures, evenly over the source."""
    return [duration_ms * (2 * place + 1) // (2 * number) for place in range(number)]
