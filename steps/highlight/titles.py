"""Whole clauses out of speech: what can stand as a title or a hook by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from steps.highlight.joints import QUESTION_MARKS
from steps.highlight.lexicon import PHRASE_WORDS, Lexicon, stop_words
from steps.highlight.sentences import Sentence
from steps.model.phrases import (
    bare_word,
    ends_clause,
    ends_sentence,
    is_spaceless,
    join,
    split_where,
)

LEAST_CHARACTERS = 16
"""A shorter title tells nothing."""
LEAST_WORDS, VERBLESS_WORDS = 3, 6
"""Of a clause; and of a whole sentence in which no verb is known: most likely it has another."""
USUAL_NAMES = 2
"""Words that name what a good title is about: "I know that you are hungry" has none."""
NO_VERB, LEANS, NAMELESS, PART, SHORT, LATE = 0.5, 0.4, 0.3, 0.25, 0.3, 0.2
"""What a clause loses without a verb that is known, with a pronoun or a greeting at its beginning,
with a pronoun for what it does not name, as a part of a sentence, for being short, and for coming
last."""
CONTRACTION = "'"
"""In a verb of the lists, it joins the subject to it: "I'm", "c'est"."""
DEGREE, DEGREE_WORDS = "so", 3
"""In English and in German: "so hard", at the end of a clause, waits for what follows it."""
_TRAILING = " \t.,;:—–-…。、，；：\"'“”‘’«»()[]"  # noqa: RUF001
_LEADING = " \t.,;:—–-…\"'“”‘’„‚«»()[]"  # noqa: RUF001
_LOW_QUOTES = "„“”"
_QUOTES = (_LOW_QUOTES, "«»", '"')
_PAIRS = (*_QUOTES, "()", "[]")
"""Marks that belong together; “ opens, or closes what „ opens, and » opens or closes."""


def clauses(words: Sequence[str], lexicon: Lexicon, limit: int) -> list[str]:
    """The clauses of a sentence that fit the limit, the whole of it first; each can stand alone."""
    spoken = _without_connectives(without_asides(words, lexicon), lexicon)
    whole = tidy(join(spoken), lexicon)
    if len(whole) <= limit and _is_whole(spoken, lexicon) and not _hangs(spoken, lexicon):
        return [whole]
    pieces = split_where(
        spoken, lambda before, after: ends_clause(before) or _goes_on(after, lexicon)
    )
    found = []
    for start in range(len(pieces)):
        if start and not _may_start(pieces[start - 1], pieces[start], spoken, lexicon):
            continue
        for end in range(len(pieces), start, -1):
            part = _without_connectives(
                [word for piece in pieces[start:end] for word in piece], lexicon
            )
            text = tidy(join(part), lexicon)
            if (
                len(text) <= limit
                and not (end < len(pieces) and _needs(pieces[end - 1], pieces[end], lexicon))
                and _is_whole(part, lexicon)
                and not _hangs(part, lexicon)
                and (not start or bare_word(part[0]) not in lexicon.subordinators)
                and (start or _has_main_clause(pieces[:end], lexicon))
            ):
                found.append(text)
                break
    return found


def _hangs(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether words are only a condition: "When you push a child", one verb, no comma.

    So is "She told me that when I was ten": what "that" is was said before, or is never said.
    """
    for at, (one, other) in enumerate(pairwise(words)):
        points = bare_word(one) in lexicon.demonstratives and bare_word(other) in lexicon.conditions
        if points and not any(map(ends_clause, words[at:-1])):
            return True
    if bare_word(words[0]) not in lexicon.conditions or words[-1].endswith(QUESTION_MARKS):
        return False
    verbs = sum(_is_sure_verb(word, lexicon) for word in words)
    return verbs < 2 and not any(map(ends_clause, words[:-1]))


def _may_start(
    before: Sequence[str], piece: Sequence[str], sentence: Sequence[str], lexicon: Lexicon
) -> bool:
    """Whether a clause may begin with a piece: after a comma, or after "and" with a subject.

    It has a verb, not as its first word: "Really calm, he goes" and "Number nineteen, Maya Reyes,
    is sixteen" are not two clauses each.
    """
    if lexicon.verbs and not any(map(lexicon.is_verb, piece)):
        return False
    opening = bare_word(piece[0])
    if opening in lexicon.verbs and CONTRACTION not in opening:
        return False
    if ends_clause(before[-1]):
        return True
    subject = next((bare_word(word) for word in piece if not lexicon.is_connective(word)), "")
    has_subject = subject in stop_words() and subject not in lexicon.verbs
    return has_subject and bare_word(sentence[0]) not in lexicon.subordinators


def _needs(piece: Sequence[str], following: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a piece is not complete without the next.

    So is "the rope" without "that broke", and "the optical" without "and science segment": what
    follows a connective is a clause of its own only where it has a verb.
    """
    opening = bare_word(following[0])
    if lexicon.is_saying(piece[-1]):
        return True
    if lexicon.is_connective(following[0]) and lexicon.verbs and not ends_clause(piece[-1]):
        return not any(_is_sure_verb(word, lexicon) for word in following)
    explains = opening in lexicon.reasons and lexicon.is_connective(opening)
    restricts = opening in lexicon.subordinators and not explains
    if restricts and DEGREE in map(bare_word, piece[-DEGREE_WORDS:]):
        return True
    return restricts and not ends_clause(piece[-1])


def _is_sure_verb(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is a verb, and not a name with a possessive 's."""
    bare = bare_word(word)
    return bare in lexicon.verbs or ("'" not in bare and lexicon.is_verb(word))


def ranked_clauses(
    spoken: Sequence[Sentence],
    central: Sequence[float],
    lexicon: Lexicon,
    limit: int,
    usual: int = LEAST_CHARACTERS,
) -> list[tuple[str, int]]:
    """The clauses of a passage that fit the limit, the one that stands best for it first.

    Args:
        spoken: the sentences of the passage.
        central: how well each sentence stands for the passage.
        lexicon: of the language.
        limit: in characters.
        usual: a clause of fewer characters loses.

    Returns:
        Each clause with the index of its sentence.
    """
    rated: dict[str, tuple[float, int]] = {}
    for at, (sentence, middle) in enumerate(zip(spoken, central, strict=True)):
        words = sentence.texts
        for text in clauses(words, lexicon, limit):
            loss = _loss(text, lexicon) + SHORT * (len(text) < usual) + LATE * at / len(spoken)
            loss += PART * (len(text.split()) < len(words) - 1)
            if text not in rated:
                rated[text] = (round(loss - middle, 3), at)
    return [(text, rated[text][1]) for text in sorted(rated, key=lambda text: (rated[text], text))]


def _loss(text: str, lexicon: Lexicon) -> float:
    words = text.split()
    loss = NO_VERB * (not any(lexicon.is_verb(word) for word in words))
    loss += LEANS * (lexicon.leans_back(words) or lexicon.greets(words) or lexicon.pitches(words))
    loss += NAMELESS * lexicon.nameless(words)
    named = len({bare_word(word) for word in words if lexicon.names(word)})
    return loss + SHORT * max(0.0, 1 - named / USUAL_NAMES)


def tidy(text: str, lexicon: Lexicon) -> str:
    """A clause as a headline: capital, no marks around it but "?" and "!"."""
    text = bared(text, _LEADING, _TRAILING)
    if "i'm" in lexicon.first:
        text = re.sub(r"\bi(?=['’]|\b)(?![.-])", "I", text)
    return text[:1].upper() + text[1:]


def bared(text: str, leading: str, trailing: str) -> str:
    """A text without some marks around it.

    What is quoted at its end keeps its mark: `The film “Dune”`; half a quotation has none.
    """
    text = text.lstrip(leading)
    tail = text[len(text.rstrip(trailing)) :]
    text = text[: len(text) - len(tail)]
    for at, mark in enumerate(tail):
        marks = next((pair for pair in _PAIRS if mark in pair), "")
        if marks and _is_half(text, marks) and not _is_half(text + mark, marks):
            text += f" {mark}" if tail[:at].endswith(" ") else mark
    for marks in _QUOTES:
        if _is_half(text, marks):
            text = " ".join(re.sub(f"[{marks}]", "", text).split())
    return text


def _is_half(text: str, marks: str) -> bool:
    """Whether one of some marks that belong together is missing."""
    first, *others = map(text.count, marks)
    if not others:
        return first % 2 == 1
    if marks == _LOW_QUOTES and not first:
        return others[0] != others[1]
    return first != sum(others)


def without_asides(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    """A sentence without hesitations ("um"), asides (", like,") and false starts ("he's, he's")."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        size = _aside_at(words, at, lexicon) if not kept or ends_clause(kept[-1]) else 0
        if size or bare_word(words[at]) in lexicon.hesitations:
            at += max(1, size)
            continue
        for size in (1, 2):
            if _begins_again(kept[-size:], words[at], lexicon):
                del kept[-size:]
        kept.append(words[at])
        at += 1
    return kept or list(words)


def _begins_again(kept: Sequence[str], word: str, lexicon: Lexicon) -> bool:
    """Whether a word takes up what the last began with: "I'll just, I'll", not "I came, I"."""
    subjects = lexicon.pronouns | lexicon.first | lexicon.articles
    if not kept or bare_word(kept[0]) != bare_word(word) or bare_word(word) not in subjects:
        return False
    return ends_clause(kept[-1]) and not any(bare_word(one) in lexicon.verbs for one in kept[1:])


def _aside_at(words: Sequence[str], at: int, lexicon: Lexicon) -> int:
    """How many words from here on are an aside that a comma ends; 0 for none."""
    for size in range(1, PHRASE_WORDS + 1):
        run = words[at : at + size]
        if at + size < len(words) and ends_clause(run[-1]):
            return size if "_".join(map(bare_word, run)) in lexicon.asides else 0
    return 0


def _without_connectives(words: list[str], lexicon: Lexicon) -> list[str]:
    at = 0
    while at < len(words) - 1 and (
        lexicon.is_connective(words[at])
        or (bare_word(words[at]) in lexicon.fillers and not lexicon.is_verb(words[at + 1]))
        or (bare_word(words[at]) in lexicon.replies and ends_clause(words[at]))
    ):
        at += 1
    if any(bare_word(word) in lexicon.verb_last for word in words[:at]):
        return words
    if at and bare_word(words[at - 1]) in lexicon.inverting and lexicon.is_verb(words[at]):
        at -= 1
    return words[at:]


def _goes_on(word: str, lexicon: Lexicon) -> bool:
    return lexicon.is_connective(word) or bare_word(word) in lexicon.subordinators


def _has_main_clause(pieces: Sequence[Sequence[str]], lexicon: Lexicon) -> bool:
    """Whether the beginning of a sentence is more than "When the rope broke"."""
    articles = lexicon.demonstratives
    opens = lexicon.subordinators - articles
    if bare_word(pieces[0][0]) not in opens:
        return True
    return any(
        ends_clause(before[-1]) and not _goes_on(piece[0], lexicon)
        for before, piece in pairwise(pieces)
    )


def _is_whole(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether words, without connectives before them, can stand by themselves."""
    if not words or lexicon.is_connective(words[0]):
        return False
    if is_spaceless(words[0][0]):
        return True
    if len(words) < LEAST_WORDS or bare_word(words[-1]) in lexicon.loose:
        return False
    if not lexicon.verbs or any(lexicon.is_verb(word) for word in words):
        return True
    return ends_sentence(words[-1]) and len(words) >= VERBLESS_WORDS
