"""Guards against words that nobody said: recognisers invent some in silence and in noise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from steps.model.phrases import bare_word, split_where
from steps.model.timing import Span
from steps.model.transcript import Dropped
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.word_times import RawWord

SILENCE_MS = 500
"""Nobody said a word that has no voice this near to it."""
LONGEST_LOOP_WORDS = 8
MOST_REPEATS = {1: 6}
MOST_REPEATS_OF_PHRASES = 4
"""People say "no" six times in a row, and hardly a phrase more than four times."""
PHRASE_PAUSE_MS = 600
"""Words with a shorter pause between them are one phrase, and are judged together."""
LEAST_CONFIDENCE = 250
"""Mean over a phrase, in thousandths."""
DOUBTFUL_CONFIDENCE = 500
MOST_DOUBTFUL_SHARE = 0.25
"""Share of words that are dropped or under DOUBTFUL_CONFIDENCE. tiny.en: 0 to 0.07 in English of
two real and three synthetic voices; 0.33 to 0.80 in German, Spanish, French and Polish (espeak)."""
HALF = 0.5
"""From this share of unsure words on, captions show more invented words than heard ones."""


@dataclass
class Guarded:
    """The words that stay, and those that do not."""

    words: list[RawWord]
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, guard: str, refuse: Callable[[list[RawWord]], Iterable[int]]) -> None:
        """Take out the words whose positions a guard names."""
        positions = set(refuse(self.words))
        for position in sorted(positions):
            word = self.words[position]
            span = word.span
            self.dropped.append(
                Dropped(in_ms=span.in_ms, out_ms=span.out_ms, text=word.text, guard=guard)
            )
        self.words = [word for at, word in enumerate(self.words) if at not in positions]


def guard(raw: Sequence[RawWord], activity: VoiceActivity, duration_ms: int) -> Guarded:
    """Apply every guard; all words have times."""
    guarded = Guarded(list(raw))
    guarded.drop("outside", lambda words: outside(words, duration_ms))
    guarded.drop("silence", lambda words: in_silence(words, activity))
    guarded.drop("repetition", loops)
    guarded.drop("confidence", unsure)
    guarded.dropped.sort(key=lambda item: (item.in_ms, item.out_ms))
    return guarded


def doubtful(guarded: Guarded, most: float = MOST_DOUBTFUL_SHARE) -> bool:
    """Whether so much is unsure that it may be noise, or not in the recogniser's language.

    Args:
        guarded: the words.
        most: the share of unsure words that is still usual.
    """
    weak = sum(word.confidence < DOUBTFUL_CONFIDENCE for word in guarded.words)
    invented = sum(item.guard != "outside" for item in guarded.dropped)
    total = len(guarded.words) + invented
    return weak + invented > most * total


def outside(words: Sequence[RawWord], duration_ms: int) -> Iterable[int]:
    """Words that start after the end of the source."""
    return (at for at, word in enumerate(words) if word.span.in_ms >= duration_ms)


def in_silence(words: Sequence[RawWord], activity: VoiceActivity) -> Iterable[int]:
    """Words with no voice within SILENCE_MS."""
    for at, word in enumerate(words):
        span = word.span
        near = Span(in_ms=max(0, span.in_ms - SILENCE_MS), out_ms=span.out_ms + SILENCE_MS)
        if not activity.voice_ms(near):
            yield at


def loops(words: Sequence[RawWord]) -> Iterable[int]:
    """All but the first of a phrase that comes more often in a row than people repeat themselves.

    Phrases have one to LONGEST_LOOP_WORDS words, compared without case and punctuation.
    """
    texts = [bare_word(word.text) or word.text for word in words]
    at = 0
    while at < len(texts):
        for length in range(1, LONGEST_LOOP_WORDS + 1):
            repeats = _repeats(texts, at, length)
            if repeats > MOST_REPEATS.get(length, MOST_REPEATS_OF_PHRASES):
                yield from range(at + length, at + length * repeats)
                at += length * repeats
                break
        else:
            at += 1


def unsure(words: Sequence[RawWord]) -> Iterable[int]:
    """Phrases with a mean confidence under LEAST_CONFIDENCE."""

    def parts(before: int, after: int) -> bool:
        return words[after].span.in_ms - words[before].span.out_ms >= PHRASE_PAUSE_MS

    for phrase in split_where(range(len(words)), parts):
        mean = sum(words[at].confidence for at in phrase) / len(phrase)
        if mean < LEAST_CONFIDENCE:
            yield from phrase


def _repeats(texts: Sequence[str], at: int, length: int) -> int:
    """How often in a row the phrase of `length` texts at `at` occurs."""
    phrase = texts[at : at + length]
    repeats = 1
    while texts[at + repeats * length : at + (repeats + 1) * length] == phrase:
        repeats += 1
    return repeats
