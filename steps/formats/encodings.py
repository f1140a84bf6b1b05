"""Text from bytes whose encoding nobody states.

UTF-8 and UTF-16 are recognised by their own form. For older encodings charset-normalizer says
which ones give text that looks undamaged; one is believed only if the language that comes out is
one that people write in it, and if no other candidate comes close.
"""

from __future__ import annotations

from dataclasses import dataclass

from steps.formats.written import language_of

WRITTEN_IN = {
    "cp1252": "en de fr es it pt nl sv da no fi is ca gl eu ga id ms af sw tl",
    "cp1250": "pl cs sk hu sl hr bs ro sq",
    "iso8859_2": "pl cs sk hu sl hr bs ro sq",
    "cp1251": "ru uk be bg mk sr",
    "koi8_u": "ru uk be",
    "cp866": "ru be",
    "cp1253": "el",
    "cp1254": "tr az",
    "cp1255": "he",
    "cp1256": "ar fa ur",
    "cp1257": "lt lv et",
    "cp1258": "vi",
    "cp874": "th",
    "gb18030": "zh",
    "big5hkscs": "zh",
    "cp932": "ja",
    "euc_jp": "ja",
    "cp949": "ko",
}
"""The encodings of old subtitle files (Python's names) and the languages that are written in them,
after the fallbacks of https://encoding.spec.whatwg.org/; supersets stand for their subsets:
cp949 for euc-kr, gb18030 for gbk, cp1254 for iso8859-9."""
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SAMPLE_BYTES = 40_000
MARGIN = 0.03
"""How much less damaged the best candidate must look than the next one with another text."""
FAMILIAR = 0.25
"""What the frequencies of the letters count beside the damage: both are from 0 to 1."""
MOST_LISTED = 4
DAMAGED_SHARE = 0.01
"""UTF-8 is still UTF-8 if at most this share of its characters beyond ASCII is damaged."""


@dataclass(frozen=True)
class Reading:
    """A way to read some bytes: `cost` is lower the less damaged the text looks."""

    encoding: str
    language: str
    cost: float
    text: str


class UnsureEncoding(ValueError):
    """The encoding cannot be told; the message lists what it may be."""


def decoded(data: bytes, language: str = "") -> str:
    """The text of a subtitle file.

    Args:
        data: the whole file.
        language: that the text has (ISO 639-1), if that is known.

    Raises:
        UnsureEncoding: no encoding fits, or several do.
    """
    if (marked := by_mark(data)) is not None:
        return marked
    for encoding in ("utf-16-le", "utf-16-be") if b"\0" in data else ():
        text = data.decode(encoding, errors="replace")
        if "-->" in text or "Dialogue:" in text:
            return text
    if b"\x1b$B" in data:
        return data.decode("iso2022_jp", errors="replace")
    text = data.decode("utf-8", errors="replace")
    beyond = sum(character > "\x7f" for character in text)
    if text.count("\ufffd") <= DAMAGED_SHARE * beyond:
        return text
    return _best(candidates(data, language), language).text


def by_mark(data: bytes) -> str | None:
    """The text of bytes that begin with a byte order mark; None for others."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff")
    return None


def candidates(data: bytes, expected: str = "") -> list[Reading]:
    """The ways to read bytes, the likeliest first.

    The language of a candidate is empty where the text is in none that its encoding is for.
    """
    from charset_normalizer import from_bytes

    speech = _speech(data)
    found: dict[str, Reading] = {}
    for match in from_bytes(speech, cp_isolation=list(WRITTEN_IN)):
        for encoding in match.could_be_from_charset:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            language = language_of(speech.decode(encoding, errors="replace"), expected)
            fits = language in WRITTEN_IN.get(encoding, "").split()
            cost = match.chaos - FAMILIAR * match.coherence
            if text not in found or (fits and not found[text].language):
                found[text] = Reading(encoding, language if fits else "", cost, text)
    return sorted(found.values(), key=lambda one: one.cost)


def _best(found: list[Reading], language: str) -> Reading:
    readable = [one for one in found if one.language]
    fitting = [one for one in readable if not language or one.language == language]
    if fitting and (len(fitting) == 1 or fitting[1].cost - fitting[0].cost >= MARGIN):
        return fitting[0]
    listed = [
        f"{one.encoding} ({one.language})" if one.language else one.encoding
        for one in (fitting or readable or found)[:MOST_LISTED]
    ]
    may_be = f"may be {' or '.join(listed)}" if listed else "is none that subtitles have"
    named = f", and no reading of it is in {language!r}" if language and not fitting else ""
    raise UnsureEncoding(f"its encoding is not UTF-8 and {may_be}{named}: save it as UTF-8")


def _speech(data: bytes) -> bytes:
    """Some lines without numbers and times, those with letters beyond ASCII first."""
    lines = [line for line in data.splitlines() if b"-->" not in line and not line.isdigit()]
    lines.sort(key=bytes.isascii)
    return b"\n".join(lines)[:SAMPLE_BYTES]
