"""detect's work: the plan and its cuts in, tracks.json and the final clips.json out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.contract import AUTO, Context
from steps.contract.cores import usable_cores
from steps.contract.engines import OFF
from steps.contract.errors import BrokenContract
from steps.detect import DetectParams
from steps.detect.bar_changes import changes_ms, inside_changing, smaller
from steps.detect.bars import inside_bars_of_shots
from steps.detect.dissolves import dissolves_ms
from steps.detect.edges import gradual_ms, on_cuts
from steps.detect.engines.largest import LargestFace
from steps.detect.engines.protocol import (
    Detector,
    Evidence,
    PoseEstimator,
    Scene,
    Sight,
    SpeakerMethod,
)
from steps.detect.guard import Guard
from steps.detect.lanes import MOST_LANES, Alive, in_lanes
from steps.detect.moderated import guard_of, moderated, moderated_before
from steps.detect.people import People, seen_in, shot_tracks
from steps.detect.presenters import comings_ms
from steps.detect.samples import MARGIN_MS, Blind, Eyes, Sample, sample_clip
from steps.detect.screens import screen_of
from steps.detect.shots import spans
from steps.detect.switches import cues_in
from steps.detect.voices import ShotFaces, with_voices
from steps.media.appearance import read_appearance
from steps.media.audio import ENVELOPE_STEP_MS, loudness
from steps.model import artifacts
from steps.model.clips import Clip, Clips
from steps.model.geometry import Box, Size
from steps.model.moderation import Finding
from steps.model.screens import Screen
from steps.model.timing import Span
from steps.model.tracks import ClipTracks, Tracks
from steps.model.transcript import Word


@dataclass(frozen=True)
class SeenShot:
    """What was seen in a shot; its samples are without their sketches, which are large.

    `inside` is the part of the picture inside bars that come or go in the clip, while they are
    there.
    """

    span: Span
    samples: list[Sample]
    people: People
    screen: Screen | None
    inside: Box | None


@dataclass(frozen=True)
class Looked:
    """What was seen in a clip, shot by shot; `size` is that of the pictures of every cut.

    `findings` are what the policy names in it, in `moderated` pictures that were looked at.
    """

    clip: Clip
    cut: Path
    size: Size
    shots: tuple[SeenShot, ...]
    findings: tuple[Finding, ...]
    moderated: int


@dataclass(frozen=True)
class Soundtrack:
    """What the source says: its loudness as from `media.audio`, and its words, if known."""

    loudness: NDArray[np.int32]
    words: Sequence[Word]


def run(context: Context[DetectParams]) -> None:
    """Write tracks.json, clips.json with their final edges, and moderation.json.

    Raises:
        Blocked: a clip shows what the policy blocks.
    """
    plan = context.read(artifacts.PLAN)
    has_words = context.has(artifacts.TRANSCRIPT)
    words = context.read(artifacts.TRANSCRIPT).words if has_words else ()
    source_size = context.read(artifacts.SOURCE_META).video.size
    before = moderated_before(context)
    guard = guard_of(context, before, source_size)
    looked = _looked(context, plan, words, guard)
    found = [(one.clip, one.findings) for one in looked]
    frames = sum(one.moderated for one in looked)
    verdict = moderated(context, before, found, frames, source_size) if guard else before
    context.write(artifacts.MODERATION, verdict)
    size = looked[0].size if looked else source_size
    crowded = any(len(shot.people.living) > 1 for clip in looked for shot in clip.shots)
    clips = tuple(_decided(context, looked, words, size, crowded))
    engines = {param: engine.name for param, engine in context.engines.items()}
    context.write(
        artifacts.TRACKS,
        Tracks(
            size=size,
            sample_ms=context.params.sample_ms,
            detector=engines.get("detector", OFF),
            pose=engines.get("pose", OFF),
            speaker_method=engines.get("speaker_method", "largest"),
            clips=clips,
        ),
    )
    final = plan.model_copy(update={"clips": tuple(one.clip for one in looked)})
    context.write(artifacts.CLIPS, final)


def _looked(
    context: Context[DetectParams], plan: Clips, words: Sequence[Word], guard: Guard | None
) -> list[Looked]:
    """Look at the pictures of all clips, with the engines that the params name."""

    def settled(clip: Clip, cuts_ms: tuple[int, ...]) -> Clip:
        if plan.exact:
            return clip
        span = on_cuts(clip, cuts_ms, words)
        return clip.model_copy(update={"in_ms": span.in_ms, "out_ms": span.out_ms})

    def with_pose(detector: Detector, pose: PoseEstimator) -> list[Looked]:
        try:
            eyes = Eyes(detector, pose, guard)
            progress = _Progress(context, plan.clips)

            def look(clip: Clip, alive: Alive) -> Looked:
                def report(time_ms: int) -> None:
                    alive()
                    progress.report(clip, time_ms)

                return _clip(context, clip, settled, eyes, report)

            lanes = usable_cores(MOST_LANES) if eyes.shareable else 1
            # A long clip that begins last would keep the others' lanes empty.
            longest_first = sorted(plan.clips, key=lambda clip: -clip.duration_ms)
            looked = {one.clip.id: one for one in in_lanes(look, longest_first, lanes)}
            return [looked[clip.id] for clip in plan.clips]
        finally:
            pose.close()

    def with_detector(detector: Detector) -> list[Looked]:
        found = context.use_if_any("pose", lambda pose: with_pose(detector, pose))
        return with_pose(detector, Blind()) if found is None else found

    if context.params.detector == OFF:
        return with_detector(Blind())
    return context.use("detector", with_detector)


def _clip(
    context: Context[DetectParams],
    clip: Clip,
    settled: Callable[[Clip, tuple[int, ...]], Clip],
    eyes: Eyes,
    report: Callable[[int], None],
) -> Looked:
    path = context.input(artifacts.CUTS) / f"{clip.id}.mkv"
    if not path.is_file():
        raise BrokenContract(f"cuts/{path.name} is missing: rerun the job to recreate it")
    watched = sample_clip(path, clip, context.params.sample_ms, eyes, report)
    if not watched.samples:
        raise BrokenContract(
            f"cuts/{path.name} has no picture between {clip.in_ms} and {clip.out_ms} ms, where "
            f"plan.json puts {clip.id}: rerun the job to recreate it"
        )
    size = read_appearance(path).shown
    bars = watched.bars.stretches(clip.out_ms + MARGIN_MS, size)
    at_once_ms = {*watched.cuts_ms, *changes_ms(bars)}
    cuts_ms = tuple(sorted({*at_once_ms, *dissolves_ms(watched.glimpses, sorted(at_once_ms))}))
    clip = settled(clip, (*cuts_ms, *gradual_ms(clip, watched.glimpses)))

    def seen(span: Span) -> SeenShot:
        own = [one for one in watched.samples if span.contains(one.time_ms)]
        people = seen_in(span, own, eyes.detector.sure_score, size)
        screen = screen_of(span, own, people, size)
        bare = [replace(one, sketch=None) for one in own]
        return SeenShot(span, bare, people, screen, inside_changing(bars, span))

    shots = []
    for span in spans(cuts_ms, clip):
        shot = seen(span)
        if apart := comings_ms(span, shot.screen, shot.people.named):
            edges = (span.in_ms, *apart, span.out_ms)
            shots += [seen(Span(in_ms=a, out_ms=b)) for a, b in pairwise(edges)]
        else:
            shots.append(shot)
    faces = sum(len(shot.people.faces) for shot in shots)
    context.log.info("looked", clip=clip.id, shots=len(shots), faces=faces)
    found = tuple(item for item in watched.findings if clip.contains(item.time_ms))
    return Looked(clip, path, size, tuple(shots), found, watched.moderated)


def _decided(
    context: Context[DetectParams],
    looked: Sequence[Looked],
    words: Sequence[Word],
    size: Size,
    crowded: bool,
) -> list[ClipTracks]:
    """The documents of all clips, with who speaks by the method that the params name."""
    audio = context.input(artifacts.AUDIO) if context.has(artifacts.AUDIO) else None

    def with_method(method: SpeakerMethod, sound: Soundtrack | None = None) -> list[ClipTracks]:
        return [_with_turns(one, method, audio, size, sound) for one in looked]

    if not crowded:
        return with_method(LargestFace())
    if audio is None and context.params.speaker_method == AUTO:
        context.degrade(
            "speaker-by-size", "several faces but no sound: the largest face counts as the speaker"
        )
        return with_method(LargestFace())
    sound = None if audio is None else Soundtrack(loudness(audio), words)
    return context.use("speaker_method", lambda method: with_method(method, sound))


def _with_turns(
    looked: Looked, method: SpeakerMethod, audio: Path | None, size: Size, sound: Soundtrack | None
) -> ClipTracks:
    def evidence_for(shot: Span, faces: Sequence[Sequence[Sight]]) -> Evidence:
        chosen = method if len(faces) > 1 else LargestFace()
        return chosen.scores(Scene(looked.cut, audio, shot, faces))

    lit = [[one.lit for one in shot.samples] for shot in looked.shots]
    bars = zip(inside_bars_of_shots(lit, size), looked.shots, strict=True)
    insides = [smaller(box, shot.inside) for box, shot in bars]
    evidence = [evidence_for(shot.span, shot.people.living) for shot in looked.shots]
    cues = None
    if sound is not None:
        cues = cues_in(looked.clip, sound.loudness, ENVELOPE_STEP_MS, sound.words)
        seen = [
            ShotFaces(shot.span, shot.people.living, one.scores)
            for shot, one in zip(looked.shots, evidence, strict=True)
        ]
        voiced = with_voices(seen, sound.words)
        evidence = [replace(a, scores=b) for a, b in zip(evidence, voiced, strict=True)]
    shots = (
        shot_tracks(
            shot.span, shot.samples, shot.people, one, size, inside, cues, screen=shot.screen
        )
        for shot, one, inside in zip(looked.shots, evidence, insides, strict=True)
    )
    return ClipTracks(id=looked.clip.id, shots=tuple(shots))


class _Progress:
    """The time inside each clip, as a share of all clips' time."""

    def __init__(self, context: Context[DetectParams], clips: Sequence[Clip]) -> None:
        self._progress = context.progress
        self._total_ms = max(1, sum(clip.duration_ms for clip in clips))
        self._done_ms = {clip.id: 0 for clip in clips}

    def report(self, clip: Clip, time_ms: int) -> None:
        self._done_ms[clip.id] = time_ms - clip.in_ms
        self._progress.report(sum(self._done_ms.values()), self._total_ms)
