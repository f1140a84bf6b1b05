"""Which sentences belong together: what a clip may not begin with, and not end with. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from steps.highlight.lexicon import Lexicon, stop_words
from steps.highlight.sentences import Sentence
from steps.model.phrases import CLOSERS, bare_word, ends_sentence

QUESTION_MARKS = ("?", "？", "؟")
READ_MS = 30_000
"""A sponsor's message goes on as long as it speaks of the sponsor again within this time."""
_ADDRESS = re.compile(r"\w\.(com|org|net|tv|io|co|de|fr|es|it|pt|br|uk)\b|\w/\w", re.IGNORECASE)


@dataclass(frozen=True)
class Joints:
    """How each sentence of a source is joined to its neighbours.

    Attributes:
        leans: it needs the one before it, or says what was said in reply to it.
        opens: its point is in the next one.
        sells: it asks for subscribers or is of a sponsor's message.
        frames: it greets, introduces a guest or sells: no clip begins with it.
        closes: it introduces a guest, sells, or is of the source's goodbye: no clip ends with it. A
            greeting before that is part of what is told: "She listens to everything. Hello, Mum."
    """

    leans: Sequence[bool]
    opens: Sequence[bool]
    sells: Sequence[bool]
    frames: Sequence[bool]
    closes: Sequence[bool]

    @classmethod
    def of(cls, sentences: Sequence[Sentence], lexicon: Lexicon) -> Joints:
        """The joints of a source's sentences."""
        sells = _sold(sentences, lexicon)
        greets = [lexicon.greets(item.texts) for item in sentences]
        hosts = [lexicon.introduces(item.texts) for item in sentences]
        closes = [sold or host for sold, host in zip(sells, hosts, strict=True)]
        for at in range(len(sentences) - 1, -1, -1):
            if not closes[at] and not greets[at]:
                break
            closes[at] = True
        return cls(
            leans=[
                lexicon.leans_back(item.texts) or _retorts(sentences, at, lexicon)
                for at, item in enumerate(sentences)
            ],
            opens=_left_open(sentences, lexicon),
            sells=sells,
            frames=[any(kinds) for kinds in zip(sells, greets, hosts, strict=True)],
            closes=closes,
        )


def asks(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether a sentence is a question: by its mark, or by its words where it has none."""
    last = sentence.words[-1].text
    if ends_sentence(last):
        return last.rstrip(CLOSERS).endswith(QUESTION_MARKS)
    return lexicon.asks(sentence.texts)


def _sold(sentences: Sequence[Sentence], lexicon: Lexicon) -> list[bool]:
    """Whether each sentence asks for subscribers or is of a sponsor's message.

    The message begins where a sponsor is spoken of, and goes on to the last sentence that speaks of
    it again: by the same words, by its name, or with an address.
    """
    found = [lexicon.pitches(item.texts) for item in sentences]
    spoken_of = [lexicon.sponsors(item.texts) for item in sentences]
    for at, sentence in enumerate(sentences):
        if not spoken_of[at]:
            continue
        names, last = _names(sentence, lexicon), at
        for later in range(at + 1, len(sentences)):
            item = sentences[later]
            if item.in_ms - sentences[last].out_ms > READ_MS:
                break
            named = not names.isdisjoint(map(bare_word, item.texts))
            if spoken_of[later] or named or any(map(_ADDRESS.search, item.texts)):
                found[last : later + 1] = [True] * (later + 1 - last)
                last = later
    return found


def _names(sentence: Sentence, lexicon: Lexicon) -> set[str]:
    """The words of a sentence with a capital, where only names have one."""
    if lexicon.capitals:
        return set()
    words = [text for text in sentence.texts[1:] if text[:1].isupper()]
    return {bare_word(text) for text in words} - stop_words()


def _left_open(sentences: Sequence[Sentence], lexicon: Lexicon) -> list[bool]:
    """Whether the point of each sentence is in the next one.

    So it is after a question; after the first sentence of an answer, if it is a scrap ("Once.") or
    another voice than the asker's and that voice goes on; and where somebody's reply follows
    ("She said, you left the light on. I said, I never turned it off.").
    """
    return [
        asks(item, lexicon)
        or _begins_an_answer(sentences, at, lexicon)
        or _retorts(sentences, at + 1, lexicon)
        for at, item in enumerate(sentences)
    ]


def _retorts(sentences: Sequence[Sentence], at: int, lexicon: Lexicon) -> bool:
    """Whether a sentence tells a reply to what the sentence before it reports."""
    if not 0 < at < len(sentences):
        return False
    reported = any(map(lexicon.is_saying, sentences[at - 1].texts))
    return reported and lexicon.reports(sentences[at].texts)


def _begins_an_answer(sentences: Sequence[Sentence], at: int, lexicon: Lexicon) -> bool:
    if not 0 < at < len(sentences) - 1 or not asks(sentences[at - 1], lexicon):
        return False
    asker, own, following = (sentences[one].words[0].speaker for one in (at - 1, at, at + 1))
    if following != own:
        return False
    return asker != own or lexicon.is_scrap(sentences[at].texts)
