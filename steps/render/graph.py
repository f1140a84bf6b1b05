"""The filter graph and the command file of a clip, as text. Pure.

One decode and one graph for the whole clip, linear in its shots. Shots of equal geometry share one
chain, which a single `sendcmd` file moves; where the geometry changes, `split`, `trim` and
`concat` hand the frames from one chain to the next.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from steps.media.cuts import LONGEST_MS
from steps.media.ffmpeg import EXACT_SCALING
from steps.model.geometry import Box, Size, even
from steps.model.moderation import Veil
from steps.render.colours import TAGS
from steps.render.plan import FrameRun, Grid, Pane
from steps.render.veils import veil_chain
from steps.render.vernier import VernierAxis, moving_axis, offsets, still_axis
from steps.render.zoom import zoom_chain

COMMANDS_FILE = "moves.txt"
CAPTIONS_FILE = "captions.ass"
FONTS_FOLDER = "fonts"

SCALING = f"flags=bicubic+{EXACT_SCALING}"

BLUR_SHRINK = 10
"""The background is blurred at a tenth of the size: the same look for a hundredth of the work."""

BLUR_RADIUS_PX, BLUR_PASSES = 4, 4
"""Four box blurs look like one Gaussian of sigma 5.2 px. They count in integers, while ffmpeg's
`gblur` adds floats in an order that depends on the CPU."""

DARKEN = 0.62
"""The background is this bright, so that the sharp picture stands out from it."""


@dataclass(frozen=True)
class DecodedPicture:
    """What comes out of the decoder.

    Attributes:
        size: of the upright picture that the crop plan is in.
        is_square: the decoder's pixels are square and its picture has that size.
        prepare: filters that make it BT.709 in limited range, each with its comma; may be empty.
    """

    size: Size
    is_square: bool = True
    prepare: str = ""


@dataclass(frozen=True)
class Commands:
    """Moves of crop filters: (frame, filter, option, value)."""

    moves: tuple[tuple[int, str, str, int], ...]

    def text(self, rate: Fraction) -> str:
        """The sendcmd file: each move half a frame before its frame, so that none comes late."""
        by_frame: dict[int, list[str]] = {}
        for frame, name, option, value in self.moves:
            by_frame.setdefault(frame, []).append(f"{name} {option} {value}")
        lines = (
            f"{float((Fraction(frame) - Fraction(1, 2)) / rate):.6f} {', '.join(orders)};\n"
            for frame, orders in sorted(by_frame.items())
        )
        return "".join(lines)


def build_graph(
    picture: DecodedPicture,
    output: Size,
    grid: Grid,
    runs: tuple[FrameRun, ...],
    *,
    captions: bool,
    thumbnail: Sequence[int],
    veils: Sequence[Veil] = (),
) -> tuple[str, Commands]:
    """The graph from `[0:v:0]` to `[video]` and `[stills]`, and its commands.

    Args:
        picture: the decoded picture.
        output: size of the clip.
        grid: its frames.
        runs: its chains, in order, covering all frames.
        captions: draw `CAPTIONS_FILE` with the font in `FONTS_FOLDER`.
        thumbnail: the frames that go to `[stills]`, without captions.
        veils: what is blurred in the source's pictures.
    """
    lines = [""]
    veiled, moves = veil_chain(veils, grid, picture.size)
    if len(runs) == 1:
        handed = "[run0]"
    else:
        names = "".join(f"[run{number}]" for number in range(len(runs)))
        handed = f",split={len(runs)}{names}"
    for number, run in enumerate(runs):
        source = f"run{number}"
        if len(runs) > 1:
            lines.append(
                f"[{source}]trim=start_frame={run.start}:end_frame={run.end},"
                f"setpts=PTS-STARTPTS[{source}t]"
            )
            source += "t"
        drawn, moved = _run(run, number, source, picture.size, output)
        lines += drawn
        moves += moved
    if len(runs) > 1:
        inputs = "".join(f"[out{number}]" for number in range(len(runs)))
        lines.append(f"{inputs}concat=n={len(runs)}[all]")
    lines[0] = f"sws_{SCALING};\n{_head(picture, grid, bool(moves))}{veiled}{handed}"
    lines += _tail("all" if len(runs) > 1 else "out0", grid, captions, thumbnail)
    return ";\n".join(lines), Commands(tuple(moves))


def _head(picture: DecodedPicture, grid: Grid, moving: bool) -> str:
    """Constant rate from frame 0 on, exactly so many frames, BT.709, square pixels."""
    lead = Fraction(grid.origin_ms - grid.seek_ms, 1000)
    rate = f"{grid.rate.numerator}/{grid.rate.denominator}"
    spare = math.ceil(LONGEST_MS * grid.rate / 1000)
    nudge = f"setpts=PTS+{float(grid.nudge_s):.6f}/TB," if grid.nudge_s else ""
    chain = (
        f"[0:v:0]{nudge}fps=fps={rate}:start_time={float(lead):.6f},setpts=PTS-STARTPTS,"
        f"tpad=stop={spare}:stop_mode=clone,trim=end_frame={grid.count},"
    )
    chain += picture.prepare
    if not picture.is_square:
        size = picture.size
        chain += f"scale={size.width_px}:{size.height_px}:{SCALING},setsar=1,"
    return f"{chain}format=yuv420p" + (f",sendcmd=f={COMMANDS_FILE}" if moving else "")


def _tail(source: str, grid: Grid, captions: bool, thumbnail: Sequence[int]) -> list[str]:
    inverse = f"{grid.rate.denominator}/{grid.rate.numerator}"
    chosen = "+".join(f"eq(n\\,{frame})" for frame in thumbnail)
    lines = [
        f"[{source}]settb={inverse},setpts=N,split[drawn][clean]",
        f"[clean]select={chosen}[stills]",
    ]
    if captions:
        ahead = Fraction(grid.in_ms - grid.origin_ms, 1000)
        shift = f"{ahead.numerator}/{ahead.denominator}/TB"
        lines.append(
            f"[drawn]settb=1/90000,setpts=PTS-{shift},"
            f"ass=f={CAPTIONS_FILE}:fontsdir={FONTS_FOLDER},settb={inverse},setpts=N[video]"
        )
    else:
        lines.append("[drawn]null[video]")
    return lines


def _run(
    run: FrameRun, number: int, source: str, size: Size, output: Size
) -> tuple[list[str], list[tuple[int, str, str, int]]]:
    """The chains of one run from `[source]` to `[outN]`."""
    lines: list[str] = []
    moves: list[tuple[int, str, str, int]] = []
    covered = len(run.panes) == 1 and _covers(run.panes[0].target, output)
    has_blur = run.background == "blur" and not covered
    panes = [f"r{number}p{place}" for place in range(len(run.panes))]
    sources = [f"{name}i" for name in panes] + ([f"r{number}b"] if has_blur else [])
    if len(sources) > 1:
        lines.append(f"[{source}]split={len(sources)}" + "".join(f"[{name}]" for name in sources))
    else:
        sources = [source]
    if len(panes) > 1 and _tiles(run.panes, output):
        for place, pane in enumerate(run.panes):
            chain, moved = _pane_chain(pane, run.start, f"{number}_{place}", size)
            moves += moved
            lines.append(f"[{sources[place]}]{chain}[{panes[place]}]")
        lines.append(f"{''.join(f'[{name}]' for name in panes)}{_stacked(run.panes)}[out{number}]")
        return lines, moves
    canvas = ""
    if has_blur:
        lines.append(f"[{sources[-1]}]{_blurred(run.panes[0], size, output)}[r{number}c]")
        canvas = f"r{number}c"
    for place, pane in enumerate(run.panes):
        chain, moved = _pane_chain(pane, run.start, f"{number}_{place}", size)
        moves += moved
        last = place == len(run.panes) - 1
        result = f"out{number}" if last else f"r{number}k{place}"
        if covered:
            lines.append(f"[{sources[place]}]{chain}[{result}]")
            break
        if not canvas:
            pad = _pad(pane.target, output, run.background)
            lines.append(f"[{sources[place]}]{chain},{pad}[{result}]")
        else:
            lines.append(f"[{sources[place]}]{chain}[{panes[place]}]")
            at = f"x={pane.target.x_px}:y={pane.target.y_px}"
            lines.append(f"[{canvas}][{panes[place]}]overlay={at}:format=yuv420[{result}]")
        canvas = result
    return lines, moves


def _pane_chain(
    pane: Pane, start: int, name: str, size: Size
) -> tuple[str, list[tuple[int, str, str, int]]]:
    """Crop, scale and crop of one pane, and the moves of both crops."""
    if pane.closer:
        return zoom_chain(pane, start, name, size, SCALING)
    x_axis, y_axis = axes(pane, size)
    x = offsets(x_axis, [centre for centre, _ in pane.centres_px])
    y = offsets(y_axis, [centre for _, centre in pane.centres_px])
    coarse, fine = f"crop@a{name}", f"crop@b{name}"
    moves: list[tuple[int, str, str, int]] = []
    for axis, places in (("x", x), ("y", y)):
        for frame in range(1, len(places)):
            for filter_name, now, before in zip(
                (coarse, fine), places[frame], places[frame - 1], strict=True
            ):
                if now != before:
                    moves.append((start + frame, filter_name, axis, now))
    filters = [f"{coarse}={x_axis.window}:{y_axis.window}:{x[0][0]}:{y[0][0]}"]
    if (x_axis.scaled, y_axis.scaled) != (x_axis.window, y_axis.window):
        filters.append(f"scale={x_axis.scaled}:{y_axis.scaled}:{SCALING}")
    if (x_axis.scaled, y_axis.scaled) != (x_axis.target, y_axis.target):
        filters.append(f"{fine}={x_axis.target}:{y_axis.target}:{x[0][1]}:{y[0][1]}")
    return ",".join([*filters, "setsar=1"]), moves


def axes(pane: Pane, size: Size) -> tuple[VernierAxis, VernierAxis]:
    """The two axes of a pane: the moving ones verniers, the still ones at their scale."""
    target, window = pane.target, pane.window
    xs, ys = ({centre[place] for centre in pane.centres_px} for place in (0, 1))
    scale = max(target.width_px / window.width_px, target.height_px / window.height_px)
    x_moves = moving_axis(size.width_px, target.width_px, scale) if len(xs) > 1 else None
    y_moves = moving_axis(size.height_px, target.height_px, scale) if len(ys) > 1 else None
    x_scale = y_moves.scale if y_moves else None
    y_scale = x_moves.scale if x_moves else None
    return (
        x_moves or still_axis(size.width_px, window.width_px, target.width_px, x_scale),
        y_moves or still_axis(size.height_px, window.height_px, target.height_px, y_scale),
    )


def _covers(target: Box, output: Size) -> bool:
    return target.width_px >= output.width_px and target.height_px >= output.height_px


def _tiles(panes: tuple[Pane, ...], output: Size) -> bool:
    """Whether the targets cover the output and none covers another: no pixel is drawn twice."""
    whole = output.width_px * output.height_px
    apart = all((a.target & b.target).area_px == 0 for a, b in combinations(panes, 2))
    return apart and sum(pane.target.area_px for pane in panes) == whole


def _stacked(panes: tuple[Pane, ...]) -> str:
    places = "|".join(f"{pane.target.x_px}_{pane.target.y_px}" for pane in panes)
    return f"xstack=inputs={len(panes)}:layout={places},{TAGS}"


def _pad(target: Box, output: Size, background: str) -> str:
    colour = f":color=0x{background[1:]}" if background.startswith("#") else ""
    return f"pad={output.width_px}:{output.height_px}:{target.x_px}:{target.y_px}{colour}"


def _blurred(pane: Pane, whole: Size, output: Size) -> str:
    """The middle of the first frame's window, filling the output, blurred and darkened."""
    size = pane.window
    share = min(size.width_px / output.width_px, size.height_px / output.height_px)
    width, height = even(output.width_px * share), even(output.height_px * share)
    width, height = min(width, size.width_px), min(height, size.height_px)
    x, y = (
        even(centre - side / 2)
        for centre, side in zip(pane.centres_px[0], (width, height), strict=True)
    )
    place = "" if size == whole else f":{x}:{y}"
    small = even(output.width_px / BLUR_SHRINK), even(output.height_px / BLUR_SHRINK)
    return (
        f"crop={width}:{height}{place},"
        f"scale={small[0]}:{small[1]}:flags=area+accurate_rnd+bitexact,"
        f"boxblur={min(BLUR_RADIUS_PX, min(small) // 4)}:{BLUR_PASSES},"
        f"lutyuv=y=16+(val-16)*{DARKEN},"
        f"scale={output.width_px}:{output.height_px}:{SCALING},setsar=1"
    )
