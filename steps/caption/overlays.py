"""What stands beside the cues: the clip's hook on a card, and a bar of its progress. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import pysubs2

from steps.caption.layout import WORDS, drawn, render_ass
from steps.caption.placement import block_px, covered_price, shared_area
from steps.caption.text import clean, direction_mark, runs_right_to_left
from steps.caption.typesetting import CAPITAL, Typesetter
from steps.formats import ass
from steps.model.captions import Cue
from steps.model.crop import ShotCrop
from steps.model.geometry import Size
from steps.model.phrases import join
from steps.model.segments import segments
from steps.model.timing import Span

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
CLEAR = 0.15
"""The least distance of a card from captions, in ems."""
HEIGHT_STEP = 2
"""Percent of the way down the safe box from one height that is tried to the next."""
MET = 10.0
"""The price of a millisecond on captions, where one over eyes and mouth costs up to 5."""
AWAY = 0.1
SMALLER = 0.1
"""The price of a millisecond at the other end of the safe box, and of one size smaller."""
BAR = "bar"
"""The name of its event: at the edge on purpose, so not held to the safe box."""
ELLIPSIS = "…"
_CARD_LAYER, _TEXT_LAYER, _EMOJI_LAYER, _BAR_LAYER = 3, 4, 5, 6


def overlays(
    hook: str,
    duration_ms: int,
    typesetter: Typesetter,
    cues: Sequence[Cue] = (),
    in_ms: int = 0,
    shots: Sequence[ShotCrop] = (),
) -> list[pysubs2.SSAEvent]:
    """The events of a clip's hook and bar, as far as the style wants them.

    Args:
        hook: of the clip; may be empty.
        duration_ms: of the clip.
        typesetter: of its captions.
        cues: of the clip; the hook keeps away from those that it is on screen with.
        in_ms: where the clip begins on the clock of the cues and shots.
        shots: of the clip; the hook keeps away from their faces and texts.
    """
    found: list[pysubs2.SSAEvent] = []
    style = typesetter.style
    if style.hook_s and clean(hook):
        plain = style.model_copy(update={"uppercase": False, "letter_spacing_px": 0})
        until_ms = min(1000 * style.hook_s, duration_ms)
        plainly = replace(typesetter, style=plain)
        card = _placed(hook, Span(in_ms=in_ms, out_ms=in_ms + until_ms), plainly, cues, shots)
        found += _card(card, until_ms, plainly)
    if style.progress:
        found.append(_bar(style.progress, duration_ms, typesetter.canvas.units))
    return found


def title_cards(title: str, typesetter: Typesetter) -> tuple[str, ...]:
    """Scripts that draw a title on a card at the top of the safe box, and at its bottom."""
    if not clean(title):
        return ()
    style = typesetter.style.model_copy(update={"uppercase": False, "letter_spacing_px": 0})
    there = replace(typesetter, style=style)
    lines, size_px = hook_lines(title, there)
    return tuple(
        render_ass((), 0, there, list(_card(_Card(lines, size_px, height), TITLE_MS, there)))
        for height in (0, 100)
    )


def hook_lines(
    hook: str, typesetter: Typesetter, sizes: Sequence[int] = HOOK_SIZES_PX
) -> tuple[list[str], int]:
    """The lines of a hook and their size: the largest of some at which it fits into HOOK_LINES.

    One that never fits is cut at a word, with an ellipsis.
    """
    room = typesetter.room_px
    words = [part for word in hook.split() for part in segments(clean(word)) if part]
    kept = words[:HOOK_WORDS]
    for size_px in sizes:
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


@dataclass(frozen=True)
class _Card:
    """A text on its card: the em in units, and how far down the safe box it is, in percent."""

    lines: Sequence[str]
    size_px: int
    height: int

    @property
    def above_px(self) -> int:
        """From a line's baseline up to the edge of its part of the card."""
        return round((CAPITAL + PAD_Y) * self.size_px)

    @property
    def below_px(self) -> int:
        return round(PAD_Y * self.size_px)

    @property
    def pitch_px(self) -> int:
        return self.above_px + self.below_px - round(OVERLAP * self.size_px)

    @property
    def high_px(self) -> int:
        return (len(self.lines) - 1) * self.pitch_px + self.above_px + self.below_px

    def top_px(self, typesetter: Typesetter) -> int:
        box = typesetter.box
        return box.y_px + max(0, box.height_px - self.high_px) * self.height // 100

    def width_px(self, line: str, typesetter: Typesetter) -> int:
        return round(typesetter.width_px(line, self.size_px) + 2 * PAD_X * self.size_px)


def _placed(
    hook: str, span: Span, typesetter: Typesetter, cues: Sequence[Cue], shots: Sequence[ShotCrop]
) -> _Card:
    """The hook where it covers least of faces, captions and the picture's text.

    At the top if it can be, and as large as it can be.
    """
    taken = [
        (cue.clamp(span).duration_ms, block_px(cue, typesetter.at(cue.height)))
        for cue in cues
        if cue.in_ms < span.out_ms
    ]
    best: tuple[float, _Card] | None = None
    for lines, size_px in _sized(hook, typesetter):
        smaller = sum(size_px < size for size in HOOK_SIZES_PX)
        for height in range(0, 101, HEIGHT_STEP):
            card = _Card(lines, size_px, height)
            block = _block_px(card, typesetter)
            price = span.duration_ms * (AWAY * height / 100 + SMALLER * smaller)
            price += sum(covered_price(shot, span, block) for shot in shots)
            price += sum(MET * time_ms for time_ms, ink in taken if shared_area(block, *ink))
            if best is None or price < best[0]:
                best = price, card
    assert best is not None
    return best[1]


def _sized(hook: str, typesetter: Typesetter) -> Iterator[tuple[list[str], int]]:
    """The lines of a hook in each size at which it fits, the largest first."""
    sizes: Sequence[int] = HOOK_SIZES_PX
    while sizes:
        lines, size_px = hook_lines(hook, typesetter, sizes)
        yield lines, size_px
        sizes = [size for size in sizes if size < size_px]


def _block_px(card: _Card, typesetter: Typesetter) -> tuple[float, float, float, float]:
    """Where a card is, with what is kept clear around it, in pixels of the output."""
    scale, clear = float(typesetter.canvas.scale), CLEAR * card.size_px
    half = max(card.width_px(line, typesetter) for line in card.lines) / 2
    middle, top = typesetter.middle_px, card.top_px(typesetter)
    edges = middle - half, top - clear, middle + half, top + card.high_px + clear
    left, top_px, right, bottom = (edge * scale for edge in edges)
    return left, top_px, right, bottom


def _card(card: _Card, until_ms: int, typesetter: Typesetter) -> Iterator[pysubs2.SSAEvent]:
    """Two events for each line: its part of the card, and its text."""
    style, size_px, above = typesetter.style, card.size_px, card.above_px
    centre, first = typesetter.middle_px, card.top_px(typesetter) + above
    mirrored = runs_right_to_left(" ".join(card.lines).split())
    fade = f"\\fad({FADE_MS},{FADE_MS})\\bord0\\shad0"
    for place, line in enumerate(card.lines):
        baseline = first + place * card.pitch_px
        width = card.width_px(line, typesetter)
        shape = ass.rounded_rectangle(width, above + card.below_px, round(0.3 * size_px))
        left = centre - width // 2
        tags = f"\\an7\\pos({left},{baseline - above}){fade}\\1c{ass.colour(style.hook_box)}\\p1"
        yield _event(until_ms, f"{{{tags}}}{shape}", _CARD_LAYER)
        shown = typesetter.shown(line)
        y = typesetter.anchor_px(baseline, size_px, shown)
        head = f"\\pos({centre},{y}){fade}\\1c{ass.colour(style.hook_text)}"
        head += f"\\fs{typesetter.metrics.ass_size(size_px)}"
        head += "\\fe-1" if mirrored else ""
        mark = direction_mark(line, mirrored=mirrored)
        yield _event(until_ms, f"{{{head}}}{mark}{drawn(shown, size_px, typesetter)}", _TEXT_LAYER)
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
