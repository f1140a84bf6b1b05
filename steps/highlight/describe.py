"""Words for a clip: title, hook, reason and tags, all taken from its speech."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from steps.highlight.candidates import EDGE_BONUS, Candidate
from steps.highlight.keywords import content_words, sentence_weight, summarise, top_words
from steps.highlight.sentences import Sentence
from steps.model.clips import MAX_TEXT_CHARACTERS, Clip, ClipSummary, LayoutHint
from steps.model.phrases import ends_sentence
from steps.model.timing import clock

TITLE_CHARACTERS = 60
HOOK_CHARACTERS = 120
TAGS = 5
HASHTAGS = 4
VOICE_TENTHS = 2
"""A voice with this share of a clip's words takes part in a conversation."""

_LEADING = frozenset("and but so or because then well okay yeah um uh".split())
_LOOSE = frozenset("a an the of to in on at for and or but with by from is are was be as".split())


def shorten(text: str, limit: int) -> str:
    """Whole words up to `limit` characters, with … if cut, and no loose word at the end."""
    if len(text) <= limit:
        return text
    words = text[: limit - 1].rsplit(" ", 1)[0].split() or [text[: limit - 1]]
    while len(words) > 1 and words[-1].strip(",;:").lower() in _LOOSE:
        words.pop()
    return " ".join(words).rstrip(",;:—-") + "…"


def title_of(sentences: Sequence[Sentence], weights: dict[str, float]) -> str:
    """The sentence that carries the most, early ones preferred, as a headline."""
    best = max(
        range(len(sentences)),
        key=lambda index: (sentence_weight(sentences[index], weights) / (1 + index / 4), -index),
    )
    words = sentences[best].text.split()
    while len(words) > 3 and words[0].strip(",").lower() in _LEADING:
        words.pop(0)
    text = " ".join(words)
    text = text[:1].upper() + text[1:]
    return shorten(text.rstrip(".,;:"), TITLE_CHARACTERS)


def position_title(clip_in_ms: int) -> str:
    """The title of a clip without speech."""
    return f"At {clock(clip_in_ms)[:8]}"


def reason_of(candidate: Candidate, sentences: Sequence[Sentence]) -> str:
    """Why it was chosen, from the parts of its score."""
    if not candidate.parts:
        return "chosen by its place and its sound: it has no speech"
    reasons = []
    if "model" in candidate.parts:
        reasons.append(
            f"the language model rates it {1 + candidate.parts['model'] * 4 / 1000:.1f} of 5"
        )
    if candidate.parts["text"] > 0:
        reasons.append("its wording stands out from the rest of the source")
    if candidate.parts["audio"] > 0:
        reasons.append("it is spoken louder or livelier than the rest")
    if candidate.parts["edges"] == 2 * EDGE_BONUS:
        reasons.append("it begins and ends with a pause")
    if sentences and sentences[0].text.endswith("?"):
        reasons.append("it opens with a question")
    return "; ".join(reasons) or "the best that does not overlap a better one"


def summary_of(
    clip: Clip,
    candidate: Candidate,
    sentences: Sequence[Sentence],
    weights: dict[str, float],
) -> ClipSummary:
    """The description of one chosen clip; its opening words are the hook."""
    words = [word for sentence in sentences for word in content_words(sentence.text)]
    return ClipSummary(
        id=clip.id,
        title=clip.title,
        hook=shorten(_opening(sentences), HOOK_CHARACTERS),
        reason=reason_of(candidate, sentences),
        tags=top_words(weights, words, TAGS),
        scores={"total": candidate.score, **candidate.parts},
        summary=_told(sentences, weights, 1),
        description=_told(sentences, weights, 2),
        hashtags=hashtags_of(top_words(weights, words, HASHTAGS)),
        layout=layout_of(sentences),
    )


def _told(sentences: Sequence[Sentence], weights: dict[str, float], count: int) -> str:
    heaviest = summarise(sentences, weights, count)
    return shorten(" ".join(sentence.text for sentence in heaviest), MAX_TEXT_CHARACTERS)


def hashtags_of(words: Sequence[str]) -> tuple[str, ...]:
    """Words as hashtags without the `#`: letters and digits only, in order, each once."""
    bare = ("".join(letter for letter in word if letter.isalnum()) for word in words)
    return tuple(dict.fromkeys(word for word in bare if word))


def layout_of(sentences: Sequence[Sentence]) -> LayoutHint:
    """What the voices say about the picture; empty where nobody told them apart."""
    voices = Counter(word.speaker for item in sentences for word in item.words if word.speaker)
    if not voices:
        return ""
    total = sum(voices.values())
    heard = sum(10 * count >= VOICE_TENTHS * total for count in voices.values())
    return "conversation" if heard > 1 else "talking-head"


def _opening(sentences: Sequence[Sentence]) -> str:
    """The first sentence, with the next when it is very short."""
    if not sentences:
        return ""
    first = sentences[0].text
    if len(first) < HOOK_CHARACTERS // 4 and len(sentences) > 1 and ends_sentence(first):
        return f"{first} {sentences[1].text}"
    return first
