"""Language codes: what files and sites write, as ISO 639-1."""

from __future__ import annotations

UNKNOWN = "und"
"""ISO 639-3: undetermined."""
THREE_LETTERS = {
    "ara": "ar", "ben": "bn", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs",
    "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fin": "fi",
    "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr",
    "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "lav": "lv", "lit": "lt",
    "msa": "ms", "nld": "nl", "nor": "no", "per": "fa", "fas": "fa", "pol": "pl", "por": "pt",
    "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es",
    "srp": "sr", "swe": "sv", "tam": "ta", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur",
    "vie": "vi", "zho": "zh",
}  # fmt: skip
"""ISO 639-2 codes, both kinds, that containers carry most."""
NO_LANGUAGE = frozenset({"", "auto", "mis", "mul", "qaa", "und", "xxx", "zxx"})


def plain(code: str) -> str:
    """`en` for `en`, `eng`, `en-GB` or `EN_us`; empty when the code names no one language."""
    primary = code.strip().lower().replace("_", "-").partition("-")[0]
    return "" if primary in NO_LANGUAGE else THREE_LETTERS.get(primary, primary)
