"""Keywords, summary sentences and topics, from the words only."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from steps.highlight.sentences import Sentence
from steps.model.clips import MAX_TAG_CHARACTERS
from steps.model.phrases import bare_word

SAME_TOPIC = 0.35
"""Cosine of two passages' content words at or above which they are about the same thing."""

_STOP = frozenset(
    """a about above after again all almost also always am an and any anyone anything are aren't as
    at away back be became because been before being but by came can can't come could couldn't did
    didn't do does doesn't doing don't done down each else even ever every everyone everything few
    first for from gave get gets getting give go goes going gone gonna good got had has hasn't have
    haven't having he he's her here him his how i i'd i'll i'm i've if in instead into is isn't it
    it's its just kind know last let let's like little lot made make makes many may maybe me mean
    might mine more most much must my never new next no not nothing now of off oh okay on once one
    only or other our out over own part put quite rather really right said same say says see she
    should so some someone something still such sure take tell than that that's the their them then
    there there's these they they're thing things think this those though three through time to told
    too took two under until up us used very want wanted was wasn't way we we'd we'll we're we've
    well went were weren't what what's when where which while who whole whom why will with without
    won't would wouldn't yeah year years yes yet you you'd you'll you're you've your""".split()
)


def content_words(text: str) -> list[str]:
    """The words that carry the subject, in lower case and order."""
    words = (bare_word(word) for word in text.split())
    return [
        word
        for word in words
        if 2 < len(word) <= MAX_TAG_CHARACTERS and word not in _STOP and not word.isdigit()
    ]


def weigh_words(passages: Sequence[str]) -> dict[str, float]:
    """TF-IDF of every content word over the passages of the source."""
    counts = [Counter(content_words(passage)) for passage in passages]
    spread = Counter(word for item in counts for word in item)
    total = Counter[str]()
    for item in counts:
        total.update(item)
    return {
        word: total[word] * math.log(1 + len(passages) / spread[word]) for word in sorted(total)
    }


def top_words(weights: dict[str, float], words: Sequence[str], limit: int) -> tuple[str, ...]:
    """The heaviest distinct words; ties by the alphabet."""
    ranked = sorted(set(words), key=lambda word: (-weights.get(word, 0.0), word))
    return tuple(ranked[:limit])


def sentence_weight(sentence: Sentence, weights: dict[str, float]) -> float:
    """Mean weight of a sentence's content words, damped for very short ones."""
    words = content_words(sentence.text)
    return math.fsum(weights.get(word, 0.0) for word in words) / (len(words) + 3)


def summarise(
    sentences: Sequence[Sentence], weights: dict[str, float], count: int = 3
) -> tuple[Sentence, ...]:
    """The sentences that carry the heaviest words, each different from the last, in order."""
    ranked = sorted(
        range(len(sentences)),
        key=lambda index: (-sentence_weight(sentences[index], weights), index),
    )
    kept: list[int] = []
    for index in ranked:
        text = sentences[index].text
        if all(likeness(text, sentences[other].text) < SAME_TOPIC for other in kept):
            kept.append(index)
        if len(kept) == count:
            break
    return tuple(sentences[index] for index in sorted(kept))


def likeness(a: str, b: str) -> float:
    """Cosine of two texts' content words, 0 to 1."""
    left, right = Counter(content_words(a)), Counter(content_words(b))
    dot = sum(left[word] * right[word] for word in left)
    norm = math.sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return dot / norm if norm else 0.0
