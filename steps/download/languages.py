"""ISO 639: the three letters that containers use, as the two that speech models use."""

from __future__ import annotations

import re

_TWO_OF_THREE = {
    "ara": "ar", "ben": "bn", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs",
    "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fas": "fa",
    "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hin": "hi",
    "hrv": "hr", "hun": "hu", "ind": "id", "isl": "is", "ice": "is", "ita": "it", "jpn": "ja",
    "kor": "ko", "lav": "lv", "lit": "lt", "may": "ms", "msa": "ms", "nld": "nl", "nor": "no",
    "nob": "no", "nno": "nn", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro",
    "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv",
    "tam": "ta", "tel": "te", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi",
    "zho": "zh",
}  # fmt: skip


def plain_language(code: str) -> str:
    """`en` for `eng`, `en-US` or `EN`; empty for what is no language."""
    first = re.split(r"[-_]", code.strip().lower())[0]
    if first in ("", "und", "mis", "mul", "zxx") or not re.fullmatch(r"[a-z]{2,3}", first):
        return ""
    return _TWO_OF_THREE.get(first, first)
