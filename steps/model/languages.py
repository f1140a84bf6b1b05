"""Language codes: from what files, sites and people write to ISO 639-1."""

from __future__ import annotations

import re
from typing import Any

from steps.contract.params import param

UNKNOWN = "und"
"""ISO 639-3: undetermined."""
NO_LANGUAGE = frozenset({"", "auto", "mis", "mul", "qaa", UNKNOWN, "xxx", "zxx"})
THREE_LETTERS = {
    "ara": "ar", "ben": "bn", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs",
    "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fas": "fa",
    "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hin": "hi",
    "hrv": "hr", "hun": "hu", "ice": "is", "ind": "id", "isl": "is", "ita": "it", "jpn": "ja",
    "kor": "ko", "lav": "lv", "lit": "lt", "may": "ms", "msa": "ms", "nld": "nl", "nno": "nn",
    "nob": "no", "nor": "no", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro",
    "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv",
    "tam": "ta", "tel": "te", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi",
    "zho": "zh",
}  # fmt: skip
"""The ISO 639-2 codes that containers carry most, bibliographic and terminological."""

KNOWN = (
    *"af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id".split(),
    *"is it ja ka kk kn ko la lt lv mk ml mn mr ms my ne nl no pa pl pt ro ru sk sl sq sr".split(),
    *"sv sw ta te th tl tr uk ur uz vi zh".split(),
)
"""The languages of subtitles and of their file names."""
ENGLISH_NAMES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en",
    "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi",
    "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko",
    "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro",
    "russian": "ru", "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr",
    "ukrainian": "uk", "vietnamese": "vi",
}  # fmt: skip
FLAGS = frozenset("cc default forced full hi sdh".split())
"""What names of caption files state besides the language; `hi` is for the hearing impaired."""


def language_param() -> Any:
    """The param `language`: of the sound and captions that download picks, and of the words."""
    return param(
        "auto",
        pattern=r"^(auto|[a-z]{2,3})$",
        description="Spoken language, ISO 639-1, or auto.",
    )


def plain_language(code: str) -> str:
    """`en` for `en`, `eng`, `en-GB` or `EN_us`; empty unless it names one language."""
    first = code.strip().lower().replace("_", "-").partition("-")[0]
    if first in NO_LANGUAGE or not re.fullmatch("[a-z]{2,3}", first):
        return ""
    return THREE_LETTERS.get(first, first)


def language_name(code: str) -> str:
    """What a model is told: `Japanese (ja)`, or the code where no name is known."""
    names = {value: name.capitalize() for name, value in ENGLISH_NAMES.items()}
    name = names.get(plain_language(code))
    return f"{name} ({code})" if name else f"the language with the code {code}"


def target_param(description: str) -> Any:
    """A param that names a language to write in; a script or a region may follow: zh-Hant."""
    return param(
        "",
        pattern=r"^([A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3})?$",
        description=description,
    )


def named_language(tail: str) -> str:
    """The language that the end of a file name states: `pt` for `.pt-BR.forced`, else empty."""
    parts = tail.lower().strip(".").split(".")
    codes = {part: ENGLISH_NAMES.get(part) or _known(part) for part in parts}
    others = {part for part, code in codes.items() if not code}
    return next(filter(None, codes.values()), "") if others <= FLAGS else ""


def _known(part: str) -> str:
    code = plain_language(part)
    return code if code in KNOWN else ""
