"""One plot: what a job costs against the length of its source and the number of its clips. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 420, 64, 52, 40, 96
MINUTES = 60
COLOURS = {1: "#0969da", 3: "#bc4c00", 10: "#8250df"}
"""By the number of clips."""

Dot = tuple[float, float, int]
"""A measured job: minutes of source, processor minutes, clips."""


def plot(cost: Callable[[float, int], float], dots: Iterable[Dot], machine: str) -> str:
    """A line for each number of clips, and a dot for each measured job, as SVG.

    Args:
        cost: processor minutes of a source of so many minutes, with so many clips.
        dots: what was measured; those beyond the axes are left out.
        machine: where it was measured.
    """
    top = _round_up(cost(MINUTES, max(COLOURS)))

    def x(minutes: float) -> float:
        return round(LEFT + minutes / MINUTES * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP), 1)

    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for step in range(5):
        value, at = top * step / 4, MINUTES * step / 4
        parts += [
            f'<path d="M{x(0)} {y(value)}H{x(MINUTES)}" stroke="#d0d7de"/>',
            _text(LEFT - 8, y(value) + 4, f"{value:g}", "end"),
            _text(x(at), HEIGHT - BOTTOM + 20, f"{at:g}", "middle"),
        ]
    for clips, colour in COLOURS.items():
        ends = [(0.0, cost(0, clips)), (float(MINUTES), cost(MINUTES, clips))]
        path = "L".join(f"{x(minutes)} {y(value)}" for minutes, value in ends)
        parts.append(f'<path d="M{path}" stroke="{colour}" stroke-width="2" fill="none"/>')
        name = f"{clips} clip{'' if clips == 1 else 's'}"
        parts.append(_text(x(MINUTES) + 8, y(ends[1][1]) + 4, name, "start", colour))
    for minutes, value, clips in dots:
        if minutes <= MINUTES and value <= top:
            parts.append(
                f'<circle cx="{x(minutes)}" cy="{y(value)}" r="4" '
                f'fill="{COLOURS.get(clips, "#57606a")}"/>'
            )
    parts += [
        _text(LEFT, 24, f"Processor minutes of a job ({machine}); dots were measured", "start"),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "minutes of source", "middle"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13">\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _round_up(value: float) -> float:
    """The next of 4, 8, 20, 40, 80, ...: quarters of it are whole."""
    step = 4.0
    while step < value:
        step *= 2.5 if str(int(step)).startswith("8") else 2
    return step


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#1f2328") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{text}</text>'
