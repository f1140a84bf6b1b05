"""Whose voice is whose face: the speakers of the transcript matched to the faces of a clip. Pure.

One voice belongs to one face of a shot and one face to one voice, by how long the face seemed to
speak while the voice was heard, summed over the whole clip. So a face with a small, hidden or
turned mouth speaks when its voice does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.detect.engines.protocol import Floats, Sight
from steps.detect.speakers import STEP_MS, grid
from steps.detect.tracker import iou
from steps.model.timing import Span
from steps.model.transcript import Word

SAME_PLACE_IOU = 0.4
"""Tracks of a clip at one place, not at one time, are one face: cameras come back to a view."""
BRIDGED_MS = 500
"""A voice goes on over a gap of this length between two of its words."""
LEAST_S = 0.8
"""Least score, in seconds, that a face has while its voice is heard."""
LEAST_SHARE = 0.6
"""Least share of that score in the one of all faces of the shot."""
LEAST_VOICE_S = 1.5
"""The last voice and the last face belong together only if the voice is heard for this long."""
VOICE_SHARE = 0.6
"""Weight of the voice against the mouth."""


@dataclass(frozen=True)
class ShotFaces:
    """A shot: its time, the tracks of its faces and how likely each speaks, (steps, tracks)."""

    shot: Span
    faces: Sequence[Sequence[Sight]]
    scores: Floats


def with_voices(seen: Sequence[ShotFaces], words: Sequence[Word]) -> list[Floats]:
    """The scores of every shot, weighed with who is heard; unchanged where one voice is known.

    Args:
        seen: the shots of a clip.
        words: of the source, in order; without diarization they have no speaker.
    """
    names = sorted({word.speaker for word in words if word.speaker})
    if len(names) < 2:
        return [one.scores for one in seen]
    active = [voices_in(one.shot, words, names) for one in seen]
    faces = same_faces(seen)
    count = 1 + max((number for numbers in faces for number in numbers), default=-1)
    together = np.zeros((len(names), count))
    for one, on, numbers in zip(seen, active, faces, strict=True):
        for track, number in enumerate(numbers):
            score = np.nan_to_num(one.scores[:, track])
            together[:, number] += (on * score[:, None]).sum(axis=0) * STEP_MS / 1000
    spoken_s = np.sum([on.sum(axis=0) for on in active], axis=0) * STEP_MS / 1000
    return [
        _weighed(one.scores, on, matched(together, sorted(set(numbers)), spoken_s), numbers)
        for one, on, numbers in zip(seen, active, faces, strict=True)
    ]


def voices_in(shot: Span, words: Sequence[Word], names: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each voice is heard in each step of a shot, shape (steps, voices)."""
    steps = grid(shot)
    heard = np.zeros((len(steps), len(names)), np.bool_)
    last: Word | None = None
    for word in words:
        if word.speaker:
            goes_on = last is not None and last.speaker == word.speaker
            near = last is not None and goes_on and word.in_ms - last.out_ms <= BRIDGED_MS
            start_ms = last.out_ms if last is not None and near else word.in_ms
            if start_ms < shot.out_ms and word.out_ms > shot.in_ms:
                heard[(steps >= start_ms) & (steps < word.out_ms), names.index(word.speaker)] = True
        last = word
    return heard


def same_faces(seen: Sequence[ShotFaces]) -> list[list[int]]:
    """A number for the face of each track of each shot; tracks seen at one time differ."""
    known: list[list[tuple[int, int, int, Floats]]] = []
    numbers: list[list[int]] = []
    for at, one in enumerate(seen):
        row = []
        for track in one.faces:
            box = np.median([sight.box for sight in track], axis=0)
            first, last = track[0].time_ms, track[-1].time_ms
            here = [
                number
                for number, members in enumerate(known)
                if iou(members[-1][3], box) >= SAME_PLACE_IOU
                and all(shot != at or last < a or first > b for shot, a, b, _ in members)
            ]
            if not here:
                here = [len(known)]
                known.append([])
            known[here[0]].append((at, first, last, box))
            row.append(here[0])
        numbers.append(row)
    return numbers


def matched(together: Floats, faces: Sequence[int], spoken_s: Floats) -> dict[int, int]:
    """The face of each voice among those of a shot.

    Pairs are taken by the seconds that they go together, then by voice, then by face. One voice and
    one face that are left over belong together when the others are matched.

    Args:
        together: for each voice and face, the seconds of score while the voice is heard.
        faces: those that are in the shot.
        spoken_s: for how long each voice is heard.
    """
    pairs = sorted((-together[voice, face], voice, face) for voice in range(len(together))
                   for face in faces)  # fmt: skip
    found: dict[int, int] = {}
    for less, voice, face in pairs:
        enough = -less >= max(LEAST_S, LEAST_SHARE * float(together[voice, list(faces)].sum()))
        if enough and voice not in found and face not in found.values():
            found[voice] = face
    voices = [v for v in range(len(together)) if v not in found and spoken_s[v] >= LEAST_VOICE_S]
    left = [face for face in faces if face not in found.values()]
    if found and len(voices) == len(left) == 1:
        found[voices[0]] = left[0]
    return found


def _weighed(
    scores: Floats, active: NDArray[np.bool_], faces: dict[int, int], numbers: Sequence[int]
) -> Floats:
    """The scores where a matched voice is heard: mostly its face's."""
    result = scores.copy()
    for voice, face in faces.items():
        mine = np.array([number == face for number in numbers])
        there = active[:, voice] & (~np.isnan(scores[:, mine])).any(axis=1)
        result[there] = (1 - VOICE_SHARE) * scores[there] + VOICE_SHARE * mine
    return result
