"""The colours of a word in a state of its line, and the letters of one that is typed. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from steps.caption.styles import Style
from steps.formats import ass
from steps.model.captions import CueWord
from steps.model.phrases import graphemes

SHADOW_ALPHA = 96
"""Of the shadow: 0 is opaque, 255 invisible."""
TYPED_MS = 45
"""At most this long after the letter before comes the next one."""
TYPED_SHARE = 0.7
"""All letters are there after this share of the time in which the word is spoken."""
_HIDDEN = "\\alpha&HFF&"
_VISIBLE = f"\\1a&H00&\\3a&H00&\\4a&H{SHADOW_ALPHA:02X}&"


def word_tags(
    word: CueWord, state_ms: int, style: Style, ink: str, fill_cs: tuple[int, int] = (0, 0)
) -> str:
    """The overrides of a word in the state that begins at `state_ms`.

    Args:
        word: the word.
        state_ms: on the clock of the word.
        style: of the captions.
        ink: the colour of the word while it is not the spoken one.
        fill_cs: when its fill begins and ends, as `fill_cs` gives it.
    """
    if word.translated:
        return f"\\1c{ass.colour(style.text)}"
    is_spoken, is_past = word.in_ms == state_ms, word.out_ms <= state_ms
    special = ink != style.text
    if style.animation == "fill":
        length_cs = fill_cs[1] - fill_cs[0]
        full = ink if special else style.active
        filled = full if is_spoken or is_past else style.upcoming or style.text
        return f"\\kf{length_cs}\\1c{ass.colour(filled)}\\2c{ass.colour(style.text)}"
    upcoming = style.upcoming if word.in_ms > state_ms else ""
    active = ink if style.active == style.text else style.active
    tags = f"\\1c{ass.colour(active if is_spoken else upcoming or ink)}"
    if style.animation == "typewriter" and word.in_ms > state_ms:
        tags += _HIDDEN
    if style.box and style.box_around == "word":  # an outline on the box looks dirty
        edge = (0, 0) if is_spoken else (style.outline_px, style.shadow_px)
        tags += f"\\bord{edge[0]}\\shad{edge[1]}"
    return tags


def fill_cs(word: CueWord, words: Sequence[CueWord], state_ms: int) -> tuple[int, int]:
    """When the fill of a word begins and ends, in centiseconds of a state; 0 of one not spoken.

    Words that are lit together are filled one after the other, by their letters.

    Args:
        word: one of the words.
        words: of the cue.
        state_ms: when the state begins, on their clock.
    """
    lit = [one for one in words if one.in_ms == state_ms and not one.translated]
    place = next((place for place, one in enumerate(lit) if one is word), None)
    if place is None:
        return 0, 0
    whole = sum(len(one.text) for one in lit)
    ends = (sum(len(one.text) for one in lit[:count]) for count in (place, place + 1))
    start, end = ((word.out_ms - word.in_ms) // 10 * done // whole for done in ends)
    return start, end


def typed_letters(
    words: Sequence[CueWord], shown: Sequence[str], state: tuple[int, int]
) -> dict[int, list[str]]:
    """The tags of every character of the spoken words, by the word's place in its line.

    Args:
        words: of the line.
        shown: what each of them shows.
        state: when the state begins and ends, on the clock of the words.
    """
    spoken = [place for place, word in enumerate(words) if word.is_lit(state[0])]
    counts = {place: len(graphemes(shown[place])) for place in spoken}
    most = max(1, sum(counts.values()))
    step_ms = min(TYPED_MS, (state[1] - state[0]) * TYPED_SHARE / most)
    found: dict[int, list[str]] = {}
    at = 0
    for place in spoken:
        found[place] = []
        for number in range(at, at + counts[place]):
            time_ms = round(number * step_ms)
            turn = f"\\t({time_ms},{time_ms + 1},{_VISIBLE})"
            found[place].append(f"{{{_HIDDEN}{turn}}}" if number else f"{{{_VISIBLE}}}")
        at += counts[place]
    return found
