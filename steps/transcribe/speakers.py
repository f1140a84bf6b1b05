"""Who says each word. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from steps.model.channels import STEP_MS, Channels
from steps.model.transcript import Word
from steps.transcribe.engines.protocol import VoiceTurn

CLEARLY = 2.0
"""A channel is the louder one by this ratio of power, 3 dB."""


def assign(words: Sequence[Word], turns: Sequence[VoiceTurn]) -> tuple[Word, ...]:
    """Words with `speaker_1`, `speaker_2`, ... in order of appearance.

    A word belongs to the voice that has most of its time, or to the nearest turn.

    Args:
        words: in order.
        turns: in order, not overlapping; at least one.
    """
    ins = [turn.span.in_ms for turn in turns]
    outs = [turn.span.out_ms for turn in turns]
    names: dict[int, str] = {}
    found = []
    for word in words:
        shares: Counter[int] = Counter()
        for turn in turns[bisect_right(outs, word.in_ms) : bisect_left(ins, word.out_ms)]:
            shares[turn.voice] += turn.span.clamp(word).duration_ms
        voice = shares.most_common(1)[0][0] if shares else _nearest(word, turns, ins)
        name = names.setdefault(voice, f"speaker_{len(names) + 1}")
        found.append(word.model_copy(update={"speaker": name}))
    return tuple(found)


def named(words: Sequence[Word], speakers: Sequence[str]) -> tuple[Word, ...]:
    """Words with `speaker_1`.. in order of appearance, for the names that their origin states.

    Args:
        words: in order.
        speakers: who says each of them; empty where nobody knows.
    """
    order = list(dict.fromkeys(filter(None, speakers)))
    numbers = {name: f"speaker_{place}" for place, name in enumerate(order, start=1)}
    return tuple(
        word.model_copy(update={"speaker": numbers.get(name, "")})
        for word, name in zip(words, speakers, strict=True)
    )


def by_channel(words: Sequence[Word], channels: Channels) -> tuple[Word, ...]:
    """Words with the speaker of the channel that is the louder one while they are said.

    Where both are about as loud, the word belongs to whoever said the one before.
    """
    sides: list[str] = []
    for word in words:
        steps = range(word.in_ms // STEP_MS, min(-(-word.out_ms // STEP_MS), len(channels.left)))
        left, right = (
            sum(10 ** (side[step] / 10) for step in steps)
            for side in (channels.left, channels.right)
        )
        if sides and max(left, right) < CLEARLY * min(left, right):
            sides.append(sides[-1])
        else:
            sides.append("left" if left >= right else "right")
    return named(words, sides)


def _nearest(word: Word, turns: Sequence[VoiceTurn], ins: Sequence[int]) -> int:
    """The voice of the turn next to a word that lies between two."""
    after = min(bisect_left(ins, word.in_ms), len(turns) - 1)
    before = max(0, after - 1)
    distances = [
        (max(turns[at].span.in_ms - word.out_ms, word.in_ms - turns[at].span.out_ms), at)
        for at in (before, after)
    ]
    return turns[min(distances)[1]].voice
