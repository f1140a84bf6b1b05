"""Cues as ASS: one event per line and word state, in the pinned font, inside the safe box. Pure.

Every event states its place, so no renderer lays anything out by itself, and text can only ever be
text: `escape` leaves nothing that could open an override.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pysubs2

from steps.caption.boxes import PLAY_RES_X, PLAY_RES_Y, SafeBox
from steps.caption.metrics import FAMILY, Metrics
from steps.caption.styles import Style
from steps.caption.text import is_right_to_left, join, separator
from steps.model.captions import Cue, CueWord

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

_WORD_JOINER = "\u2060"
_BOX_PAD_X = 0.17
_BOX_PAD_Y = 0.20
_BOX_RADIUS = 0.22


@dataclass(frozen=True)
class Look:
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
        """The widest line of glyphs whose ink stays inside the box."""
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


def escape(text: str) -> str:
    r"""Text that libass shows as it is: `{` and `}` escaped, `\N` and its like broken."""
    return (
        text.replace("\\", "\\" + _WORD_JOINER)
        .replace("{", "\\{")
        .replace("}", "\\}")
        .replace("\n", " ")
        .replace("\r", " ")
    )


def colour(hexadecimal: str) -> str:
    """`#RRGGBB` as ASS has it in overrides: `&HBBGGRR&`."""
    red, green, blue = hexadecimal[1:3], hexadecimal[3:5], hexadecimal[5:7]
    return f"&H{blue}{green}{red}&".upper()


def render_ass(cues: Sequence[Cue], offset_ms: int, look: Look) -> str:
    """The text of an .ass file.

    Args:
        cues: on the source's clock.
        offset_ms: the clip's in point; the file's clock starts there.
        look: style, widths and box.
    """
    script = pysubs2.SSAFile()
    script.info = {
        "ScriptType": "v4.00+",
        "PlayResX": str(PLAY_RES_X),
        "PlayResY": str(PLAY_RES_Y),
        "WrapStyle": "2",
        "ScaledBorderAndShadow": "yes",
        "YCbCr Matrix": "None",
    }
    script.styles = {"Words": _words_style(look)}
    for cue in cues:
        script.events += _cue_events(cue, offset_ms, look)
    return script.to_string("ass")


def _words_style(look: Look) -> pysubs2.SSAStyle:
    style = look.style
    return pysubs2.SSAStyle(
        fontname=FAMILY,
        fontsize=look.metrics.ass_size(style.size_px),
        primarycolor=_ssa(style.text),
        secondarycolor=_ssa(style.active),
        outlinecolor=_ssa(style.outline),
        backcolor=_ssa(style.outline, alpha=96),
        outline=style.outline_px,
        shadow=style.shadow_px,
        borderstyle=1,
        alignment=pysubs2.Alignment.MIDDLE_CENTER,
        marginl=look.box.left_px,
        marginr=PLAY_RES_X - look.box.right_px,
        marginv=PLAY_RES_Y - look.box.bottom_px,
    )


def _ssa(hexadecimal: str, alpha: int = 0) -> pysubs2.Color:
    red, green, blue = bytes.fromhex(hexadecimal[1:])
    return pysubs2.Color(red, green, blue, alpha)


def _cue_events(cue: Cue, offset_ms: int, look: Look) -> list[pysubs2.SSAEvent]:
    lines = [[word for word in cue.words if word.line == line] for line in (0, 1)]
    lines = [line for line in lines if line]
    texts = [join(word.text for word in line) for line in lines]
    size_px = look.size_px(texts)
    events = []
    for place, line in enumerate(lines):
        middle_px = _middle_px(place, texts, size_px, look)
        states = _states(cue, line, look)
        for state, following in states:
            active = next((word for word in line if word.in_ms == state), None)
            start, end = (_centiseconds(time - offset_ms) for time in (state, following))
            if active is not None and look.style.box:
                drawing = _word_box(line, active, middle_px, size_px, look)
                events.append(pysubs2.SSAEvent(start, end, drawing, layer=0, style="Words"))
            text = _line_text(line, state, size_px, middle_px, look)
            if look.style.pop and state == states[0][0]:
                text = _POP + text
            events.append(pysubs2.SSAEvent(start, end, text, layer=1, style="Words"))
    return events


_POP = f"{{\\fscx{POP_FROM_PERCENT}\\fscy{POP_FROM_PERCENT}\\t(0,{POP_MS},\\fscx100\\fscy100)}}"


def _centiseconds(time_ms: int) -> int:
    """Up to the next hundredth: ASS has no finer times, and nothing is shown early."""
    return -(-time_ms // 10) * 10


def _states(cue: Cue, line: Sequence[CueWord], look: Look) -> list[tuple[int, int]]:
    """The stretches of time in which a line looks the same, `[in, out)`."""
    times = sorted({cue.in_ms, *(word.in_ms for word in line), line[-1].out_ms})
    ends = [*times[1:], cue.out_ms]
    first = line[0].in_ms if look.style.reveal else cue.in_ms
    return [(start, end) for start, end in zip(times, ends, strict=True) if first <= start < end]


def _line_text(
    line: Sequence[CueWord], state_ms: int, size_px: int, middle_px: int, look: Look
) -> str:
    style = look.style
    head = f"\\pos({PLAY_RES_X // 2},{middle_px})"
    if size_px != style.size_px:
        head += f"\\fs{look.metrics.ass_size(size_px)}"
    if is_right_to_left(line[0].text):
        head += "\\fe-1"
    text, before = f"{{{head}}}", ""
    for word in line:
        spoken = word.in_ms == state_ms
        hidden = style.reveal and word.in_ms > state_ms
        tags = f"\\1c{colour(style.active if spoken else style.text)}"
        tags += "\\alpha&HFF&" if hidden else ""
        shown = look.shown(word.text)
        text += f"{separator(before, shown)}{{{tags}}}{escape(shown)}"
        before = shown
    return text


def _middle_px(place: int, texts: Sequence[str], size_px: int, look: Look) -> int:
    """Where the anchor of a line goes: half its ascent and descent, as libass centres it."""
    count = len(texts)
    known = look.metrics.covers(look.shown("".join(texts)))
    descent, accent = (DESCENT, ACCENT) if known else (FOREIGN, FOREIGN)
    box, style = look.box, look.style
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
    centre_to_baseline = (look.metrics.ascent - look.metrics.line / 2) * size_px / 1000
    return baseline - round(centre_to_baseline)


def _word_box(
    line: Sequence[CueWord], active: CueWord, middle_px: int, size_px: int, look: Look
) -> str:
    """A rounded rectangle behind one word, as an ASS drawing with its own place."""
    place = list(line).index(active)
    before = look.shown(join(word.text for word in line[:place]))
    word = look.shown(active.text)
    whole = look.shown(join(word.text for word in line))
    gap = separator(before, word)

    def px(text: str) -> float:
        return look.metrics.width(text) * size_px / 1000

    left = PLAY_RES_X / 2 - px(whole) / 2 + px(before + gap) - _BOX_PAD_X * size_px
    width = px(word) + 2 * _BOX_PAD_X * size_px
    baseline = middle_px + (look.metrics.ascent - look.metrics.line / 2) * size_px / 1000
    top = baseline - (CAPITAL + _BOX_PAD_Y) * size_px
    height = (CAPITAL + 2 * _BOX_PAD_Y) * size_px
    shape = _rounded(round(width), round(height), round(_BOX_RADIUS * size_px))
    tags = f"\\an7\\pos({round(left)},{round(top)})\\bord0\\shad0\\1c{colour(look.style.box)}\\p1"
    return f"{{{tags}}}{shape}"


def _rounded(width: int, height: int, radius: int) -> str:
    """An ASS path of a rectangle with round corners; 0.45 of the radius makes a Bézier arc."""
    r, c = min(radius, width // 2, height // 2), round(0.45 * radius)
    return (
        f"m {r} 0 l {width - r} 0 b {width - c} 0 {width} {c} {width} {r} "
        f"l {width} {height - r} b {width} {height - c} {width - c} {height} {width - r} {height} "
        f"l {r} {height} b {c} {height} 0 {height - c} 0 {height - r} "
        f"l 0 {r} b 0 {c} {c} 0 {r} 0"
    )
