"""What a model's answers say: digits, and texts that are shown and never parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from steps.contract.redaction import one_line
from steps.highlight.describe import HOOK_CHARACTERS, TITLE_CHARACTERS, hashtags_of
from steps.highlight.engines import questions
from steps.highlight.engines.protocol import Naming, Unanswered
from steps.highlight.titles import bared
from steps.model.answers import Reply
from steps.model.clips import LayoutHint
from steps.model.phrases import ends_clause, ends_sentence

_LINK = re.compile(
    r"https?:|www\.|@\w|\w\.(?:app|biz|click|co|com|info|io|link|me|net|org|ru|shop|top|tv|xyz)\b",
    re.IGNORECASE,
)
"""An address or an account: what a stranger's speech might want to be shown under a clip."""
UNCHANGED_WORDS = 4
"""So many words do not read alike in two languages."""
_QUOTES = " \"'“”„«»"
_LEADING = f"#{_QUOTES}"
"""What models put before a title or a keyword; C# ends in a `#`."""


def read_rating(reply: Reply) -> dict[str, int]:
    """The expected grade of each criterion, in thousandths of the highest.

    Raises:
        Unanswered: the answer is not JSON, or does not give exactly the criteria a grade each.
    """
    found = _object(reply.text, questions.CRITERIA)
    lowest, highest = questions.GRADES[0], questions.GRADES[-1]
    return {
        one: round((_expected(reply, found, one, questions.GRADES) - 1000 * lowest)
                   / (highest - lowest))
        for one in questions.CRITERIA
    }  # fmt: skip


def read_comparison(reply: Reply) -> int:
    """How sure it is that the first passage is better, in thousandths.

    Raises:
        Unanswered: the answer is not JSON, or names neither passage.
    """
    found = _object(reply.text, ("better",))
    return 2000 - _expected(reply, found, "better", questions.BETTER)


def read_naming(reply: Reply, faults: list[str]) -> Naming:
    """The texts of a clip as they may be shown; a field with a fault is left empty.

    Args:
        reply: the answer.
        faults: what is wrong with a field is added here.

    Raises:
        Unanswered: the answer is not JSON with these fields.
    """
    fields = ("title", "hook", "summary", "description", "hashtags", "reason", "layout")
    found = _object(reply.text, fields)
    reader = _Texts(found, faults)
    layout = found["layout"]
    if layout not in questions.LAYOUTS:
        faults.append(f"layout is {_short(layout)}")
        layout = ""
    return Naming(
        title=reader.clause("title", TITLE_CHARACTERS),
        hook=reader.clause("hook", HOOK_CHARACTERS),
        summary=reader.text("summary", questions.SUMMARY_CHARACTERS),
        description=reader.text("description", questions.DESCRIPTION_CHARACTERS),
        hashtags=hashtags_of(reader.words("hashtags", questions.HASHTAGS)),
        reason=reader.text("reason", questions.REASON_CHARACTERS),
        layout=cast("LayoutHint", layout),
    )


def read_source(reply: Reply, faults: list[str]) -> tuple[str, tuple[str, ...]]:
    """Summary and keywords of the source or of a part; see `read_naming`."""
    found = _object(reply.text, ("summary", "keywords"), more=("chapters",))
    reader = _Texts(found, faults)
    return (
        reader.text("summary", questions.SUMMARY_CHARACTERS),
        reader.words("keywords", questions.KEYWORDS),
    )


def read_chapters(reply: Reply, lines: Collection[int], faults: list[str]) -> dict[int, str]:
    """Titles of chapters by the id of their first sentence; see `read_naming`."""
    chapters = _object(reply.text, ("summary", "keywords", "chapters"))["chapters"]
    if not isinstance(chapters, list):
        faults.append(f"chapters is {_short(chapters)}")
        return {}
    found: dict[int, str] = {}
    for one in chapters[: questions.CHAPTERS]:
        line = one.get("line") if isinstance(one, dict) else None
        if type(line) is not int or line not in lines:
            faults.append(f"a chapter begins at {_short(line)}")
        elif title := _Texts(one, faults).clause("title", TITLE_CHARACTERS):
            found[line] = title
    return found


def read_translation(
    reply: Reply, originals: Mapping[int, str], faults: dict[int, str]
) -> dict[int, str]:
    """The usable translations by the id of their line.

    Args:
        reply: the answer.
        originals: the lines that were to be translated, by id.
        faults: what is wrong with the others is put here.

    Raises:
        Unanswered: the answer is not JSON with exactly these lines.
    """
    found = _object(reply.text, [f"{one}" for one in originals])
    good: dict[int, str] = {}
    for one, original in originals.items():
        value = found[f"{one}"]
        shown = one_line(value, limit=len(value) + 1).strip() if isinstance(value, str) else ""
        if not any(sign.isalnum() for sign in shown):
            faults[one] = f"line {one} is {_short(value)}"
        elif len(shown) > (most := questions.translated_characters(original)):
            faults[one] = f"line {one} has {len(shown)} characters (at most {most})"
        elif len(shown.split()) >= UNCHANGED_WORDS and shown.casefold() == original.casefold():
            faults[one] = f"line {one} is the original"
        elif _LINK.search(shown) and not _LINK.search(original):
            faults[one] = f"line {one} names an address or an account"
        else:
            good[one] = shown
    return good


class _Texts:
    """Reads fields that a model filled in, and notes their faults."""

    def __init__(self, found: dict[str, Any], faults: list[str]) -> None:
        self._found, self._faults = found, faults

    def text(self, name: str, most: int) -> str:
        """One printable line of at most `most` characters, or nothing."""
        shown = self._shown(name)
        if len(shown) > most:
            self._faults.append(f"{name} has {len(shown)} characters (at most {most})")
            return ""
        return shown

    def clause(self, name: str, most: int) -> str:
        """A line without a final full stop; of one that is too long, its first whole clauses."""
        shown = bared(self._shown(name), _LEADING, _QUOTES).rstrip(".").rstrip()
        words = shown.split()
        while len(shown) > most and words:
            words.pop()
            if words and (ends_clause(words[-1]) or ends_sentence(words[-1])):
                shown = " ".join(words).rstrip(",;:—–- ")
        if len(shown) > most:
            self._faults.append(f"{name} has {len(shown)} characters (at most {most})")
            return ""
        return shown

    def words(self, name: str, most: int) -> tuple[str, ...]:
        """At most `most` words or names, each once."""
        value = self._found.get(name)
        if not isinstance(value, list) or not value:
            self._faults.append(f"{name} is {_short(value)}")
            return ()
        lines = [bared(one_line(one), _LEADING, _QUOTES) for one in value if isinstance(one, str)]
        kept = [one for one in lines if one and len(one) <= questions.WORD_CHARACTERS]
        return tuple(dict.fromkeys(one for one in kept if not _LINK.search(one)))[:most]

    def _shown(self, name: str) -> str:
        value = self._found.get(name)
        if not isinstance(value, str):
            self._faults.append(f"{name} is {_short(value)}")
            return ""
        shown = one_line(value, limit=len(value) + 1).strip()
        if not any(sign.isalnum() for sign in shown):
            self._faults.append(f"{name} is empty")
            return ""
        if _LINK.search(shown):
            self._faults.append(f"{name} names an address or an account")
            return ""
        return shown


def _expected(reply: Reply, found: dict[str, Any], name: str, among: Sequence[int]) -> int:
    value = found[name]
    if type(value) is not int or value not in among:
        raise Unanswered(
            f"the answer gives {name} no digit from {among[0]} to {among[-1]}: {_short(reply.text)}"
        )
    place = re.search(rf'"{name}"\s*:\s*(\d)', reply.text)
    weighed = {digit.at: digit for digit in reply.digits}
    digit = weighed.get(place.start(1)) if place else None
    expected = digit.expected_thousandths(among) if digit else None
    return 1000 * value if expected is None else expected


def _object(text: str, names: Sequence[str], more: Sequence[str] = ()) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise Unanswered(f"the answer is not JSON: {_short(text)}") from error
    if not isinstance(found, dict):
        raise Unanswered(f"the answer is not a JSON object: {_short(text)}")
    if not set(names) <= set(found) <= {*names, *more}:
        raise Unanswered(f"the answer has other fields than {', '.join(names)}: {_short(text)}")
    return found


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _short(value: object) -> str:
    return repr(one_line(str(value), limit=80))
