"""The user's glossary: how names and terms are written, and what replaces what was heard. Pure.

A line is a term (`Kubernetes`), or what is heard and what it becomes (`clip mill -> clipmill`).
Empty lines, and lines that begin with `#`, say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from steps.contract.errors import BadInput, one_line
from steps.formats import encodings
from steps.model.phrases import EDGES, bare_word
from steps.model.timing import Span
from steps.transcribe.word_times import RawWord, spread

MAX_BYTES = 1 << 20
MAX_ENTRIES = 5000
MAX_WORDS = 12
"""Of an entry."""
MAX_CHARACTERS = 200
"""Of an entry."""
HINT_CHARACTERS = 600
"""What a recogniser is told: Whisper keeps 223 tokens of it."""
ARROW = re.compile("->|=>|→")


@dataclass(frozen=True)
class Wording:
    """What is heard, as bare words, and what is written instead."""

    heard: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True)
class Glossary:
    """The entries of a file, in its order."""

    entries: tuple[Wording, ...] = ()

    @property
    def hints(self) -> str:
        """What is written, for a recogniser that takes hints; as much as it can take."""
        terms = dict.fromkeys(" ".join(entry.written) for entry in self.entries)
        told = ""
        for term in filter(None, terms):
            longer = f"{told}, {term}" if told else term
            if len(longer) > HINT_CHARACTERS:
                break
            told = longer
        return told

    @cached_property
    def _by_first(self) -> dict[str, list[Wording]]:
        """The entries by their first word, the longest first."""
        found: dict[str, list[Wording]] = {}
        for entry in self.entries:
            found.setdefault(entry.heard[0], []).append(entry)
        for entries in found.values():
            entries.sort(key=lambda entry: -len(entry.heard))
        return found

    def match(self, bare: Sequence[str], at: int) -> Wording | None:
        """The longest entry whose words are heard from a place on."""
        for entry in self._by_first.get(bare[at], ()):
            if tuple(bare[at : at + len(entry.heard)]) == entry.heard:
                return entry
        return None


def check_glossary(data: bytes) -> None:
    """Check that a glossary can be used; raises BadInput."""
    read_glossary(data)


def read_glossary(data: bytes) -> Glossary:
    """The entries of a file; none for an empty one.

    Raises:
        BadInput: it is too large, not text, or a line has too much or nothing on one side.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(f"the glossary has over {MAX_BYTES >> 20} MiB: give a smaller one")
    try:
        lines = encodings.decoded(data).splitlines()
    except ValueError as error:
        raise BadInput(one_line(f"the glossary cannot be read: {error}")) from error
    entries = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            entries.append(_entry(text, number))
        if len(entries) > MAX_ENTRIES:
            raise BadInput(f"the glossary has over {MAX_ENTRIES:,} entries: give fewer")
    return Glossary(tuple(entries))


def _entry(text: str, number: int) -> Wording:
    parts = [part.strip() for part in ARROW.split(text)]
    where = f"line {number} of the glossary, {text[:60]!r},"
    if len(parts) > 2 or not all(parts):
        raise BadInput(f"{where} is not a term or `heard -> written`: correct it")
    heard = tuple(filter(None, map(bare_word, parts[0].split())))
    written = tuple(parts[-1].split())
    if not heard:
        raise BadInput(f"{where} has no letters: correct it")
    if len(text) > MAX_CHARACTERS or max(len(heard), len(written)) > MAX_WORDS:
        raise BadInput(f"{where} is too long: at most {MAX_WORDS} words on a side")
    return Wording(heard, written)


def replaced(words: Sequence[RawWord], glossary: Glossary) -> tuple[list[RawWord], list[int]]:
    """Words as the glossary writes them, and the place of the word that each came from.

    The marks around what is replaced stay. One word for several lasts from the start of the first
    to the end of the last; several for one share its time by their lengths.
    """
    bare = [bare_word(word.text) for word in words]
    found: list[RawWord] = []
    places: list[int] = []
    at = 0
    while at < len(words):
        entry = glossary.match(bare, at)
        if entry is None:
            found.append(words[at])
            places.append(at)
            at += 1
            continue
        old = words[at : at + len(entry.heard)]
        found += _written(old, entry.written)
        places += [at] * len(entry.written)
        at += len(old)
    return found, places


def _written(old: Sequence[RawWord], texts: Sequence[str]) -> list[RawWord]:
    first, last = old[0].text, old[-1].text
    before = first[: len(first) - len(first.lstrip(EDGES))]
    after = last[len(last.rstrip(EDGES)) :]
    marked = [*texts]
    marked[0] = before + marked[0]
    marked[-1] += after if not marked[-1].endswith(after) else ""
    if len(texts) == len(old):
        return [replace(word, text=text) for word, text in zip(old, marked, strict=True)]
    whole = replace(
        old[0],
        out_ms=old[-1].out_ms,
        confidence=min(word.confidence for word in old),
        interpolated=any(word.interpolated for word in old),
        aligned=all(word.aligned for word in old),
    )
    if len(texts) == 1:
        return [replace(whole, text=marked[0])]
    start = whole.in_ms or 0
    spans = spread(texts, Span(in_ms=start, out_ms=max(start, whole.out_ms or start)))
    return [
        replace(whole, text=text, in_ms=span.in_ms, out_ms=span.out_ms, interpolated=True)
        for text, span in zip(marked, spans, strict=True)
    ]
