"""What a cue looks like: one ASS event per line and state of its words, in the pinned font. Pure.

Every event states its place, so no renderer lays anything out by itself, and all text goes through
`ass.escape`, so it cannot open an override.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pysubs2

from steps.caption.inks import SHADOW_ALPHA, fill_cs, typed_letters, word_tags
from steps.caption.styles import Style
from steps.caption.text import direction_mark, runs_right_to_left
from steps.caption.typesetting import BOX_PAD_X, BOX_PAD_Y, CAPITAL, OVERSHOOT_PERCENT, Typesetter
from steps.formats import ass
from steps.model.captions import Cue, CueWord
from steps.model.phrases import graphemes, join, separator

MOVE_MS = 120
"""How long a cue takes to come, whatever the animation."""
SMALL_PERCENT = 88
SLIDE = 0.5
"""How far a cue slides, in ems; towards its place from the middle of the box."""

_BOX_RADIUS = 0.22
WORDS = "Words"
"""The name of the one ASS style."""


def render_ass(
    cues: Sequence[Cue],
    offset_ms: int,
    typesetter: Typesetter,
    others: Sequence[pysubs2.SSAEvent] = (),
) -> str:
    """The text of an .ass file.

    Args:
        cues: on the source's clock.
        offset_ms: the clip's in point; the file's clock starts there.
        typesetter: style, widths and box.
        others: what is drawn beside the cues, on the clip's clock.
    """
    events = [
        event for cue in cues for event in _cue_events(cue, offset_ms, typesetter.at(cue.height))
    ]
    fonts = {
        f"{font.family.replace(' ', '_').lower()}.ttf": font.data
        for font in typesetter.fonts
        if font.data
    }
    styles = {WORDS: _words_style(typesetter)}
    return ass.write(typesetter.canvas.units, styles, [*events, *others], fonts)


def _words_style(typesetter: Typesetter) -> pysubs2.SSAStyle:
    style, box, units = typesetter.style, typesetter.box, typesetter.canvas.units
    return pysubs2.SSAStyle(
        fontname=typesetter.family,
        fontsize=typesetter.metrics.ass_size(style.size_px),
        primarycolor=ass.style_colour(style.text),
        secondarycolor=ass.style_colour(style.active),
        outlinecolor=ass.style_colour(style.outline),
        backcolor=ass.style_colour(style.outline, alpha=SHADOW_ALPHA),
        bold=style.bold,
        spacing=style.letter_spacing_px,
        outline=style.outline_px,
        shadow=style.shadow_px,
        borderstyle=1,
        alignment=pysubs2.Alignment.MIDDLE_CENTER,
        marginl=box.x_px,
        marginr=units.width_px - box.right_px,
        marginv=units.height_px - box.bottom_px,
    )


@dataclass(frozen=True)
class _Row:
    """A line of a cue on screen; it is mirrored where the cue runs from right to left."""

    words: Sequence[CueWord]
    cue: Sequence[CueWord]
    baseline_px: int
    size_px: int
    speaker: str
    mirrored: bool


def _cue_events(cue: Cue, offset_ms: int, typesetter: Typesetter) -> Iterator[pysubs2.SSAEvent]:
    lines = [[word for word in cue.words if word.line == line] for line in (0, 1)]
    lines = [line for line in lines if line]
    texts = [join(word.text for word in line) for line in lines]
    size_px = typesetter.size_px(texts)
    style = typesetter.style
    mirrored = runs_right_to_left([word.text for word in cue.words])
    for place, line in enumerate(lines):
        baseline_px = typesetter.baseline_px(place, texts, size_px)
        states = _states(cue, line, style)
        for state, following in states:
            seen = [word for word in line if style.reveal == "phrase" or word.in_ms <= state]
            row = _Row(seen, cue.words, baseline_px, size_px, cue.speaker, mirrored)
            start, end = (ass.centiseconds(time - offset_ms) for time in (state, following))
            if box := _box(row, state, typesetter):
                yield pysubs2.SSAEvent(start, end, box, layer=0, style=WORDS)
            text = _row_text(row, (state, following), typesetter, comes=state == states[0][0])
            yield pysubs2.SSAEvent(start, end, text, layer=1, style=WORDS)
            for picture in _emoji(row, state, typesetter):
                yield pysubs2.SSAEvent(start, end, picture, layer=2, style=WORDS)


def _states(cue: Cue, line: Sequence[CueWord], style: Style) -> list[tuple[int, int]]:
    """The stretches of time in which a line looks the same, `[in, out)`."""
    times = sorted({cue.in_ms, *(word.in_ms for word in line), line[-1].out_ms})
    ends = [*times[1:], cue.out_ms]
    first = line[0].in_ms if style.reveal == "word" else cue.in_ms
    return [(start, end) for start, end in zip(times, ends, strict=True) if first <= start < end]


def _row_text(row: _Row, state: tuple[int, int], typesetter: Typesetter, *, comes: bool) -> str:
    style = typesetter.style
    head = _place(row, typesetter, comes=comes)
    if row.size_px != style.size_px:
        head += f"\\fs{typesetter.metrics.ass_size(row.size_px)}"
    if typesetter.style.letter_spacing_px != typesetter.spacing_px(
        join(word.text for word in row.words)
    ):
        head += "\\fsp0"
    if row.mirrored:
        head += "\\fe-1"
    text, before = f"{{{head}}}{direction_mark(row.words[0].text, mirrored=row.mirrored)}", ""
    shown = [typesetter.shown(word.text) for word in row.words]
    typed = style.animation == "typewriter"
    letters = typed_letters(row.words, shown, state) if typed else {}
    filled = 0
    for place, word in enumerate(row.words):
        fill = fill_cs(word, row.cue, state[0]) if style.animation == "fill" else (0, 0)
        tags = word_tags(word, state[0], style, typesetter.ink(word.text, row.speaker), fill)
        if fill[0] > filled:  # the words of the line above come first
            tags = f"\\k{fill[0] - filled}{tags}"
        filled = max(filled, fill[1])
        word_text = drawn(shown[place], row.size_px, typesetter, letters.get(place, ()))
        text += f"{separator(before, shown[place])}{{{tags}}}{word_text}"
        before = shown[place] or before
    return text


def drawn(shown: str, size_px: int, typesetter: Typesetter, letters: Sequence[str] = ()) -> str:
    """A word with the font of each of its parts; back in the main font at its end.

    `letters` are the tags of each character, where it is typed.
    """
    text, size, at = "", typesetter.metrics.ass_size(size_px), 0
    for font, part in typesetter.runs(shown):
        escaped = ass.escape(part)
        if letters:
            one_by_one = graphemes(part)
            escaped = "".join(
                tags + ass.escape(one) for tags, one in zip(letters[at:], one_by_one, strict=False)
            )
            at += len(one_by_one)
        if font:
            other = f"\\fn{font.family}\\fs{font.metrics.ass_size(size_px)}"
            escaped = f"{{{other}}}{escaped}{{\\fn{typesetter.family}\\fs{size}}}"
        text += escaped
    return text


def _emoji(row: _Row, state_ms: int, typesetter: Typesetter) -> list[str]:
    """The drawings of the emoji in a row; a line that is typed shows them when they are said."""
    if not typesetter.emoji.pictures:
        return []
    typed = typesetter.style.animation == "typewriter"
    said = [word.text for word in row.words if not typed or word.in_ms <= state_ms]
    return typesetter.drawings(
        typesetter.shown(join(word.text for word in row.words)),
        row.baseline_px,
        row.size_px,
        mirrored=row.mirrored,
        until=len(typesetter.shown(join(said))),
    )


def _place(row: _Row, typesetter: Typesetter, *, comes: bool) -> str:
    """Where a row is, and how it comes there at first."""
    whole = typesetter.shown(join(word.text for word in row.words))
    x, y = typesetter.middle_px, typesetter.anchor_px(row.baseline_px, row.size_px, whole)
    animation = typesetter.style.animation if comes else "none"
    if animation == "slide":
        far_px = round(SLIDE * row.size_px)
        start = y + (far_px if typesetter.is_high else -far_px)
        return f"\\move({x},{start},{x},{y},0,{MOVE_MS})"
    small = f"\\fscx{SMALL_PERCENT}\\fscy{SMALL_PERCENT}"
    full = "\\fscx100\\fscy100"
    if animation == "pop":
        return f"{small}\\t(0,{MOVE_MS},{full})\\pos({x},{y})"
    if animation == "bounce":
        grown = f"\\fscx{OVERSHOOT_PERCENT}\\fscy{OVERSHOOT_PERCENT}"
        settled = f"\\t({MOVE_MS},{2 * MOVE_MS},{full})"
        return f"{small}\\t(0,{MOVE_MS},{grown}){settled}\\pos({x},{y})"
    return f"\\pos({x},{y})"


def _box(row: _Row, state_ms: int, typesetter: Typesetter) -> str:
    """A rounded rectangle under the line or the spoken words, as a drawing with its own place."""
    style, size_px = typesetter.style, row.size_px
    under = [word for word in row.words if style.box_around == "line" or word.is_lit(state_ms)]
    if not style.box or not under:
        return ""
    place = row.words.index(under[0])
    before = join(word.text for word in row.words[:place])
    text = join(word.text for word in under)
    whole = join(word.text for word in row.words)
    lead = before + separator(typesetter.shown(before), typesetter.shown(text))
    room = typesetter.width_px(whole, size_px) / 2 - typesetter.width_px(lead, size_px)
    width = typesetter.width_px(text, size_px) + 2 * BOX_PAD_X * size_px
    left = typesetter.middle_px - room - BOX_PAD_X * size_px
    if row.mirrored:
        left = typesetter.middle_px + room + BOX_PAD_X * size_px - width
    top = row.baseline_px - (CAPITAL + BOX_PAD_Y) * size_px
    height = (CAPITAL + 2 * BOX_PAD_Y) * size_px
    shape = ass.rounded_rectangle(round(width), round(height), round(_BOX_RADIUS * size_px))
    tags = f"\\an7\\pos({round(left)},{round(top)})\\bord0\\shad0\\1c{ass.colour(style.box)}"
    if style.box_opacity < 100:
        tags += f"\\1a&H{255 * (100 - style.box_opacity) // 100:02X}&"
    return f"{{{tags}\\p1}}{shape}"
