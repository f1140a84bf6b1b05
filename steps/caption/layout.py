"""Where a cue is drawn: one ASS event per line and word state, in the pinned font. Pure.

Every event states its place, so no renderer lays anything out by itself, and all text goes through
`ass.escape`, so it cannot open an override.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pysubs2

from steps.caption.boxes import PLAY_RES_X, PLAY_RES_Y, SafeBox
from steps.caption.metrics import FAMILY, Metrics
from steps.caption.styles import Style
from steps.caption.text import is_right_to_left
from steps.formats import ass
from steps.model.captions import Cue, CueWord
from steps.model.phrases import join, separator

LINE_PITCH = 1.2
"""Distance of baselines, in ems: capitals of two lines stay clear of each other."""

CAPITAL = 0.70
DESCENT = 0.27
ACCENT = 0.34
"""Heights in ems: of capitals, of descenders, and of accents above capitals."""

FOREIGN = 0.55
"""Height in ems above capitals and below the line of glyphs that come from another font."""

POP_MS = 80
POP_FROM_PERCENT = 88

_BOX_PAD_X = 0.17
_BOX_PAD_Y = 0.20
_BOX_RADIUS = 0.22


@dataclass(frozen=True)
class Typesetter:
    """All that a cue needs to be drawn: the style, the font's widths, the box."""

    style: Style
    metrics: Metrics
    box: SafeBox

    @property
    def margin_px(self) -> int:
        """Ink around the glyphs: the outline, the shadow, the box behind a word, and a pixel."""
        padding = round(_BOX_PAD_X * self.style.size_px) if self.style.box else 0
        return max(self.style.outline_px, padding) + self.style.shadow_px + 1

    @property
    def line_width_px(self) -> int:
        """The widest line of glyphs that keeps its ink inside the box."""
        return self.box.centred_width_px - 2 * self.margin_px

    def shown(self, text: str) -> str:
        """Text in the style's case."""
        return text.upper() if self.style.uppercase else text

    def fill(self, line: str) -> int:
        """How much of the line's width a text takes at the style's own size, in percent."""
        width = self.metrics.width(self.shown(line)) * self.style.size_px
        return -(-width // (10 * self.line_width_px))

    def size_px(self, lines: Sequence[str]) -> int:
        """The em for these lines: the style's, or smaller so that the widest fits."""
        widest = max(self.metrics.width(self.shown(line)) for line in lines)
        fitting = self.line_width_px * 1000 // widest if widest else self.style.size_px
        return max(1, min(self.style.size_px, fitting))


def render_ass(cues: Sequence[Cue], offset_ms: int, typesetter: Typesetter) -> str:
    """The text of an .ass file.

    Args:
        cues: on the source's clock.
        offset_ms: the clip's in point; the file's clock starts there.
        typesetter: style, widths and box.
    """
    events = [event for cue in cues for event in _cue_events(cue, offset_ms, typesetter)]
    return ass.write(PLAY_RES_X, PLAY_RES_Y, {"Words": _words_style(typesetter)}, events)


def _words_style(typesetter: Typesetter) -> pysubs2.SSAStyle:
    style = typesetter.style
    return pysubs2.SSAStyle(
        fontname=FAMILY,
        fontsize=typesetter.metrics.ass_size(style.size_px),
        primarycolor=ass.style_colour(style.text),
        secondarycolor=ass.style_colour(style.active),
        outlinecolor=ass.style_colour(style.outline),
        backcolor=ass.style_colour(style.outline, alpha=96),
        outline=style.outline_px,
        shadow=style.shadow_px,
        borderstyle=1,
        alignment=pysubs2.Alignment.MIDDLE_CENTER,
        marginl=typesetter.box.left_px,
        marginr=PLAY_RES_X - typesetter.box.right_px,
        marginv=PLAY_RES_Y - typesetter.box.bottom_px,
    )


def _cue_events(cue: Cue, offset_ms: int, typesetter: Typesetter) -> list[pysubs2.SSAEvent]:
    lines = [[word for word in cue.words if word.line == line] for line in (0, 1)]
    lines = [line for line in lines if line]
    texts = [join(word.text for word in line) for line in lines]
    size_px = typesetter.size_px(texts)
    events = []
    for place, line in enumerate(lines):
        middle_px = _middle_px(place, texts, size_px, typesetter)
        states = _states(cue, line, typesetter)
        for state, following in states:
            seen = line if typesetter.style.reveal == "phrase" else _said(line, state)
            start, end = (ass.centiseconds(time - offset_ms) for time in (state, following))
            if typesetter.style.box and any(word.in_ms == state for word in seen):
                drawing = _spoken_box(seen, state, middle_px, size_px, typesetter)
                events.append(pysubs2.SSAEvent(start, end, drawing, layer=0, style="Words"))
            text = _line_text(seen, state, size_px, middle_px, typesetter)
            if typesetter.style.pop and state == states[0][0]:
                text = _POP + text
            events.append(pysubs2.SSAEvent(start, end, text, layer=1, style="Words"))
    return events


_POP = f"{{\\fscx{POP_FROM_PERCENT}\\fscy{POP_FROM_PERCENT}\\t(0,{POP_MS},\\fscx100\\fscy100)}}"


def _states(cue: Cue, line: Sequence[CueWord], typesetter: Typesetter) -> list[tuple[int, int]]:
    """The stretches of time in which a line looks the same, `[in, out)`."""
    times = sorted({cue.in_ms, *(word.in_ms for word in line), line[-1].out_ms})
    ends = [*times[1:], cue.out_ms]
    first = line[0].in_ms if typesetter.style.reveal == "word" else cue.in_ms
    return [(start, end) for start, end in zip(times, ends, strict=True) if first <= start < end]


def _said(line: Sequence[CueWord], state_ms: int) -> list[CueWord]:
    """The words of a line that have been spoken: only they are there to be centred."""
    return [word for word in line if word.in_ms <= state_ms]


def _line_text(
    line: Sequence[CueWord], state_ms: int, size_px: int, middle_px: int, typesetter: Typesetter
) -> str:
    style = typesetter.style
    head = f"\\pos({PLAY_RES_X // 2},{middle_px})"
    if size_px != style.size_px:
        head += f"\\fs{typesetter.metrics.ass_size(size_px)}"
    if is_right_to_left(line[0].text):
        head += "\\fe-1"
    text, before = f"{{{head}}}", ""
    for word in line:
        spoken = word.in_ms == state_ms
        tags = f"\\1c{ass.colour(style.active if spoken else style.text)}"
        shown = typesetter.shown(word.text)
        text += f"{separator(before, shown)}{{{tags}}}{ass.escape(shown)}"
        before = shown
    return text


def _middle_px(place: int, texts: Sequence[str], size_px: int, typesetter: Typesetter) -> int:
    """Where the anchor of a line goes: half its ascent and descent, as libass centres it."""
    count = len(texts)
    known = typesetter.metrics.covers(typesetter.shown("".join(texts)))
    descent, accent = (DESCENT, ACCENT) if known else (FOREIGN, FOREIGN)
    box, style = typesetter.box, typesetter.style
    pitch = round(LINE_PITCH * size_px)
    padding = round(_BOX_PAD_Y * size_px) if style.box else 0
    below = max(round(descent * size_px) + style.outline_px, padding) + style.shadow_px + 1
    above = round((CAPITAL + accent) * size_px) + style.outline_px + 1
    if style.position == "bottom":
        last = box.bottom_px - below
    elif style.position == "top":
        last = box.top_px + above + (count - 1) * pitch
    else:
        middle = (box.top_px + box.bottom_px) // 2
        last = middle + round(CAPITAL * size_px / 2) + (count - 1) * pitch // 2
    baseline = last - (count - 1 - place) * pitch
    centre_to_baseline = (typesetter.metrics.ascent - typesetter.metrics.line / 2) * size_px / 1000
    return baseline - round(centre_to_baseline)


def _spoken_box(
    line: Sequence[CueWord], state_ms: int, middle_px: int, size_px: int, typesetter: Typesetter
) -> str:
    """A rounded rectangle under the words that are spoken, as an ASS drawing with its own place."""
    spoken = [word for word in line if word.in_ms == state_ms]
    place = line.index(spoken[0])
    before = typesetter.shown(join(word.text for word in line[:place]))
    word = typesetter.shown(join(word.text for word in spoken))
    whole = typesetter.shown(join(word.text for word in line))
    gap = separator(before, word)

    def px(text: str) -> float:
        return typesetter.metrics.width(text) * size_px / 1000

    left = PLAY_RES_X / 2 - px(whole) / 2 + px(before + gap) - _BOX_PAD_X * size_px
    width = px(word) + 2 * _BOX_PAD_X * size_px
    baseline = (
        middle_px + (typesetter.metrics.ascent - typesetter.metrics.line / 2) * size_px / 1000
    )
    top = baseline - (CAPITAL + _BOX_PAD_Y) * size_px
    height = (CAPITAL + 2 * _BOX_PAD_Y) * size_px
    shape = ass.rounded_rectangle(round(width), round(height), round(_BOX_RADIUS * size_px))
    colour = ass.colour(typesetter.style.box)
    tags = f"\\an7\\pos({round(left)},{round(top)})\\bord0\\shad0\\1c{colour}\\p1"
    return f"{{{tags}}}{shape}"
