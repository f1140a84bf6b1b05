"""detect's work: clips and their cuts in, tracks.json out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.contract import Context
from steps.contract.errors import BrokenContract
from steps.detect import DetectParams
from steps.detect.mouths import WATCHED_FPS, MouthWatch
from steps.detect.mtcnn import Mtcnn
from steps.detect.samples import Sample, sample_clip
from steps.detect.shots import spans
from steps.detect.speakers import Stretch, by_mouth, by_size, turns
from steps.detect.tracker import Seen, Tracker
from steps.media import audio
from steps.media.frames import sampled
from steps.model import artifacts
from steps.model.clips import Clip
from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.tracks import ClipTracks, Detection, ShotTracks, Track, Tracks, Turn
from steps.model.weights import MTCNN_ONET, MTCNN_PNET, MTCNN_RNET

MIN_FACE_PX = 24
"""Smallest face to detect, in the 640 px wide picture: 7 % of the height of 16:9."""


def run(context: Context[DetectParams]) -> None:
    """Write tracks.json for all clips."""
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
            "speaker-by-size", "several faces but no sound: the largest face counts as the speaker"
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
    loudness: NDArray[np.int32] | None,
    size: Size,
    report: Callable[[int], None],
) -> ClipTracks:
    path = context.input(artifacts.CUTS) / f"{clip.id}.mkv"
    if not path.is_file():
        raise BrokenContract(f"cuts/{path.name} is missing: rerun the job to recreate it")
    samples, cuts_ms = sample_clip(path, clip, context.params.sample_fps, detector, report)
    if not samples:
        raise BrokenContract(
            f"cuts/{path.name} has no picture between {clip.in_ms} and {clip.out_ms} ms, where "
            f"clips.json puts {clip.id}: rerun the job to recreate it"
        )
    shots = []
    for shot in spans(cuts_ms, clip):
        own = [one for one in samples if shot.contains(one.time_ms)]
        tracks = _followed(shot, own)
        watch = _watched(path, shot, tracks) if len(tracks) > 1 and loudness is not None else None
        if watch is None or loudness is None:
            scores = by_size(shot, tracks)
        else:
            step_ms = audio.ENVELOPE_STEP_MS
            scores = by_mouth(shot, watch.times_ms, watch.movements, loudness, step_ms)
        shots.append(_shot_tracks(shot, own, tracks, turns(shot, scores), watch, size))
    faces = sum(len(shot.tracks) for shot in shots)
    context.log.info("looked", clip=clip.id, shots=len(shots), faces=faces)
    return ClipTracks(id=clip.id, shots=tuple(shots))


def _followed(shot: Span, samples: Sequence[Sample]) -> list[list[Seen]]:
    """The tracks of the faces in a shot's samples, in source pixels."""
    tracker = Tracker()
    for one in samples:
        faces = [
            (np.array(face.box) / one.scale, face.score, face.landmarks.astype(float) / one.scale)
            for face in one.faces
        ]
        tracker.add(one.time_ms, faces)
    return tracker.tracks(shot.duration_ms)


def _watched(path: Path, shot: Span, tracks: Sequence[Sequence[Seen]]) -> MouthWatch:
    """Follow the mouths of a shot, at more moments than faces are detected at."""
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


def _shot_tracks(
    shot: Span,
    samples: Sequence[Sample],
    tracks: Sequence[Sequence[Seen]],
    turns: Sequence[Stretch],
    watch: MouthWatch | None,
    size: Size,
) -> ShotTracks:
    """The document of one shot; tracks are named `face_1`, `face_2` and so on, in order."""
    names = [f"face_{number}" for number in range(1, len(tracks) + 1)]
    return ShotTracks(
        in_ms=shot.in_ms,
        out_ms=shot.out_ms,
        detail=_thousandths([one.detail for one in samples]),
        motion=_thousandths([one.motion for one in samples[1:]]),
        tracks=tuple(
            Track(id=name, subject="face", detections=_detections(track, index, watch, size))
            for index, (name, track) in enumerate(zip(names, tracks, strict=True))
        ),
        turns=tuple(
            Turn(in_ms=turn.span.in_ms, out_ms=turn.span.out_ms, track=names[turn.track])
            for turn in turns
        ),
    )


def _detections(
    track: Sequence[Seen], index: int, watch: MouthWatch | None, size: Size
) -> tuple[Detection, ...]:
    ends = [*(seen.time_ms for seen in track[1:]), track[-1].time_ms + 1000]
    return tuple(
        Detection(
            time_ms=seen.time_ms,
            box=_inside(seen, size),
            score=min(1000, max(0, round(1000 * seen.score))),
            eyes_y_px=min(size.height_px, max(0, round(float(seen.landmarks[:2, 1].mean())))),
            mouth=watch.between(seen.time_ms, end, index) if watch else None,
        )
        for seen, end in zip(track, ends, strict=True)
    )


def _inside(seen: Seen, size: Size) -> Box:
    """The part of the box inside the picture."""
    left, top = np.clip(np.round(seen.box[:2]), 0, (size.width_px, size.height_px))
    right, bottom = np.clip(
        np.round(seen.box[:2] + seen.box[2:]), (left, top), (size.width_px, size.height_px)
    )
    return Box(
        x_px=int(left), y_px=int(top), width_px=int(right - left), height_px=int(bottom - top)
    )


def _thousandths(shares: Sequence[float]) -> int:
    return min(1000, round(1000 * float(np.median(shares)))) if shares else 0
