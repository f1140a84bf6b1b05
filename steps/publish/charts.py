"""Charts as inline SVG. Pure: the same numbers give the same text; no text is drawn in them.

Every chart is stretched to the width of its place, so words stand beside it in HTML, where a phone
shows them at their own size. Colours are classes of the page's style sheet;
where it may not be used, as at Argo's artifact endpoint, bars are black and windows are outlines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from steps.model.crop import Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.tracks import Track
from steps.publish.source_frames import FrameFile

WIDTH = 1000
"""Units of a stretched chart."""
MOST_BARS = 400
"""More passages are joined, the best of each group shown: a page has some 1000 pixels."""
LEAST_WIDTH = 2
"""A mark in a stretched chart is at least this wide, so that it can be seen."""
MOST_POINTS = 160
"""Of one path of one shot."""
OUTLINES = 'fill="none" stroke="currentColor" '
"""How shapes that cover one another look without the style sheet, which wins over attributes."""

Bar = tuple[Span, int, bool]
"""A span, its height in thousandths, and whether it is marked."""


def score_bars(bars: Sequence[Bar], whole_ms: int, height: int = 100) -> Markup:
    """A bar for each passage of the source, as high as its score."""
    return _stretched(
        height,
        (
            _rect(
                _x(span.in_ms, whole_ms),
                height - max(2, tall * height // 1000),
                max(1, _x(span.out_ms, whole_ms) - _x(span.in_ms, whole_ms) - 1),
                max(2, tall * height // 1000),
                "bar chosen" if marked else "bar",
            )
            for span, tall, marked in _joined(bars)
        ),
    )


def marks(spans: Iterable[Span], whole_ms: int, style: str, height: int = 20) -> Markup:
    """A lane of spans; those that touch at this scale become one."""
    joined: list[list[int]] = []
    for span in spans:
        left = _x(span.in_ms, whole_ms)
        right = max(left + LEAST_WIDTH, _x(span.out_ms, whole_ms))
        if joined and left <= joined[-1][1]:
            joined[-1][1] = max(right, joined[-1][1])
        else:
            joined.append([left, right])
    return _stretched(
        height, (_rect(left, 0, right - left, height, style) for left, right in joined)
    )


def crop_path(shots: Sequence[ShotCrop], size: Size, tracks: Sequence[Track]) -> Markup:
    """Where the crop windows are over a clip's time, and the faces in it.

    Time runs to the right; the left edge of the source is at the top.
    """
    start, whole = shots[0].in_ms, max(1, shots[-1].out_ms - shots[0].in_ms)
    height = 240

    def across(time_ms: int) -> int:
        return _x(min(max(time_ms, start), start + whole) - start, whole)

    def down(x_px: int) -> int:
        return min(height, max(0, x_px * height // size.width_px))

    parts = [_rect(0, 0, WIDTH, height, "frame")]
    for shot in shots:
        for number, region in enumerate(shot.regions):
            points = _window_points(shot, region)
            top = [f"{across(time)},{down(x)}" for time, x in points]
            bottom = [f"{across(time)},{down(x + region.window.width_px)}" for time, x in points]
            parts.append(
                f'<polygon class="window w{number % 4}" points="{" ".join(top + bottom[::-1])}"/>'
            )
    for track in tracks:
        step = max(1, len(track.detections) // MOST_POINTS)
        middles = [
            f"{across(one.time_ms)},{down(one.box.x_px + one.box.width_px // 2)}"
            for one in track.detections[::step]
        ]
        if len(middles) > 1:
            parts.append(f'<polyline class="face" points="{" ".join(middles)}"/>')
    parts += [
        f'<line class="cut" x1="{across(shot.in_ms)}" y1="0" x2="{across(shot.in_ms)}" '
        f'y2="{height}"/>'
        for shot in shots[1:]
    ]
    return _stretched(height, parts, OUTLINES)


def before(
    shot: ShotCrop, size: Size, tracks: Sequence[Track], picture: FrameFile | None = None
) -> Markup:
    """The source's frame in a shot: faces, and the windows that are taken from it.

    Args:
        shot: whose windows are drawn.
        size: of the source.
        tracks: the faces of the clip.
        picture: is drawn under them, at its moment; without it the frame is empty, at the middle.
    """
    moment = picture.time_ms if picture else (shot.in_ms + shot.out_ms) // 2
    parts = [_rect(0, 0, size.width_px, size.height_px, "frame")]
    if picture:
        parts.append(_picture(picture, size))
    for track in tracks:
        nearest = min(track.detections, key=lambda one: (abs(one.time_ms - moment), one.time_ms))
        if shot.contains(nearest.time_ms):
            parts.append(_box(nearest.box, f"seen {track.subject}"))
    for number, region in enumerate(shot.regions):
        parts.append(_rect(*_window(region, moment), f"window w{number % 4}"))
    return _whole(size, parts, "pictured" if picture else "")


def after(shot: ShotCrop, size: Size, output: Size, picture: FrameFile | None = None) -> Markup:
    """The clip's frame: where each window goes, with what it shows of the picture.

    Args:
        shot: whose windows are drawn.
        size: of the source.
        output: of the clip.
        picture: of the source.
    """
    style = "blur" if shot.background == "blur" else "frame"
    parts = [_rect(0, 0, output.width_px, output.height_px, style)]
    if shot.background.startswith("#"):
        parts = [f'<rect fill="{shot.background}" width="100%" height="100%"/>']
    for number, region in enumerate(shot.regions):
        to = region.target
        if picture:
            seen = " ".join(map(str, _window(region, picture.time_ms)))
            parts.append(
                f'<svg x="{to.x_px}" y="{to.y_px}" width="{to.width_px}" height="{to.height_px}" '
                f'viewBox="{seen}" preserveAspectRatio="none">{_picture(picture, size)}</svg>'
            )
        parts.append(_box(to, f"window w{number % 4}"))
    return _whole(output, parts, "pictured" if picture else "")


def evidence(box: Box, size: Size) -> Markup:
    """Where in the picture something was found."""
    return _whole(size, (_rect(0, 0, size.width_px, size.height_px, "frame"), _box(box, "found")))


def _joined(bars: Sequence[Bar]) -> list[Bar]:
    group = -(-len(bars) // MOST_BARS) or 1
    found = []
    for first in range(0, len(bars), group):
        some = bars[first : first + group]
        span = Span(in_ms=some[0][0].in_ms, out_ms=max(some[0][0].in_ms, some[-1][0].out_ms))
        found.append((span, max(bar[1] for bar in some), any(bar[2] for bar in some)))
    return found


def _window_points(shot: ShotCrop, region: Region) -> list[tuple[int, int]]:
    """Time and left edge of a window from the first to the last moment of its shot."""
    frames = region.keyframes
    step = max(1, len(frames) // MOST_POINTS)
    kept = [*frames[:-1:step], frames[-1]]
    points = [(one.time_ms, one.x_mpx // 1000) for one in kept]
    return [(shot.in_ms, points[0][1]), *points, (shot.out_ms, points[-1][1])]


def _x(time_ms: int, whole_ms: int) -> int:
    return min(WIDTH, time_ms * WIDTH // max(1, whole_ms))


def _box(box: Box, style: str) -> str:
    return _rect(box.x_px, box.y_px, box.width_px, box.height_px, style)


def _rect(x: int, y: int, width: int, height: int, style: str) -> str:
    return f'<rect class="{style}" x="{x}" y="{y}" width="{width}" height="{height}"/>'


def _stretched(height: int, parts: Iterable[str], look: str = "") -> Markup:
    return Markup(
        f'<svg {look}class="lane" viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none" '
        f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _window(region: Region, time_ms: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of a window at a moment, in pixels of the source."""
    x_px, y_px, width, height = (int(value // 1000) for value in region.shown_mpx(time_ms))
    return x_px, y_px, width, height


def _picture(picture: FrameFile, size: Size) -> str:
    return (
        f'<image href="{picture.path}" width="{size.width_px}" height="{size.height_px}" '
        'preserveAspectRatio="none"/>'
    )


def _whole(size: Size, parts: Iterable[str], style: str = "") -> Markup:
    look = f'class="{style}" ' if style else ""
    return Markup(
        f'<svg {look}{OUTLINES}viewBox="0 0 {size.width_px} {size.height_px}" aria-hidden="true" '
        f'focusable="false">{"".join(parts)}</svg>'
    )
