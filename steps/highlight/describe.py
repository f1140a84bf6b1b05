"""Words for a clip and for the source, all taken from the speech."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from steps.highlight.candidates import Candidate
from steps.highlight.choose import SAME_TOPIC
from steps.highlight.joints import asks
from steps.highlight.keywords import content_words, top_words
from steps.highlight.lexicon import Lexicon
from steps.highlight.sentences import Sentence
from steps.highlight.titles import LEAST_CHARACTERS, clauses, ranked_clauses
from steps.highlight.topics import Topics
from steps.model.clips import MAX_TEXT_CHARACTERS, Clip, ClipSummary, LayoutHint
from steps.model.phrases import SENTENCE_ENDS, graphemes, is_spaceless
from steps.model.source import Chapter
from steps.model.timing import clock

TITLE_CHARACTERS, TITLING_CHARACTERS = 60, 25
"""Of a title: the most, and how many it usually has: "Fruit flies sleep" makes nobody look."""
HOOK_CHARACTERS = 120
HOOK_SENTENCES = 3
"""The hook comes from the first of a clip's sentences, if one of them can stand alone."""
TOLD_CHARACTERS, TELLING_CHARACTERS = 200, 50
"""Of a sentence in a summary: the most, and how many it usually has."""
TAGS = 5
HASHTAGS = 4
VOICE_TENTHS = 2
"""A voice with this share of a clip's words takes part in a conversation."""

CJK = "\u2e80"
"""From here on, scripts without spaces have an ideographic full stop."""
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""They say how the character before them looks, and are marks by name only."""
_LOOSE = frozenset("a an the of to in on at for and or but with by from is are was be as".split())


def shorten(text: str, limit: int) -> str:
    """Whole words up to `limit` characters, with … if cut, and no loose word at the end.

    A script without spaces is cut anywhere: a space there parts whole phrases.
    """
    if len(text) <= limit:
        return text
    opening = text[: limit - 1]
    if is_spaceless(opening[-1]):
        return "".join(graphemes(text[:limit])[:-1]) + "…"
    words = opening.rsplit(" ", 1)[0].split() or [opening]
    while len(words) > 1 and words[-1].strip(",;:").lower() in _LOOSE:
        words.pop()
    return " ".join(words).rstrip(",;:.—-") + "…"


@dataclass(frozen=True)
class Describer:
    """Texts from the speech of one source.

    Attributes:
        topics: its sentences and what they are about.
        lexicon: word lists of its language.
        weights: of its words.
    """

    topics: Topics
    lexicon: Lexicon
    weights: dict[str, float]

    def title(self, indices: range) -> str:
        """The clause that stands best for some sentences; their heaviest words if none does."""
        spoken = self._spoken(indices)
        ranked = ranked_clauses(
            spoken, self.topics.central(indices), self.lexicon, TITLE_CHARACTERS, TITLING_CHARACTERS
        )
        return ranked[0][0] if ranked else self._word_title(spoken)

    def hook(self, indices: range, title: str) -> str:
        """The line for the first seconds: the first clause that says more than the title does."""
        spoken = self._spoken(indices)
        for sentence in spoken[:HOOK_SENTENCES]:
            if self.lexicon.leans_back(sentence.texts):
                continue
            for text in clauses(sentence.texts, self.lexicon, HOOK_CHARACTERS):
                if len(text) >= LEAST_CHARACTERS and not _repeats(text, title):
                    return text
        central = self.topics.central(indices)
        ranked = ranked_clauses(spoken, central, self.lexicon, HOOK_CHARACTERS)
        return next((text for text, _ in ranked if not _repeats(text, title)), title)

    def told(self, indices: range, count: int) -> str:
        """The sentences that stand best for some, each about something else, in order."""
        central = self.topics.central(indices)
        ranked = ranked_clauses(
            self._spoken(indices), central, self.lexicon, TOLD_CHARACTERS, TELLING_CHARACTERS
        )
        kept: dict[int, str] = {}
        for text, at in ranked:
            if all(self.topics.alike(indices[at], indices[one]) < SAME_TOPIC for one in kept):
                kept[at] = closed(text)
            if len(kept) == count:
                break
        spoken = self._spoken(indices)
        if spoken and not kept:
            return shorten(spoken[0].text, MAX_TEXT_CHARACTERS)
        return " ".join(kept[at] for at in sorted(kept))

    def chapters(self, duration_ms: int) -> tuple[Chapter, ...]:
        """Parts of the source, each with a title; see `Topics.chapters`."""
        parts = self.topics.chapters(duration_ms)
        starts = [start_ms for start_ms, _ in parts] + [duration_ms]
        return tuple(
            Chapter(in_ms=start_ms, out_ms=end_ms, title=self.title(indices))
            for (start_ms, indices), end_ms in zip(parts, starts[1:], strict=True)
        )

    def clip(self, clip: Clip, candidate: Candidate) -> ClipSummary:
        """The description of one chosen clip."""
        indices = self.topics.speech.within(candidate.span)
        spoken = self._spoken(indices)
        words = [word for sentence in spoken for word in content_words(sentence.text)]
        return ClipSummary(
            id=clip.id,
            title=clip.title,
            hook=self.hook(indices, clip.title) if spoken else "",
            reason=reason_of(candidate, spoken, self.lexicon),
            tags=top_words(self.weights, words, TAGS),
            scores={"total": candidate.score, **candidate.parts},
            summary=self.told(indices, 1),
            description=self.told(indices, 2),
            hashtags=hashtags_of(top_words(self.weights, words, HASHTAGS)),
            layout=layout_of(spoken),
        )

    def _spoken(self, indices: range) -> list[Sentence]:
        return [self.topics.speech.sentences[index] for index in indices]

    def _word_title(self, spoken: Sequence[Sentence]) -> str:
        words = {word for sentence in spoken for word in content_words(sentence.text)}
        title = ""
        for word in top_words(self.weights, sorted(words), 3):
            longer = f"{title}, {word}" if title else word
            if len(longer) <= TITLE_CHARACTERS:
                title = longer
        return title[:1].upper() + title[1:]


def closed(text: str) -> str:
    """A clause with the full stop of its script; Thai, Lao, Burmese and Khmer have none."""
    if text.endswith(SENTENCE_ENDS):
        return text
    if not is_spaceless(text[-1]):
        return f"{text}."
    return f"{text}。" if text[-1] >= CJK else text


def _repeats(hook: str, title: str) -> bool:
    """Whether one of two lines says no more than the other."""
    one, other = sorted((hook.casefold().rstrip("?!"), title.casefold().rstrip("?!")), key=len)
    return one in other


def position_title(clip_in_ms: int) -> str:
    """The title of a clip without speech."""
    return f"At {clock(clip_in_ms)[:8]}"


def reason_of(candidate: Candidate, sentences: Sequence[Sentence], lexicon: Lexicon) -> str:
    """Why it was chosen, from the parts of its score, as one sentence."""
    if not candidate.parts:
        return "Chosen by its place and its sound: it has no speech."
    parts = candidate.parts
    reasons = []
    if "model" in parts:
        reasons.append(f"the language model rates it {1 + parts['model'] * 4 / 1000:.1f} of 5")
    if parts.get("text", 0) > 0:
        reasons.append("its words stand out from the rest of the source")
    if parts.get("wish", 0) > 0:
        reasons.append("it says what --prompt asks for")
    if parts.get("audio", 0) > 0:
        reasons.append("it is louder or livelier than the rest")
    if parts.get("ending", 0) > 0:
        reasons.append("it ends on a strong sentence")
    if sentences and asks(sentences[0], lexicon):
        reasons.append("it opens with a question")
    if not reasons:
        return "The best that does not overlap a better one."
    *others, last = reasons
    return f"Chosen because {', '.join(others)}{' and ' if others else ''}{last}."


def hashtags_of(words: Sequence[str]) -> tuple[str, ...]:
    """Words as hashtags without the `#`: letters, their marks and digits, in order, each once."""
    bare = ("".join(filter(_is_tagged, word)) for word in words)
    return tuple(dict.fromkeys(word for word in bare if any(map(str.isalnum, word))))


def _is_tagged(character: str) -> bool:
    """Whether a hashtag may have a character; vowel signs are parts of letters."""
    is_mark = unicodedata.category(character) in ("Mn", "Mc") and character not in _SELECTORS
    return character.isalnum() or is_mark


def layout_of(sentences: Sequence[Sentence]) -> LayoutHint:
    """What the voices say about the picture; empty where nobody told them apart."""
    voices = Counter(word.speaker for item in sentences for word in item.words if word.speaker)
    if not voices:
        return ""
    total = sum(voices.values())
    heard = sum(10 * count >= VOICE_TENTHS * total for count in voices.values())
    return "conversation" if heard > 1 else "talking-head"
