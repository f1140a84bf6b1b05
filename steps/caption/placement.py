"""At which height each cue is: the style's, or where it is off the faces. Pure.

One exact minimum over all cues of a clip: text over a face costs the most, then text over text of
the picture, a change of height inside a shot (at most one each), a change where the picture cuts
anyway, and the distance from where the style wants the text. Between the panels of a split or a
stack it wants their seam.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steps.caption.typesetting import BOX_PAD_X, BOX_PAD_Y, CAPITAL, DESCENT, Typesetter
from steps.model.captions import Cue
from steps.model.crop import ShotCrop, ShownFace
from steps.model.geometry import Box
from steps.model.phrases import join
from steps.model.timing import Span

HEIGHTS = tuple(range(0, 101, 4))
"""Percent of the safe box that are tried: a step is a third of a line."""

AT_CUT = 400
INSIDE_SHOT = 2500
"""The price of a change of height, in milliseconds of text over a face."""
ASTRAY = 0.1
"""The price of a millisecond at the other end of the safe box."""
HIDDEN = 4
"""A millisecond costs so much more when the text covers eyes and mouth whole."""
TELLING = (0.25, 0.92)
"""Where eyes and mouth are, in shares of a face's height, with their surroundings."""
TOUCHED = 0.3
"""The price of a millisecond on hair, forehead or the edge of a chin."""

WRITTEN = 0.5
"""The price of a millisecond on the picture's own text, and as much again and more the more of the
caption covers it: neither can be read there."""
GRAZED = 0.003
"""A caption that covers text with less of its area only touches the edge of a box."""

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the output."""


@dataclass(frozen=True)
class _Option:
    """A cue at a height: where its ink is, and what it costs there by itself."""

    height: int | None
    cost: float


def placed_cues(
    cues: Sequence[Cue], shots: Sequence[ShotCrop], typesetter: Typesetter
) -> tuple[Cue, ...]:
    """The cues with their heights.

    Args:
        cues: of a clip, in order, on the source's clock.
        shots: of that clip, covering it.
        typesetter: style, canvas and safe box.
    """
    seams = [seam_px(shot) for shot in shots]
    known = (shot.faces or shot.texts or seam for shot, seam in zip(shots, seams, strict=True))
    if not cues or not any(known):
        return tuple(cues)
    faces = sorted((face for shot in shots for face in shot.faces), key=lambda face: face.in_ms)
    places = [_shot_of(cue, shots) for cue in cues]
    options = [
        _choices(cue, typesetter, faces, shots[place].texts, seams[place])
        for cue, place in zip(cues, places, strict=True)
    ]
    changes = [AT_CUT if here != before else INSIDE_SHOT for before, here in pairwise(places)]
    chosen = _cheapest([[one.cost for one in choices] for choices in options], changes)
    return tuple(
        cue
        if choices[state].height is None
        else cue.model_copy(update={"height": choices[state].height})
        for cue, choices, state in zip(cues, options, chosen, strict=True)
    )


def seam_px(shot: ShotCrop) -> int | None:
    """Where one panel ends and the next one below it begins; the lowest one of several."""
    ends = {region.target.bottom_px for region in shot.regions}
    return max((one.target.y_px for one in shot.regions if one.target.y_px in ends), default=None)


def block_px(cue: Cue, typesetter: Typesetter) -> Edges:
    """Where the ink of a cue is, in pixels of the output."""
    lines = [[word.text for word in cue.words if word.line == line] for line in (0, 1)]
    texts = [join(line) for line in lines if line]
    size, style = typesetter.size_px(texts), typesetter.style
    widest = max(typesetter.width_px(text, size) for text in texts)
    pad_x, pad_y = (BOX_PAD_X * size, BOX_PAD_Y * size) if style.box else (0.0, 0.0)
    half = widest / 2 + max(pad_x, style.outline_px)
    top = typesetter.baseline_px(0, texts, size) - CAPITAL * size - max(pad_y, style.outline_px)
    last = typesetter.baseline_px(len(texts) - 1, texts, size)
    bottom = last + max(DESCENT * size + style.outline_px, pad_y) + style.shadow_px
    scale, middle = float(typesetter.canvas.scale), typesetter.middle_px
    return (middle - half) * scale, top * scale, (middle + half) * scale, bottom * scale


def _shot_of(cue: Cue, shots: Sequence[ShotCrop]) -> int:
    """The shot in which the middle of a cue is."""
    middle = (cue.in_ms + cue.out_ms) // 2
    return next((place for place, shot in enumerate(shots) if middle < shot.out_ms), 0)


def _choices(
    cue: Cue,
    typesetter: Typesetter,
    faces: Sequence[ShownFace],
    texts: Sequence[Box],
    seam: int | None,
) -> list[_Option]:
    """The cue where the style wants it (or at the seam), and at every other height."""
    highest, lowest = (block_px(cue, typesetter.at(height)) for height in (0, 100))
    own = block_px(cue, typesetter)
    wanted: int | None = None
    if seam is not None:
        far = seam - (highest[1] + highest[3]) / 2
        wanted = round(100 * far / max(1.0, lowest[1] - highest[1]))
        wanted = max(0, min(wanted, 100))
        own = block_px(cue, typesetter.at(wanted))
    near = [face for face in faces if face.in_ms < cue.out_ms and cue.in_ms < face.out_ms]
    travel = max(1.0, lowest[1] - highest[1])

    def covering(block: Edges) -> float:
        return _over(cue, block, near) + _over_texts(cue, block, texts)

    found = [_Option(wanted, covering(own))]
    for height in HEIGHTS:
        shift = (lowest[1] - highest[1]) * height / 100
        block = highest[0], highest[1] + shift, highest[2], highest[3] + shift
        astray = ASTRAY * cue.duration_ms * abs(block[1] - own[1]) / travel
        found.append(_Option(height, astray + covering(block)))
    return found


def covered_price(shot: ShotCrop, span: Span, block: Edges) -> float:
    """The price of something that covers a part of a shot for a time, as of a caption there."""
    if shot.in_ms >= span.out_ms or shot.out_ms <= span.in_ms:
        return 0.0
    inside = span.clamp(shot)
    near = [
        face for face in shot.faces if face.in_ms < inside.out_ms and inside.in_ms < face.out_ms
    ]
    return _over(inside, block, near) + _over_texts(inside, block, shot.texts)


def _over(cue: Span, block: Edges, faces: Sequence[ShownFace]) -> float:
    """The price of text over faces: the time of it, more where it hides more of eyes and mouth."""
    cost = 0.0
    for face in faces:
        box, together = face.box, min(cue.out_ms, face.out_ms) - max(cue.in_ms, face.in_ms)
        if shared_area(block, box.x_px, box.y_px, box.right_px, box.bottom_px):
            low, high = (box.y_px + share * box.height_px for share in TELLING)
            hidden = shared_area(block, box.x_px, low, box.right_px, high)
            share = hidden / (box.width_px * (high - low))
            cost += together * (1 + HIDDEN * share if hidden else TOUCHED)
    return cost


def _over_texts(cue: Span, block: Edges, texts: Sequence[Box]) -> float:
    """The price of text over text of the picture; its boxes do not overlap."""
    shared = sum(
        shared_area(block, box.x_px, box.y_px, box.right_px, box.bottom_px) for box in texts
    )
    share = shared / max(1.0, (block[2] - block[0]) * (block[3] - block[1]))
    return WRITTEN * cue.duration_ms * (1 + 2 * share) if share > GRAZED else 0.0


def shared_area(block: Edges, left: float, top: float, right: float, bottom: float) -> float:
    """The area that a block shares with a rectangle."""
    across = min(block[2], right) - max(block[0], left)
    return max(0.0, across) * max(0.0, min(block[3], bottom) - max(block[1], top))


def _cheapest(costs: Sequence[Sequence[float]], changes: Sequence[int]) -> list[int]:
    """The state of each cue with the least total; at most one change inside each shot.

    Args:
        costs: of each state of each cue.
        changes: what a change between one cue and the next costs.
    """
    count = len(costs[0])
    best = [[cost, float("inf")] for cost in costs[0]]  # by state, and whether it moved in the shot
    back: list[list[list[tuple[int, int]]]] = []
    for row, price in zip(costs[1:], changes, strict=True):
        fresh, shifted = (_least([one[moved] for one in best]) for moved in (0, 1))
        lowest = min((fresh, 0), (shifted, 1), key=lambda one: best[one[0]][one[1]])
        after: list[list[float]] = []
        trail: list[list[tuple[int, int]]] = []
        for state in range(count):
            if price == AT_CUT:
                stay = min((0, 1), key=lambda moved: best[state][moved])
                same, other = (state, stay), lowest
                kept = same if best[state][stay] <= best[other[0]][other[1]] + price else other
                extra = 0 if kept == same else price
                after.append([row[state] + best[kept[0]][kept[1]] + extra, float("inf")])
                trail.append([kept, kept])
                continue
            still = best[state][0]
            moved, moves = best[state][1], best[fresh][0] + price
            origin = (state, 1) if moved <= moves else (fresh, 0)
            after.append([row[state] + still, row[state] + min(moved, moves)])
            trail.append([(state, 0), origin])
        best = after
        back.append(trail)
    at = min(
        ((state, moved) for state in range(count) for moved in (0, 1)),
        key=lambda one: best[one[0]][one[1]],
    )
    chosen = [at[0]]
    for trail in reversed(back):
        at = trail[at[0]][at[1]]
        chosen.append(at[0])
    return chosen[::-1]


def _least(costs: Sequence[float]) -> int:
    """The first state of the least cost."""
    return min(range(len(costs)), key=costs.__getitem__)
