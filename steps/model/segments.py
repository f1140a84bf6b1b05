"""Words of scripts without spaces: where a line may break, by BudouX. Pure.

BudouX (https://github.com/google/budoux) has a small model each for Japanese, Chinese and Thai.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from steps.model.phrases import is_spaceless, separator

_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_THAI = re.compile(r"[\u0e00-\u0e7f]")


def segments(text: str) -> list[str]:
    """A word in the parts between which a line may break; together they are the word.

    Text in other scripts, and places next to a letter of another script, are not split.
    """
    name = _model_of(text)
    if not name:
        return [text]
    found: list[str] = []
    for part in _parser(name).parse(text):
        if found and separator(found[-1], part):
            found[-1] += part
        else:
            found.append(part)
    return found


def _model_of(text: str) -> str:
    """Which model a text needs, by its letters; empty for none."""
    if not any(map(is_spaceless, text)):
        return ""
    if _KANA.search(text):
        return "japanese"
    if _HAN.search(text):
        return "simplified_chinese"
    return "thai" if _THAI.search(text) else ""


@cache
def _parser(name: str) -> Any:
    import budoux

    return getattr(budoux, f"load_default_{name}_parser")()
