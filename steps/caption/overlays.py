"""What stands beside the cues: the clip's hook on a card, and a bar of its progress. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import pysubs2

from steps.caption.layout import WORDS, drawn, render_ass
from steps.caption.segments import segments
from steps.caption.text import clean, is_right_to_left
from steps.caption.typesetting import CAPITAL, Typesetter
from steps.formats import ass
from steps.model.captions import Cue
from steps.model.geometry import Size
from steps.model.phrases import join

HOOK_SIZES_PX = (68, 60, 52, 44)
HOOK_LINES = 3
OVERLAP = 0.08
"""By how much the cards of two lines cover each other, in ems."""
HOOK_WORDS = 18
"""Words of a hook that are kept; nobody reads more in a few seconds."""
PAD_X = 0.32
PAD_Y = 0.36
"""How far a card reaches over its text, in ems."""
FADE_MS = 200
TITLE_MS = 3000
"""A thumbnail is drawn in the middle of this time, when nothing fades."""
BAR_PX = 12
PERCENT = {"top": 0, "middle": 50, "bottom": 100}
"""Positions as heights in the box."""
BAR = "bar"
"""The name of its event: at the edge on purpose, so not held to the safe box."""
ELLIPSIS = "…"
_CARD_LAYER, _TEXT_LAYER, _EMOJI_LAYER, _BAR_LAYER = 3, 4, 5, 6


def overlays(
    hook: str, duration_ms: int, typesetter: Typesetter, cues: Sequence[Cue] = (), in_ms: int = 0
) -> list[pysubs2.SSAEvent]:
    """The events of a clip's hook and bar, as far as the style wants them.

    Args:
        hook: of the clip; may be empty.
        duration_ms: of the clip.
        typesetter: of its captions.
        cues: of the clip; the hook keeps away from those that it is on screen with.
        in_ms: where the clip begins on the clock of the cues.
    """
    found: list[pysubs2.SSAEvent] = []
    style = typesetter.style
    if style.hook_s and clean(hook):
        plain = style.model_copy(update={"uppercase": False, "letter_spacing_px": 0})
        until_ms = min(1000 * style.hook_s, duration_ms)
        beside = [cue for cue in cues if cue.in_ms < in_ms + until_ms]
        low = _are_high(beside, style.position)
        found += _card(hook, until_ms, replace(typesetter, style=plain), low=low)
    if style.progress:
        found.append(_bar(style.progress, duration_ms, typesetter.canvas.units))
    return found


def title_cards(title: str, typesetter: Typesetter) -> tuple[str, ...]:
    """Scripts that draw a title on a card at the top of the safe box, and at its bottom."""
    if not clean(title):
        return ()
    style = typesetter.style.model_copy(update={"uppercase": False, "letter_spacing_px": 0})
    there = replace(typesetter, style=style)
    return tuple(
        render_ass((), 0, there, list(_card(title, TITLE_MS, there, low=low)))
        for low in (False, True)
    )


def hook_lines(hook: str, typesetter: Typesetter) -> tuple[list[str], int]:
    """The lines of a hook and their size: the largest at which it fits into HOOK_LINES.

    One that never fits is cut at a word, with an ellipsis.
    """
    room = typesetter.room_px
    words = [part for word in hook.split() for part in segments(clean(word)) if part]
    kept = words[:HOOK_WORDS]
    for size_px in HOOK_SIZES_PX:
        width = room - 2 * PAD_X * size_px
        for count in range(1, min(HOOK_LINES, len(kept)) + 1):
            lines, widest = _evened(kept, count, size_px, typesetter)
            if widest <= width and len(kept) == len(words):
                return lines, size_px
    size_px = HOOK_SIZES_PX[-1]
    while len(kept) > 1:
        kept = kept[:-1]
        short = [*kept[:-1], kept[-1].rstrip(".,;:") + ELLIPSIS]
        lines, widest = _evened(short, min(HOOK_LINES, len(short)), size_px, typesetter)
        if widest <= room - 2 * PAD_X * size_px:
            return lines, size_px
    fitting = typesetter.width_px(kept[0], size_px)
    return [kept[0]], max(1, int(size_px * min(1.0, (room - 2 * PAD_X * size_px) / fitting)))


def _evened(
    words: Sequence[str], count: int, size_px: int, typesetter: Typesetter
) -> tuple[list[str], float]:
    """Words in so many lines, the widest of them as narrow as can be, and its width."""
    best: tuple[float, list[str]] | None = None
    for inner in combinations(range(1, len(words)), count - 1):
        edges = pairwise((0, *inner, len(words)))
        lines = [join(words[start:end]) for start, end in edges]
        widest = max(typesetter.width_px(line, size_px) for line in lines)
        if best is None or widest < best[0]:
            best = widest, lines
    assert best is not None
    return best[1], best[0]


def _are_high(cues: Sequence[Cue], position: str | int) -> bool:
    """Whether most of the captions are in the upper half of the box."""
    usual = PERCENT.get(position, 100) if isinstance(position, str) else position
    heights = [usual if cue.height is None else cue.height for cue in cues] or [usual]
    return 2 * sum(height < PERCENT["middle"] for height in heights) > len(heights)


def _card(
    hook: str, until_ms: int, typesetter: Typesetter, *, low: bool
) -> Iterator[pysubs2.SSAEvent]:
    """Two events for each line: its part of the card, and its text."""
    style, box = typesetter.style, typesetter.box
    lines, size_px = hook_lines(hook, typesetter)
    centre = typesetter.middle_px
    above = round((CAPITAL + PAD_Y) * size_px)
    below = round(PAD_Y * size_px)
    pitch = above + below - round(OVERLAP * size_px)
    first = box.bottom_px - below - (len(lines) - 1) * pitch if low else box.y_px + above
    fade = f"\\fad({FADE_MS},{FADE_MS})\\bord0\\shad0"
    for place, line in enumerate(lines):
        baseline = first + place * pitch
        width = round(typesetter.width_px(line, size_px) + 2 * PAD_X * size_px)
        card = ass.rounded_rectangle(width, above + below, round(0.3 * size_px))
        left = centre - width // 2
        tags = f"\\an7\\pos({left},{baseline - above}){fade}\\1c{ass.colour(style.hook_box)}\\p1"
        yield _event(until_ms, f"{{{tags}}}{card}", _CARD_LAYER)
        shown = typesetter.shown(line)
        y = typesetter.anchor_px(baseline, size_px, shown)
        head = f"\\pos({centre},{y}){fade}\\1c{ass.colour(style.hook_text)}"
        head += f"\\fs{typesetter.metrics.ass_size(size_px)}"
        head += "\\fe-1" if is_right_to_left(line) else ""
        yield _event(until_ms, f"{{{head}}}{drawn(shown, size_px, typesetter)}", _TEXT_LAYER)
        mirrored = is_right_to_left(line)
        for picture in typesetter.drawings(shown, baseline, size_px, mirrored=mirrored):
            yield _event(until_ms, picture, _EMOJI_LAYER)


def _bar(colour: str, duration_ms: int, size: Size) -> pysubs2.SSAEvent:
    """A bar at the lower edge that is as wide as the picture when the clip ends."""
    grows = f"\\fscx0\\t(0,{duration_ms},\\fscx100)"
    tags = (
        f"\\an7\\pos(0,{size.height_px - BAR_PX})\\bord0\\shad0\\1c{ass.colour(colour)}{grows}\\p1"
    )
    shape = f"m 0 0 l {size.width_px} 0 l {size.width_px} {BAR_PX} l 0 {BAR_PX}"
    event = _event(duration_ms, f"{{{tags}}}{shape}", _BAR_LAYER)
    event.name = BAR
    return event


def _event(until_ms: int, text: str, layer: int) -> pysubs2.SSAEvent:
    return pysubs2.SSAEvent(0, ass.centiseconds(until_ms), text, layer=layer, style=WORDS)
