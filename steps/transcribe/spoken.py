"""English words as they are spoken: numbers, amounts and times spelled out, without punctuation."""

from __future__ import annotations

import re
import unicodedata

SMALL = (
    *"zero one two three four five six seven eight nine ten eleven twelve thirteen".split(),
    *"fourteen fifteen sixteen seventeen eighteen nineteen".split(),
)
TENS = ("", "ten", *"twenty thirty forty fifty sixty seventy eighty ninety".split())
SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
ORDINALS = dict(
    zip(
        "one two three five eight nine twelve".split(),
        "first second third fifth eighth ninth twelfth".split(),
        strict=True,
    )
)
CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
SIGNS = {"%": "percent", "&": "and", "+": "plus", "=": "equals", "@": "at", "#": "number"}
_PARTS = re.compile(r"\d+(?:,\d{3})+|\d+|[a-z']+|[^\sa-z\d]")
_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_AMOUNT = re.compile(r"([$€£¥])((?:\d+(?:,\d{3})*)(?:\.\d+)?)")
_DECIMAL = re.compile(r"(\d+(?:,\d{3})*)\.(\d+)")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\b")
_DECADE = re.compile(r"(\d{2,4})'?s\b")
_YEARS = range(1100, 2100)
_LONGEST_NUMBER = 12
"""Digits; a longer one is read digit by digit."""


def spoken(text: str) -> list[str]:
    """The words that somebody says for one word of a transcript, lower case, `a` to `z` and `'`.

    `40,000` is `forty thousand`, `$5` is `five dollars`, `1961` is read as a year. Accents are
    dropped. Empty where nothing is left to say.
    """
    plain = unicodedata.normalize("NFKD", text).lower().replace("’", "'")
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = _AMOUNT.sub(lambda match: f"{match[2]} {CURRENCIES[match[1]]}", plain)
    plain = _DECIMAL.sub(lambda match: f"{match[1]} point {' '.join(match[2])}", plain)
    plain = _ORDINAL.sub(lambda match: _ordinal(match[1]), plain)
    plain = _DECADE.sub(lambda match: _decade(match[1]), plain)
    words: list[str] = []
    for part in _PARTS.findall(plain):
        if _NUMBER.fullmatch(part):
            words += _number(part)
        elif said := SIGNS.get(part, part).strip("'"):
            words += [said] if said.isascii() and said[0].isalpha() else []
    return words


def _number(digits: str) -> list[str]:
    """A whole number; four digits without a comma are a year where they can be one."""
    plain = digits.replace(",", "")
    if len(plain) > _LONGEST_NUMBER or (len(plain) > 1 and plain[0] == "0"):
        return [SMALL[int(digit)] for digit in plain]
    if len(digits) == 4 and int(plain) in _YEARS and not 2000 <= int(plain) < 2010:
        hundreds, rest = divmod(int(plain), 100)
        after = ["oh"] if 0 < rest < 10 else [] if rest else ["hundred"]
        return [*cardinal(hundreds), *after, *(cardinal(rest) if rest else [])]
    return cardinal(int(plain))


def cardinal(number: int) -> list[str]:
    """A number from 0 up in words, without `and`: 123 is `one hundred twenty three`."""
    if number < len(SMALL):
        return [SMALL[number]]
    if number < 100:
        rest = number % 10
        return [TENS[number // 10], *(cardinal(rest) if rest else [])]
    size, name = next((size, name) for size, name in SCALES if number >= size)
    rest = number % size
    return [*cardinal(number // size), name, *(cardinal(rest) if rest else [])]


def _ordinal(digits: str) -> str:
    if len(digits) > _LONGEST_NUMBER:
        return digits
    *before, last = cardinal(int(digits))
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return " ".join([*before, ORDINALS.get(last, regular)])


def _decade(digits: str) -> str:
    *before, last = _number(digits)
    return " ".join([*before, f"{last[:-1]}ies" if last.endswith("y") else f"{last}s"])
