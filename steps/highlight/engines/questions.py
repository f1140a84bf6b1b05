"""The questions that a model is asked: instructions, then speech, then what is wanted of it.

What questions have in common comes first, so that a server computes it once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

from steps.contract.redaction import one_line
from steps.highlight import HighlightParams
from steps.highlight.describe import HOOK_CHARACTERS, TITLE_CHARACTERS
from steps.highlight.engines import material
from steps.highlight.engines.material import Extract
from steps.highlight.engines.protocol import Speech
from steps.highlight.engines.stills import Stills
from steps.model.answers import Purpose, Question
from steps.model.clips import LayoutHint
from steps.model.languages import language_name, plain_language
from steps.model.timing import Span

PROMPTS = Path(__file__).parent.parent / "prompts"
CRITERIA = ("hook", "alone", "payoff", "emotion", "quotable")
GRADES = (1, 2, 3, 4, 5)
BETTER = (1, 2)
LAYOUTS = tuple(one for one in get_args(LayoutHint) if one)
ROOM = 3
"""A schema allows texts this much longer than they may be: a text that the schema cuts off in the
middle cannot be told from a whole one, and one that is too long can."""
SUMMARY_CHARACTERS, DESCRIPTION_CHARACTERS, REASON_CHARACTERS = 400, 600, 240
HASHTAGS, KEYWORDS = 5, 8
WORD_CHARACTERS = 40
CHAPTERS = 24
"""Of a source, at most about; of each part at least one."""
CHAPTERS_A_PART = 4
TRANSLATED_MORE = 20
"""Characters that a translation may have beyond four times its original."""
ANSWER_TOKENS: dict[Purpose, int] = {
    "rate": 120,
    "compare": 30,
    "name": 700,
    "tell": 700,
    "translate": 1500,
}


class Asker:
    """Writes the questions of one job.

    Attributes:
        speech: of the source.
    """

    def __init__(
        self, speech: Speech, params: HighlightParams, stills: Stills | None = None
    ) -> None:
        """Ask about this speech and these pictures, as the params want it."""
        self.speech, self._params, self._stills = speech, params, stills or Stills(None)

    def rating(self, window: Extract, passage: Sequence[int]) -> Question:
        """Ask for a digit for each criterion."""
        where = f"line {passage[0]} to line {passage[-1]}" if passage else "no line"
        shown = material.spoken("Part of the recording", self.speech, window.lines)
        return self._question(
            "rate",
            f"{shown}\n\nRate the passage from {where}.",
            {one: {"type": "integer", "enum": list(GRADES)} for one in CRITERIA},
            self._seen(passage),
        )

    def comparison(self, first: Sequence[int], second: Sequence[int]) -> Question:
        """Ask which of two passages is better."""
        shown = [
            material.spoken(
                f"Passage {number}",
                self.speech,
                material.fitted(self.speech, passage, material.PASSAGE_BYTES),
            )
            for number, passage in zip(BETTER, (first, second), strict=True)
        ]
        return self._question(
            "compare",
            "\n\n".join([*shown, "Which passage is better, 1 or 2?"]),
            {"better": {"type": "integer", "enum": list(BETTER)}},
        )

    def naming(self, passage: Sequence[int]) -> Question:
        """Ask for the texts of a clip."""
        lines = material.fitted(self.speech, passage, material.WINDOW_BYTES)
        shown = material.spoken("The video", self.speech, lines)
        words = {"type": "array", "items": _text(WORD_CHARACTERS), "maxItems": HASHTAGS}
        return self._question(
            "name",
            f"{shown}\n\n{self._language()}Write the texts of this video.",
            {
                "title": _text(TITLE_CHARACTERS),
                "hook": _text(HOOK_CHARACTERS),
                "summary": _text(SUMMARY_CHARACTERS),
                "description": _text(DESCRIPTION_CHARACTERS),
                "hashtags": words,
                "reason": _text(REASON_CHARACTERS),
                "layout": {"type": "string", "enum": list(LAYOUTS)},
            },
            self._seen(passage),
        )

    def telling(self, lines: Sequence[int], chapters: int) -> Question:
        """Ask for summary, keywords and chapters of a part of the source."""
        shown = material.spoken("Part of the recording", self.speech, lines)
        chapter = {
            "line": {"type": "integer", "enum": list(lines)},
            "title": _text(TITLE_CHARACTERS),
        }
        return self._question(
            "tell",
            f"{shown}\n\n{self._language()}Write the summary, the keywords and at most {chapters}"
            " chapters of this part.",
            {
                **_SOURCE_TEXTS,
                "chapters": {"type": "array", "items": _object(chapter), "maxItems": chapters},
            },
        )

    def whole(self, summaries: Sequence[str]) -> Question:
        """Ask for summary and keywords of the source from the summaries of its parts."""
        limit = material.WINDOW_BYTES // len(summaries) - 20
        lines = [(number, material.bounded(one, limit)) for number, one in enumerate(summaries, 1)]
        shown = material.marked("Summaries of the parts of the recording", lines)
        return self._question(
            "tell",
            f"{shown}\n\n{self._language()}Write the summary and the keywords of the whole"
            " recording.",
            _SOURCE_TEXTS,
        )

    def translation(self, lines: Sequence[int], language: str, *, again: bool) -> Question:
        """Ask for lines in another language; `again` where an answer was not usable."""
        shown = material.spoken("The speech", self.speech, lines)
        wanted = f"Translate each line into {language_name(language)}."
        if again:
            wanted += " Translate it whole, and in this language only."
        return self._question(
            "translate",
            f"{shown}\n\n{wanted}",
            {
                f"{one}": _text(translated_characters(self.speech.sentences[one].text))
                for one in lines
            },
        )

    def _seen(self, passage: Sequence[int]) -> tuple[str, ...]:
        if not passage:
            return ()
        first, last = (self.speech.sentences[one] for one in (passage[0], passage[-1]))
        return self._stills.of(Span(in_ms=first.in_ms, out_ms=last.out_ms))

    def _question(
        self,
        purpose: Purpose,
        prompt: str,
        fields: dict[str, Any],
        pictures: tuple[str, ...] = (),
    ) -> Question:
        if pictures:
            prompt = f"{prompt} The pictures show it."
        return Question(
            purpose=purpose,
            system="\n\n".join([_instructions(purpose), *self._wishes()]),
            prompt=prompt,
            answer_schema=json.dumps(_object(fields)),
            most_tokens=ANSWER_TOKENS[purpose],
            pictures=pictures,
        )

    def _wishes(self) -> list[str]:
        """What the user asked for; it is no part of the speech."""
        asked = {
            "The person who asked for the videos wants this": self._params.prompt,
            "The person who asked for the videos wants to avoid this": self._params.avoid,
            "The audience": self._params.audience,
        }
        lines = [f"{name}: {one_line(text)}" for name, text in asked.items() if text]
        return ["\n".join(lines)] if lines else []

    def _language(self) -> str:
        wanted = plain_language(self._params.text_language)
        if wanted and wanted != plain_language(self.speech.language):
            return f"Write in the language with the code {wanted}. "
        return "Write in the language of the speech. "


def translated_characters(original: str) -> int:
    """How long a translation may be: a Chinese line is four times as long in letters."""
    return TRANSLATED_MORE + 4 * len(original)


def prompts_sha256() -> str:
    """The SHA-256 of all prompts, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(PROMPTS.glob("*.txt")):
        digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": ROOM * most}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


_SOURCE_TEXTS = {
    "summary": _text(SUMMARY_CHARACTERS),
    "keywords": {"type": "array", "items": _text(WORD_CHARACTERS), "maxItems": KEYWORDS},
}


@cache
def _instructions(purpose: Purpose) -> str:
    return (PROMPTS / f"{purpose}.txt").read_text(encoding="utf-8").strip()
