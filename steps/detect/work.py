"""detect's work: clips and their cuts in, tracks.json out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.contract import Context
from steps.contract.errors import BrokenContract
from steps.detect import DetectParams
from steps.detect.looks import look
from steps.detect.mouths import WATCHED_FPS, MouthWatch
from steps.detect.mtcnn import Mtcnn
from steps.detect.shots import spans
from steps.detect.sights import followed, shot_tracks
from steps.detect.speakers import by_mouth, by_size
from steps.detect.tracker import Seen
from steps.detect.turns import turns
from steps.media import audio
from steps.media.frames import sampled
from steps.model import artifacts
from steps.model.clips import Clip
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.model.tracks import ClipTracks, Tracks
from steps.model.weights import MTCNN_ONET, MTCNN_PNET, MTCNN_RNET

MIN_FACE_PX = 24
"""Smallest face looked for, in the 640 px wide picture: 7 % of the height of 16:9."""

Loudness = NDArray[np.int32]


def run(context: Context[DetectParams]) -> None:
    """Look at every clip."""
    size = context.read(artifacts.SOURCE_META).video.size
    clips = context.read(artifacts.CLIPS).clips
    propose, refine, output = map(context.weights, (MTCNN_PNET, MTCNN_RNET, MTCNN_ONET))
    detector = Mtcnn(propose, refine, output, MIN_FACE_PX)
    has_sound = context.has(artifacts.AUDIO)
    loudness = audio.loudness(context.input(artifacts.AUDIO)) if has_sound else None
    seen = []
    for clip in clips:
        report = _progress(context, clips, clip)
        seen.append(_clip(context, clip, detector, loudness, size, report))
    crowded = any(len(shot.tracks) > 1 for clip in seen for shot in clip.shots)
    if crowded and loudness is None:
        context.degrade(
            "speaker-by-size", "several faces and no sound: the largest is taken to speak"
        )
    context.write(
        artifacts.TRACKS,
        Tracks(
            size=size,
            sample_ms=round(1000 / context.params.sample_fps),
            detector="mtcnn",
            speaker_method="mouth" if crowded and has_sound else "largest",
            clips=tuple(seen),
        ),
    )


def _clip(
    context: Context[DetectParams],
    clip: Clip,
    detector: Mtcnn,
    loudness: Loudness | None,
    size: Size,
    report: Callable[[int], None],
) -> ClipTracks:
    path = context.input(artifacts.CUTS) / f"{clip.id}.mkv"
    if not path.is_file():
        raise BrokenContract(f"the cut {path.name} is missing: run cut again")
    looks, cuts_ms = look(path, clip, context.params.sample_fps, detector, report)
    if not looks:
        raise BrokenContract(f"{path.name} shows nothing of its clip: run cut again")
    shots = []
    for shot in spans(cuts_ms, clip):
        own = [one for one in looks if shot.contains(one.time_ms)]
        tracks = followed(shot, own)
        watch = _watched(path, shot, tracks) if len(tracks) > 1 and loudness is not None else None
        if watch is None or loudness is None:
            scores = by_size(shot, tracks)
        else:
            step_ms = audio.ENVELOPE_STEP_MS
            scores = by_mouth(shot, watch.times_ms, watch.movements, loudness, step_ms)
        shots.append(shot_tracks(shot, own, tracks, turns(shot, scores), watch, size))
    faces = sum(len(shot.tracks) for shot in shots)
    context.log.info("looked", clip=clip.id, shots=len(shots), faces=faces)
    return ClipTracks(id=clip.id, shots=tuple(shots))


def _watched(path: Path, shot: Span, tracks: Sequence[Sequence[Seen]]) -> MouthWatch:
    """The mouths of a shot, looked at more often than faces are looked for."""
    watch = MouthWatch(tracks)
    for picture in sampled(path, WATCHED_FPS, shot):
        watch.add(picture.time_ms, picture.pixels, picture.scale)
    return watch


def _progress(
    context: Context[DetectParams], clips: Sequence[Clip], current: Clip
) -> Callable[[int], None]:
    """Report a time inside a clip as seconds done of all clips' seconds."""
    total = sum(clip.duration_ms for clip in clips) // 1000
    before = sum(clip.duration_ms for clip in clips if clip.in_ms < current.in_ms)

    def report(time_ms: int) -> None:
        context.progress.report((before + time_ms - current.in_ms) // 1000, max(1, total))

    return report
