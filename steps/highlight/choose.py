"""From candidates to the plan: the best set, two of a topic at most, and the reason for fewer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from steps.highlight.candidates import Candidate
from steps.highlight.keywords import SAME_TOPIC, likeness
from steps.highlight.schedule import schedule, shortlist

CLIPS_PER_TOPIC = 2


def choose(
    candidates: Sequence[Candidate], count: int, gap_ms: int, text_of: Callable[[Candidate], str]
) -> list[Candidate]:
    """The clips, in order of time.

    Of each topic at most `CLIPS_PER_TOPIC`: while a set has more, the lowest of them is taken out
    and the rest is scheduled again.
    """
    left = shortlist(candidates)
    while True:
        chosen = schedule(left, count, gap_ms)
        surplus = _surplus([(item, text_of(item)) for item in chosen])
        if surplus is None:
            return chosen
        left = [item for item in left if item is not surplus]


def _surplus(chosen: Sequence[tuple[Candidate, str]]) -> Candidate | None:
    """The lowest clip of a topic that has too many, or None."""
    for item, text in sorted(chosen, key=lambda pair: pair[0].rank_key, reverse=True):
        alike = sum(bool(text) and likeness(text, other) >= SAME_TOPIC for _, other in chosen)
        if alike > CLIPS_PER_TOPIC:
            return item
    return None


def too_short(lengths: str) -> str:
    """What to say where only a clip shorter than asked could be made."""
    return f"nothing is as long as asked ({lengths}): the longest passage is taken"


def shortfall(asked: int, found: int, candidates: int, lengths: str, *, short: bool) -> str:
    """Why there are fewer clips than asked; empty when there are as many."""
    if found >= asked:
        return ""
    if candidates == 0:
        return f"no passage of the asked lengths ({lengths}) is in the source"
    if short:
        return too_short(lengths)
    return (
        f"only {found} of the {asked} asked fit: other passages of the asked lengths ({lengths}) "
        "overlap a better one, are too near to it, or repeat its topic"
    )
