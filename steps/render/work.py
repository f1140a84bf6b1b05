"""The work of render: one clip, from its cut to a checked MP4."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path

from steps.contract import Context
from steps.contract.errors import BrokenContract, HostFault, StepError, Transient
from steps.contract.ports import clip_of
from steps.media.appearance import Appearance, read_appearance
from steps.media.cuts import LONGEST_MS, read_cut
from steps.media.probe import probe
from steps.model import artifacts
from steps.model.captions import Captions, ClipCaptions
from steps.model.clips import Clip
from steps.model.crop import ClipCrops, Crops
from steps.model.geometry import Size
from steps.model.manifest import FAILED
from steps.model.moderation import Veil
from steps.model.render_check import Loudness, RenderCheck
from steps.model.timing import Span
from steps.model.weights import MONTSERRAT
from steps.render import RenderParams
from steps.render.colours import prepare
from steps.render.encode import VIDEO, encode
from steps.render.encoders import Encoder, choose
from steps.render.gate import Expected, measure
from steps.render.graph import (
    CAPTIONS_FILE,
    COMMANDS_FILE,
    FONTS_FOLDER,
    DecodedPicture,
    build_graph,
)
from steps.render.measured import Planned
from steps.render.plan import Grid, clip_grid, frame_runs, output_rate, thumbnail_frames
from steps.render.quality import described, run_checks
from steps.render.sound import SoundResult, encode_silence, encode_sound
from steps.render.thumbnail import STILL, make_thumbnail

TRACKS = artifacts.TRACKS.maybe()


def run(context: Context[RenderParams]) -> None:
    """Write clips/ID.mp4, its thumbnail and its check, for one clip in one aspect."""
    clip = _clip(context)
    plan = context.read(artifacts.CROPS)
    crops = next((item for item in plan.clips if item.id == clip.id), None)
    if crops is None:
        raise BrokenContract(f"crops.json has no {clip.id}: rerun the job to recreate it")
    meta = context.read(artifacts.SOURCE_META)
    cut = context.input(artifacts.CUT)
    appearance = read_appearance(cut)
    _check_agreement(clip, crops.span, plan.size, appearance.shown, cut)
    pictures = read_cut(cut)
    if not pictures.span.in_ms <= clip.in_ms < clip.out_ms <= pictures.end_ms + LONGEST_MS:
        raise BrokenContract(
            f"cuts/{cut.name} shows {pictures.span.in_ms} to {pictures.end_ms} ms, {clip.id} is "
            f"{clip.in_ms} to {clip.out_ms} ms: rerun the job to recreate the cut"
        )
    constant = None if meta.video.variable_rate else meta.video.rate
    rate = output_rate(meta.video, context.params.fps)
    grid = clip_grid(clip, rate, pictures.shown_at(clip.in_ms), constant)
    context.progress.report(1, 100)
    captions = context.read(artifacts.CAPTIONS)
    sound = _sound(context, cut, grid, captions)
    context.progress.report(5, 100)
    expected = _expected(context, cut, grid, plan, crops, captions)
    expected = _picture(context, grid, expected, appearance)
    make_thumbnail(
        context.scratch,
        expected.still,
        crops.shots,
        grid,
        plan.output,
        expected.titles,
        expected.safe,
    )
    _check(context, grid, expected, sound)
    shutil.move(context.scratch / VIDEO, context.output(artifacts.CLIP_VIDEO))
    shutil.move(context.scratch / STILL, context.output(artifacts.CLIP_PICTURE))


def _clip(context: Context[RenderParams]) -> Clip:
    for clip in context.read(artifacts.CLIPS).clips:
        if clip.id == clip_of(context.params.clip):
            return clip
    raise BrokenContract(f"clips.json has no {context.params.clip!r}: choose one of its ids")


def _check_agreement(clip: Clip, planned: Span, size: Size, shown: Size, cut: Path) -> None:
    """Check that crops.json belongs to this clips.json and this cut."""
    if (planned.in_ms, planned.out_ms) != (clip.in_ms, clip.out_ms):
        raise BrokenContract(
            f"crops.json has {clip.id} from {planned.in_ms} to {planned.out_ms} ms, clips.json "
            f"from {clip.in_ms} to {clip.out_ms} ms: rerun the job to recreate both"
        )
    if size != shown:
        raise BrokenContract(
            f"crops.json is for {size.width_px}x{size.height_px} px, cuts/{cut.name} has "
            f"{shown.width_px}x{shown.height_px}: rerun the job to recreate both"
        )


def _sound(
    context: Context[RenderParams], cut: Path, grid: Grid, captions: Captions
) -> SoundResult:
    if not probe(cut).audio:
        encode_silence(grid, context.scratch)
        context.degrade("no-sound", "the source has no sound: the clip has a silent track")
        return SoundResult.SILENT
    own = _own(captions, context.params.clip)
    silenced = own.swearing if own and captions.profanity in ("mute", "beep") else ()
    sound = encode_sound(
        cut, grid, context.scratch, silenced=silenced, tone=captions.profanity == "beep"
    )
    if sound is not SoundResult.LEVELLED:
        context.degrade("quiet-sound", f"the sound of {context.params.clip} is {sound.value}")
    return sound


def _picture(
    context: Context[RenderParams], grid: Grid, expected: Expected, appearance: Appearance
) -> Expected:
    """Encode the clip; without its captions where they cannot be drawn."""
    if expected.cues:
        try:
            _encode(context, grid, expected, appearance)
        except (HostFault, Transient):
            raise
        except StepError as error:
            plain = replace(expected, cues=())
            _encode(context, grid, plain, appearance)
            context.degrade(
                "captions-not-burned",
                f"the captions of {context.params.clip} could not be drawn into the picture, "
                f"use the .srt file: {error}",
            )
            return plain
    else:
        _encode(context, grid, expected, appearance)
    return expected


def _encode(
    context: Context[RenderParams], grid: Grid, expected: Expected, appearance: Appearance
) -> None:
    size = expected.size
    graph, commands = build_graph(
        DecodedPicture(size, appearance.size == size, prepare(appearance)),
        expected.output,
        grid,
        expected.runs,
        captions=bool(expected.cues),
        thumbnail=expected.still,
        veils=expected.veils,
    )
    (context.scratch / COMMANDS_FILE).write_text(commands.text(grid.rate))
    context.log.debug("graph", graph=graph)
    total = float(grid.duration_ms)
    encode(
        expected.cut,
        grid,
        graph,
        context.scratch,
        encoder=expected.encoder,
        quality=context.params.crf,
        on_time_ms=lambda done: context.progress.report(5 + 90 * done / total, 100),
    )


def _encoder(context: Context[RenderParams]) -> Encoder:
    encoder, reason = choose(context.params.encoder, context.params.preset)
    if reason:
        context.degrade("encoder-fallback", f"x264 encodes, {reason}")
    return encoder


def _expected(
    context: Context[RenderParams],
    cut: Path,
    grid: Grid,
    plan: Crops,
    crops: ClipCrops,
    captions: Captions,
) -> Expected:
    clip = context.params.clip
    own = _own(captions, clip)
    cues, titles = (own.cues, own.titles) if own else ((), ())
    burned = captions.burned and bool(cues)
    if burned or titles:
        _lay_out_font(context)
    if burned:
        _lay_out_captions(context)
    tracks = context.read(TRACKS) if context.has(TRACKS) else None
    return Expected(
        cut=cut,
        size=plan.size,
        output=plan.output,
        crops=crops,
        runs=frame_runs(crops.shots, grid),
        cues=cues if burned else (),
        safe=captions.safe,
        tracks=next((one for one in tracks.clips if one.id == crops.id), None) if tracks else None,
        sample_ms=tracks.sample_ms if tracks else 1,
        encoder=_encoder(context),
        titles=titles,
        still=thumbnail_frames(crops.shots, grid),
        veils=_veils(context, grid),
    )


def _own(captions: Captions, clip: str) -> ClipCaptions | None:
    """The captions of a clip."""
    return next((one for one in captions.clips if one.id == clip_of(clip)), None)


def _veils(context: Context[RenderParams], grid: Grid) -> tuple[Veil, ...]:
    """What is blurred in the clip, reported."""
    if not context.has(artifacts.MODERATION):
        return ()
    shown = Span(in_ms=grid.origin_ms, out_ms=math.ceil(grid.origin_ms + grid.duration_ms))
    veils = context.read(artifacts.MODERATION).veils
    found = tuple(veil for veil in veils if veil.overlap_ms(shown))
    if found:
        labels = ", ".join(sorted({veil.label.lower().replace("_", " ") for veil in found}))
        context.degrade("blurred", f"{context.params.clip} is blurred in part: {labels}")
    return found


def _lay_out_captions(context: Context[RenderParams]) -> None:
    """Put the captions where the graph looks for them."""
    if not context.has(artifacts.CLIP_ASS):
        raise BrokenContract(
            f"clips/{context.params.clip}.ass is missing: rerun the job to recreate it"
        )
    shutil.copyfile(context.input(artifacts.CLIP_ASS.maybe()), context.scratch / CAPTIONS_FILE)


def _lay_out_font(context: Context[RenderParams]) -> None:
    """Put the font of captions and titles where the graph looks for it."""
    fonts = context.scratch / FONTS_FOLDER
    fonts.mkdir()
    font = context.weights(MONTSERRAT)
    shutil.copyfile(font, fonts / font.name)


def _check(
    context: Context[RenderParams], grid: Grid, expected: Expected, sound: SoundResult
) -> None:
    measured = measure(context.scratch / VIDEO, grid, expected)
    clip = context.params.clip
    black = measured.pictures.black == 1 and measured.pictures.black_s == 0
    if black:
        context.degrade("black-picture", f"all key frames of the source are black in {clip}")
    planned = Planned(expected.output, grid, black, sound is SoundResult.LEVELLED)
    results = run_checks(measured, planned, strict=context.params.strict)
    for result in results:
        if not result.passed:
            context.degrade(f"{FAILED}{result.name}", f"{clip} fails {described(result)}")
    facts, level = measured.delivered, measured.level
    context.write(
        artifacts.CLIP_CHECK,
        RenderCheck(
            id=clip,
            size=facts.size,
            rate=facts.rate,
            frames=facts.frames,
            duration_ms=round(grid.duration_ms),
            video_codec=facts.video_codec,
            audio_codec=facts.audio_codec,
            loudness=None
            if level is None
            else Loudness(
                integrated_mlufs=round(level.lufs * 1000), true_peak_mdbtp=round(level.dbtp * 1000)
            ),
            encoder=expected.encoder.name,
            burned=bool(expected.cues),
            checks=results,
        ),
    )
