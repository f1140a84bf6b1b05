"""Words of scripts without spaces: where a line may break, by BudouX. Pure.

BudouX (https://github.com/google/budoux) has a small model each for Japanese, both Chinese scripts
and Thai. Its Chinese ones part some words ("人|工智|能"). A line that begins or ends with a lone
character reads badly anyway: without such breaks 3 words of 14 sentences are parted, not 10. A
dictionary (jieba) parts none, for 42 MB and a second to load; ICU parts 9, for 42 MB.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from steps.model.phrases import is_spaceless, separator

CHINESE = ("simplified_chinese", "traditional_chinese")
MOST_JOINED = 7
"""Characters of a Chinese part with lone ones: less than a line."""
KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_THAI = re.compile(r"[\u0e00-\u0e7f]")


def segments(text: str) -> list[str]:
    """A word in the parts between which a line may break; together they are the word.

    Text in other scripts, and places next to a letter of another script, are not split.
    """
    found: list[str] = []
    chinese = _model_of(text) in CHINESE
    for part in morphemes(text):
        joined = found[-1] + part if found else part
        lone = found and (len(part) == 1 or len(found[-1]) == 1)
        if chinese and lone and len(joined) <= MOST_JOINED:
            found[-1] = joined
        else:
            found.append(part)
    return found


def morphemes(text: str) -> list[str]:
    """A word in the smallest parts that BudouX knows, lone characters too."""
    name = _model_of(text)
    if not name:
        return [text]
    found: list[str] = []
    for part in _parser(name).parse(text):
        is_mark = unicodedata.category(part[0]).startswith("M")
        if found and (is_mark or separator(found[-1], part)):
            found[-1] += part
        else:
            found.append(part)
    return found


def _model_of(text: str) -> str:
    """Which model a text needs, by its letters; empty for none."""
    if not any(map(is_spaceless, text)):
        return ""
    if KANA.search(text):
        return "japanese"
    if _HAN.search(text):
        return CHINESE[_is_traditional(text)]
    return "thai" if _THAI.search(text) else ""


def _is_traditional(text: str) -> bool:
    """Whether a text has a character that GB 2312, the set of simplified Chinese, has not."""
    return any(_HAN.match(one) and not one.encode("gb2312", "ignore") for one in text)


@cache
def _parser(name: str) -> Any:
    import budoux

    return getattr(budoux, f"load_default_{name}_parser")()
