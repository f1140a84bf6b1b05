"""Slow push-ins: a window that becomes a little smaller around a speaker. Pure.

The eyes stay where they are in the picture. A push never goes back: the window keeps its size until
the next cut, and no face that is shown whole is cut by it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from steps.model.crop import Region, ShotCrop
from steps.model.phrases import bare_word
from steps.model.timing import Span
from steps.model.tracks import ShotTracks, Track
from steps.model.transcript import Word
from steps.reframe.framing import HEAD_SHARE, sights_at
from steps.reframe.keying import keyframes
from steps.reframe.path import GRID_S, Floats, median

HOOK_MS = 3000
"""The first line of a clip has about so long to hold a viewer."""
WORD_MS, LEAD_MS = 1500, 300
"""A push on a word takes so long, and begins so long before it."""
REST_MS = 4000
"""From the end of a push to the next one, at least."""
HOOK_SHARE, WORD_SHARE, MOST_SHARE = 0.04, 0.02, 0.08
"""How much closer a push goes, and all pushes of one shot together: 1.3 % a second is felt more
than seen."""
LEAST_SHARE = 0.01
"""A shot with less room than this stays still."""
HEAD_ROOM = 0.03
"""Of the head's size, on each side, that a push leaves at the window's edges."""


def pushes_of(clip: Span, words: Sequence[Word], keys: Collection[str]) -> list[Span]:
    """When a clip may be pushed in on: its hook first, then where a key word is said, in order.

    Args:
        clip: its time.
        words: of the source.
        keys: bare words, as `key_words` makes them.
    """
    found = [Span(in_ms=clip.in_ms, out_ms=min(clip.out_ms, clip.in_ms + HOOK_MS))]
    for word in words:
        start = word.in_ms - LEAD_MS
        if clip.in_ms <= start and word.out_ms <= clip.out_ms and bare_word(word.text) in keys:
            found.append(Span(in_ms=start, out_ms=start + WORD_MS))
    return found


def with_pushes(crop: ShotCrop, shot: ShotTracks, pushes: Sequence[Span]) -> ShotCrop:
    """A crop that follows somebody, with the push-ins that fit into it; others as they are.

    Args:
        crop: of the shot or of a part of it.
        shot: its tracks.
        pushes: of the clip; the first is its hook.
    """
    tracks = {track.id: track for track in shot.tracks}
    if crop.layout != "focus" or crop.subject not in tracks:
        return crop
    (region,) = crop.regions
    chosen = _chosen(crop, pushes)
    anchor = _anchor(tracks[crop.subject], region, crop)
    most = _room(crop, region, shot, anchor)
    if not chosen or most < LEAST_SHARE:
        return crop
    moments = crop.in_ms + np.arange(0, crop.duration_ms, round(1000 * GRID_S))
    share = np.zeros(len(moments))
    for push in chosen:
        done = np.clip((moments - push.in_ms) / push.duration_ms, 0, 1)
        full = HOOK_SHARE if push is pushes[0] else WORD_SHARE
        share += np.round(full * done**2 * (3 - 2 * done), 6)
    share *= min(1.0, most / max(most, float(share.max())))
    corners = np.array([_corner(region, float(moment)) for moment in moments])
    window = np.array([region.window.width_px, region.window.height_px], float)
    shift = (np.array(anchor) - 0.5) * window * (1 - 1 / (1 + share))[:, None]
    x, y = (corners + shift).T
    moved = region.model_copy(update={"keyframes": keyframes(crop, x, y, share, region.window)})
    return crop.model_copy(update={"regions": (moved,)})


def _chosen(crop: ShotCrop, pushes: Sequence[Span]) -> list[Span]:
    """Those that begin and end in the crop, spread over it; a cut may end the hook's early."""
    hook = pushes[0]
    first = [hook] if hook.in_ms == crop.in_ms and crop.duration_ms >= WORD_MS else []
    left = round((MOST_SHARE - HOOK_SHARE * len(first)) / WORD_SHARE)
    rest_ms = max(REST_MS, crop.duration_ms // (left + 1) - WORD_MS)
    found = list(first)
    for push in pushes[1:]:
        fits = crop.in_ms <= push.in_ms and push.out_ms <= crop.out_ms
        if fits and (not found or push.in_ms >= found[-1].out_ms + rest_ms):
            found.append(push)
    return found[: left + len(first)]


def _corner(region: Region, moment_ms: float) -> tuple[float, float]:
    x, y = region.corner_mpx(round(moment_ms))
    return float(x) / 1000, float(y) / 1000


def _anchor(track: Track, region: Region, crop: ShotCrop) -> tuple[float, float]:
    """Where the subject's face usually is in the window: what a push keeps in place."""
    shares, eyes = _in_window(track, region, crop)
    usual = np.median(shares, axis=1)
    aside, above = (usual[0] + usual[2]) / 2, np.median(eyes)
    return float(np.clip(aside, 0, 1)), float(np.clip(above, 0, 1))


def _in_window(track: Track, region: Region, crop: ShotCrop) -> tuple[Floats, Floats]:
    """The edges of a head in shares of the window, shape (4, n), and the eyes', shape (n,)."""
    seen = [one.time_ms for one in track.detections if crop.contains(one.time_ms)]
    times = np.array(seen or [crop.in_ms], float)
    corners = np.array([_corner(region, moment) for moment in times]).T
    window = np.array([[region.window.width_px], [region.window.height_px]], float)
    sights = sights_at(track, times)
    edges = (sights[:4] - np.tile(corners, (2, 1))) / np.tile(window, (2, 1))
    return edges, (sights[4] - corners[1]) / window[1]


def _room(crop: ShotCrop, region: Region, shot: ShotTracks, anchor: tuple[float, float]) -> float:
    """How much closer the window may go: heads stay whole, and no larger than a close-up's."""
    room = MOST_SHARE
    for track in shot.tracks:
        if track.detections[-1].time_ms < crop.in_ms or crop.out_ms <= track.detections[0].time_ms:
            continue
        edges = np.stack([median(edge) for edge in _in_window(track, region, crop)[0]])
        whole = (edges[:2] >= 0).all(axis=0) & (edges[2:] <= 1).all(axis=0)
        if track.id == crop.subject and not whole.any():
            return 0.0
        if not track.lives or not whole.any():
            continue
        left, top, right, bottom = edges[:, whole]
        tall = float(np.median(bottom - top))
        if track.id == crop.subject and tall > 0:
            room = min(room, HEAD_SHARE / tall - 1)
        for low, high, middle in ((left, right, anchor[0]), (top, bottom, anchor[1])):
            spare = HEAD_ROOM * (high - low)
            for near, far in ((middle - low + spare, middle), (high + spare - middle, 1 - middle)):
                if near.max() > 0:
                    room = min(room, float(far / near.max()) - 1)
    return room
