"""Draw the frames of a scene one by one, and say where every face is in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.media import paint, people, sound
from tests.media.scene import UNITS_HIGH, Actor, Picture, Scene, Shot, Slide, View
from tests.media.truth import Box, ShotTruth, ShownText

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Lens:
    """World to frame: px = scale * world + (x, y); nothing is drawn outside `rect` (x, y, w, h)."""

    scale: float
    x: float
    y: float
    rect: tuple[int, int, int, int]


@dataclass(frozen=True)
class Frame:
    """One drawn frame (BGR) and the faces in it."""

    picture: Image
    faces: dict[str, Box]


def frame_count(scene: Scene) -> int:
    """Return how many frames fit the scene's length."""
    return frame_at(scene.rate, scene.length_ms)


def frame_at(rate: Fraction, ms: int) -> int:
    """Return the first frame at or after a time."""
    return -(-ms * rate.numerator // (1000 * rate.denominator))


def shot_spans(scene: Scene) -> list[tuple[Shot, int, int, int]]:
    """Return (shot, its start in ms, first frame, end frame) for every shot."""
    spans, start = [], 0
    for shot in scene.shots:
        end = start + shot.length_ms
        spans.append((shot, start, frame_at(scene.rate, start), frame_at(scene.rate, end)))
        start = end
    return spans


def _lens(view: View, ms: float, size: tuple[int, int]) -> Lens:
    width, height = size
    unit = min(width, height) / UNITS_HIGH if width < height else height / UNITS_HIGH
    x, y, w, h = view.rect or (0, 0, width, height)
    scale = unit * view.camera.zoom.at(ms)
    left = x + w / 2 - scale * view.camera.x.at(ms)
    top = y + h / 2 - scale * view.camera.y.at(ms)
    return Lens(scale, left, top, (x, y, w, h))


def _lay(canvas: Image, picture: Image, scale: float, x: float, y: float, lens: Lens) -> None:
    """Draw a premultiplied picture, scaled, its corner at (x, y), inside the lens's rectangle.

    Positions are of pixel edges; warpAffine counts from pixel centres, hence the halves.
    """
    left, top = max(lens.rect[0], int(x) - 1), max(lens.rect[1], int(y) - 1)
    right = min(lens.rect[0] + lens.rect[2], int(x + picture.shape[1] * scale) + 2)
    bottom = min(lens.rect[1] + lens.rect[3], int(y + picture.shape[0] * scale) + 2)
    if left >= right or top >= bottom:
        return
    shift = 0.5 * scale - 0.5
    matrix = np.array([[scale, 0, x - left + shift], [0, scale, y - top + shift]])
    size = (right - left, bottom - top)
    warped = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR)
    target = canvas[top:bottom, left:right]
    colour, cover = cv2.cvtColor(warped, cv2.COLOR_BGRA2BGR), cv2.extractChannel(warped, 3)
    if cover.min() == 255:
        target[:] = colour
        return
    behind = cv2.cvtColor(cv2.bitwise_not(cover), cv2.COLOR_GRAY2BGR)
    cv2.multiply(target, behind, target, scale=1 / 255)
    cv2.add(target, colour, target)


def _draw_picture(canvas: Image, layer: Picture, ms: float, lens: Lens) -> None:
    flat = paint.picture(layer.source, layer.blur)
    x = lens.scale * layer.x.at(ms) + lens.x
    y = lens.scale * layer.y.at(ms) + lens.y
    _lay(canvas, flat, lens.scale * layer.width / flat.shape[1], x, y, lens)


def _draw_actor(
    canvas: Image, actor: Actor, ms: float, lens: Lens, open_share: float
) -> Box | None:
    """Draw a person; return the face's box, or None when nothing of it can be seen."""
    puppet = people.person(actor.person)
    pose, rest = puppet.saying(open_share), puppet.poses[0]
    scale = lens.scale * actor.face_height / rest.box[3]
    centre_x, centre_y = rest.box[0] + rest.box[2] / 2, rest.box[1] + rest.box[3] / 2
    x = lens.scale * actor.x.at(ms) + lens.x - scale * centre_x
    y = lens.scale * actor.y.at(ms) + lens.y - scale * centre_y
    level, picture = pose.near(scale)
    _lay(canvas, picture, scale / level, x, y, lens)
    face = (x + scale * pose.box[0], y + scale * pose.box[1])
    box = (*face, scale * pose.box[2], scale * pose.box[3])
    left, top, w, h = lens.rect
    across = box[0] < left + w and box[0] + box[2] > left
    return box if across and box[1] < top + h and box[1] + box[3] > top else None


def frames(scene: Scene) -> Iterator[Frame]:
    """Draw every frame of the scene, in order."""
    width, height = scene.size
    mouths = sound.openness(scene, float(scene.rate), frame_count(scene))
    for shot, start_ms, first, end in shot_spans(scene):
        still_key: tuple[object, ...] | None = None
        backdrop = np.zeros((height, width, 3), np.uint8)
        for number in range(first, end):
            ms = float(number * 1000 / scene.rate) - start_ms
            lenses = [_lens(view, ms, scene.size) for view in shot.views]
            flat = _flat_layers(shot.views[0])
            key = (lenses[0], *((layer.x.at(ms), layer.y.at(ms)) for layer in flat))
            if key != still_key:
                still_key = key
                backdrop[:] = 0
                for still in flat:
                    _draw_picture(backdrop, still, ms, lenses[0])
            canvas = backdrop.copy()
            faces: dict[str, Box] = {}
            for index, (view, lens) in enumerate(zip(shot.views, lenses, strict=True)):
                if view.span_ms and not view.span_ms[0] <= ms < view.span_ms[1]:
                    continue
                behind = canvas.copy() if view.is_round else None
                for layer in view.layers[len(flat) if index == 0 else 0 :]:
                    if isinstance(layer, Picture):
                        _draw_picture(canvas, layer, ms, lens)
                        continue
                    mouth = mouths.get(layer.person)
                    share = 0.0 if mouth is None else float(mouth[number])
                    box = _draw_actor(canvas, layer, ms, lens, share)
                    if box:
                        faces[layer.person] = box
                if behind is not None:
                    _keep_ellipse(canvas, behind, lens.rect)
            yield Frame(canvas, faces)


def _keep_ellipse(canvas: Image, behind: Image, rect: tuple[int, int, int, int]) -> None:
    """Put back what was there outside the ellipse that touches the sides of a rectangle."""
    left, top, width, height = rect
    mask = np.zeros((height, width, 1), np.uint8)
    axes = (width // 2, height // 2)
    cv2.ellipse(mask, axes, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
    inside = (slice(top, top + height), slice(left, left + width))
    share = mask.astype(np.float32).reshape(height, width, 1) / 255
    canvas[inside] = np.rint(canvas[inside] * share + behind[inside] * (1 - share))


def _flat_layers(view: View) -> list[Picture]:
    """Return the pictures behind the first person: they are drawn once while they stay."""
    behind = takewhile(lambda layer: isinstance(layer, Picture), view.layers)
    return [layer for layer in behind if isinstance(layer, Picture)]


def shots_truth(scene: Scene) -> tuple[ShotTruth, ...]:
    """Return the shots in frames of the full rate, with the text on its slides."""
    return tuple(
        ShotTruth(kind=shot.kind, in_frame=first, out_frame=end, texts=_texts(shot, scene.size))
        for shot, _, first, end in shot_spans(scene)
    )


def _texts(shot: Shot, size: tuple[int, int]) -> tuple[ShownText, ...]:
    found: list[ShownText] = []
    for view in shot.views:
        lens = _lens(view, 0, size)
        if lens != _lens(view, shot.length_ms, size):
            continue
        for layer in view.layers:
            if isinstance(layer, Picture) and isinstance(layer.source, Slide):
                scale = lens.scale * layer.width / paint.SLIDE_SIZE[0]
                x = lens.scale * layer.x.at(0) + lens.x
                y = lens.scale * layer.y.at(0) + lens.y
                for text in paint.slide_texts(layer.source):
                    left, top, w, h = (scale * value for value in text.box)
                    box = (round(x + left, 2), round(y + top, 2), round(w, 2), round(h, 2))
                    found.append(ShownText(text=text.text, box=box))
    return tuple(found)
