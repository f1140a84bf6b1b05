"""Words with times for tests, from plain text: every word takes a fixed time, `|` is a pause."""

from __future__ import annotations

from steps.model.transcript import Word

WORD_MS, GAP_MS, PAUSE_MS = 300, 50, 1000


def words(text: str, start_ms: int = 0) -> list[Word]:
    """`one two. | three` gives three words with a long pause before the last."""
    found, now_ms = [], start_ms
    for part in text.split():
        if part == "|":
            now_ms += PAUSE_MS
            continue
        found.append(Word(text=part, in_ms=now_ms, out_ms=now_ms + WORD_MS))
        now_ms += WORD_MS + GAP_MS
    return found
