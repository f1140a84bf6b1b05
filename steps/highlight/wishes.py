"""What the user wants to hear, or not: words that lift a passage, times that are left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from steps.highlight.candidates import Candidate
from steps.highlight.keywords import content_words
from steps.highlight.scoring import squashed
from steps.highlight.sentences import Sentence
from steps.model.moderation import Moderation
from steps.model.time_ranges import parse_spans
from steps.model.timing import MAX_MS, Span

WISH_WEIGHT, AVOID_WEIGHT = 240, 360
"""Thousandths for a passage that has all words of --prompt, or one of --avoid: two deviations of
the text score, and three."""
ASKING = frozenset(
    "prefer please clips clip moments moment parts stories story avoid where somebody".split()
)
"""Words of a request that are not its subject."""
MODERATED = "moderation found something in it"
LEAST_STEM = 3
_ENDINGS = tuple(
    """ations ation ungen ments ment ness ings ions ies ing ion ung ers ern est ed es er en em ly os
    as y s e a o i""".split()
)
"""Of words in English, German and Romance languages, the longest first."""


def stem(word: str) -> str:
    """A word without its ending: `stories` and `story` give the same, as do `Brote` and `Brot`."""
    bare = word.removesuffix("'s")
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= LEAST_STEM:
            bare = bare[: -len(ending)]
            break
    doubled = len(bare) > LEAST_STEM and bare[-1] == bare[-2] and bare[-1] not in "aeiouls"
    return bare[:-1] if doubled else bare


def stems(text: str) -> frozenset[str]:
    """The stems of the words that carry the subject."""
    return frozenset(stem(word) for word in content_words(text) if word not in ASKING)


@dataclass(frozen=True)
class Wishes:
    """The words that a passage should have, and should not.

    Attributes:
        wanted: stems of --prompt.
        unwanted: stems of --avoid.
        said: the stems of each sentence of the source that are one or the other.
    """

    wanted: frozenset[str]
    unwanted: frozenset[str]
    said: Sequence[frozenset[str]]

    @classmethod
    def of(cls, prompt: str, avoid: str, sentences: Sequence[Sentence]) -> Wishes:
        """Look for the words of --prompt and --avoid in the sentences."""
        wanted, unwanted = stems(prompt), stems(avoid)
        both = wanted | unwanted
        return cls(
            wanted, unwanted, [both & stems(item.text) for item in sentences] if both else []
        )

    def unheard(self) -> list[str]:
        """The options none of whose words is said in the source."""
        heard = frozenset[str]().union(*self.said)
        options = {"--prompt": self.wanted, "--avoid": self.unwanted}
        return [name for name, words in options.items() if words and not words & heard]

    def applied(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates, those with the words lifted or lowered."""
        if not self.said:
            return list(candidates)
        return [self._moved(item) for item in candidates]

    def _moved(self, item: Candidate) -> Candidate:
        said = frozenset[str]().union(*self.said[item.first : item.last + 1])
        wish = WISH_WEIGHT * len(said & self.wanted) // max(1, len(self.wanted))
        wish -= AVOID_WEIGHT * bool(said & self.unwanted)
        if not wish:
            return item
        parts = {**item.parts, "wish": wish}
        return replace(item, score=squashed(sum(parts.values())), parts=parts)


@dataclass(frozen=True)
class Allowed:
    """The times in which clips may lie.

    Attributes:
        ranges: a clip lies inside one of them; empty: anywhere.
        excluded: no clip touches one of them.
        found_ms: moments in which moderation found something, in order.
    """

    ranges: Sequence[Span]
    excluded: Sequence[Span]
    found_ms: Sequence[int]

    @classmethod
    def of(
        cls, within: str, exclude: str, duration_ms: int, moderation: Moderation | None
    ) -> Allowed:
        """Read --range and --exclude.

        Raises:
            BadInput: one of them is malformed, or --range begins after the source's end.
        """
        found = sorted(
            item.time_ms
            for item in (moderation.findings if moderation else ())
            if item.action != "blur"
        )
        return cls(
            parse_spans(within, duration_ms, "--range", MAX_MS) if within else [],
            parse_spans(exclude, MAX_MS, "--exclude") if exclude else [],
            found,
        )

    def why_not(self, span: Span) -> str:
        """Why a clip may not lie there; an empty text if it may."""
        found_ms = self.found_ms
        if bisect_left(found_ms, span.in_ms) != bisect_left(found_ms, span.out_ms):
            return MODERATED
        if self.ranges and not any(
            one.in_ms <= span.in_ms and span.out_ms <= one.out_ms for one in self.ranges
        ):
            return "is outside --range"
        if any(one.overlap_ms(span) for one in self.excluded):
            return "is in a time that --exclude names"
        return ""
