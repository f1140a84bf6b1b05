"""Where the faces of a shot are in the output, so that nothing is written over them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

from steps.model.crop import MAX_FACES, Region, ShotCrop, ShownFace
from steps.model.geometry import Box, Size
from steps.model.tracks import ShotTracks, Track

MARGIN_SHARE = 0.1
"""Of a face's size, on each side: a detector's box ends at the chin and below the hair."""
LEAST_SHARE = 0.04
"""Of the output's height: lower faces, as those of a crowd, do not decide where text goes."""
SEEN_SHARE = 0.4
"""A face is in a region if it shows this much of it."""
GROWTH = 1.5
"""The union of a face's places has at most this many times the area of the largest of them; where
the face moves further, another part of the time begins."""
MOST_PARTS = 6
"""Of one face in one shot; one that comes and goes more often has a part for each of its stays."""


@dataclass(frozen=True)
class _Sighting:
    """A face in the output at a moment: left, top, right, bottom in pixels."""

    time_ms: int
    edges: tuple[float, float, float, float]

    @property
    def area(self) -> float:
        left, top, right, bottom = self.edges
        return (right - left) * (bottom - top)

    def joined(self, other: _Sighting) -> _Sighting:
        least = map(min, self.edges[:2], other.edges[:2])
        most = map(max, self.edges[2:], other.edges[2:])
        left, top, right, bottom = (*least, *most)
        return _Sighting(self.time_ms, (left, top, right, bottom))


def with_faces(crop: ShotCrop, shot: ShotTracks, output: Size, sample_ms: int) -> ShotCrop:
    """A crop with the faces that it shows.

    Args:
        crop: of the shot or of a part of it.
        shot: its tracks, in pixels of the whole source picture.
        output: size of the clip.
        sample_ms: distance of the sampled frames.
    """
    least = LEAST_SHARE * output.height_px
    found = [
        face
        for track in shot.tracks
        for region in crop.regions
        for face in _faces(track, region, crop, least, sample_ms)
    ]
    largest = sorted(found, key=lambda face: -face.box.area_px * face.duration_ms)[:MAX_FACES]
    order = sorted(largest, key=lambda face: (face.in_ms, face.track, face.box.y_px))
    return crop.model_copy(update={"faces": tuple(order)})


def _faces(
    track: Track, region: Region, crop: ShotCrop, least: float, sample_ms: int
) -> Iterator[ShownFace]:
    seen = list(_sightings(track, region, crop, sample_ms))
    heights = sorted(one.edges[3] - one.edges[1] for one in seen)
    if not seen or heights[len(heights) // 2] < least:
        return
    growth = GROWTH
    parts = _parts(seen, growth, sample_ms)
    stays = len(_parts(seen, inf, sample_ms))
    while len(parts) > max(MOST_PARTS, stays):
        growth *= 1.5
        parts = _parts(seen, growth, sample_ms)
    for place, (first, last, union) in enumerate(parts):
        until = parts[place + 1][0] if place + 1 < len(parts) else last + sample_ms
        start = max(crop.in_ms, first - (sample_ms if place == 0 else 0))
        end = min(crop.out_ms, until)
        box = _inside(union, region.target)
        if start < end and box.area_px:
            yield ShownFace(in_ms=start, out_ms=end, track=track.id, box=box)


def _sightings(track: Track, region: Region, crop: ShotCrop, sample_ms: int) -> Iterator[_Sighting]:
    """Where the region shows a face, with its margin."""
    target = region.target
    for one in track.detections:
        if not crop.in_ms - sample_ms < one.time_ms < crop.out_ms + sample_ms:
            continue
        now = min(max(one.time_ms, crop.in_ms), crop.out_ms - 1)
        edges = region.placed(one.head or one.box, now)
        left, top, right, bottom = edges
        across = min(right, target.right_px) - max(left, target.x_px)
        down = min(bottom, target.bottom_px) - max(top, target.y_px)
        whole = (right - left) * (bottom - top)
        if min(across, down) <= 0 or across * down < SEEN_SHARE * whole:
            continue
        aside, above = MARGIN_SHARE * (right - left), MARGIN_SHARE * (bottom - top)
        yield _Sighting(now, (left - aside, top - above, right + aside, bottom + above))


def _parts(
    seen: Sequence[_Sighting], growth: float, sample_ms: int
) -> list[tuple[int, int, _Sighting]]:
    """First and last moment of each part of the time, and the union of the face's places."""
    found: list[tuple[int, int, _Sighting]] = []
    largest = 0.0
    for one in seen:
        if found:
            first, last, union = found[-1]
            joined = union.joined(one)
            largest = max(largest, one.area)
            if one.time_ms - last <= 3 * sample_ms and joined.area <= growth * largest:
                found[-1] = (first, one.time_ms, joined)
                continue
        found.append((one.time_ms, one.time_ms, one))
        largest = one.area
    return found


def _inside(union: _Sighting, target: Box) -> Box:
    left, top, right, bottom = union.edges
    edges = max(0, floor(left)), max(0, floor(top)), ceil(right), ceil(bottom)
    return Box.of_edges(*edges) & target
