"""The work of render: one clip, from its cut to a checked MP4."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

from steps.contract import Context
from steps.contract.errors import BrokenContract
from steps.media.appearance import Appearance, read_appearance
from steps.media.cuts import LONGEST_MS, read_cut
from steps.media.ffmpeg import SAME_ON_ALL_CPUS
from steps.media.ffmpeg import run as run_ffmpeg
from steps.media.probe import probe
from steps.media.rendered import read_rendered
from steps.model import artifacts
from steps.model.clips import Clip
from steps.model.crop import ClipCrops, Crops
from steps.model.geometry import Size
from steps.model.render_check import Loudness, RenderCheck
from steps.model.timing import Span
from steps.model.weights import MONTSERRAT
from steps.render import RenderParams
from steps.render.colours import prepare
from steps.render.encode import STILL, VIDEO, encode, key_gap
from steps.render.graph import (
    CAPTIONS_FILE,
    COMMANDS_FILE,
    FONTS_FOLDER,
    DecodedPicture,
    build_graph,
)
from steps.render.plan import Grid, clip_grid, frame_runs, output_rate, thumbnail_frames
from steps.render.quality import Measured, Planned, has_edit_list, run_checks, top_boxes
from steps.render.sound import SoundResult, encode_silence, encode_sound, parse_level

BLACK_AMOUNT = 98
BLACK_THRESHOLD = 32
"""A frame is black when so many percent of its pixels are darker than this, of 255."""


def run(context: Context[RenderParams]) -> None:
    """Write clips/ID.mp4, its thumbnail and its check."""
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
    sound = _sound(context, cut, grid)
    context.progress.report(5, 100)
    _picture(context, cut, grid, plan, crops, appearance)
    _check(context, cut, grid, plan, sound)
    shutil.move(context.scratch / VIDEO, context.output(artifacts.CLIP_VIDEO))
    shutil.move(context.scratch / STILL, context.output(artifacts.CLIP_PICTURE))


def _clip(context: Context[RenderParams]) -> Clip:
    for clip in context.read(artifacts.CLIPS).clips:
        if clip.id == context.params.clip:
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


def _sound(context: Context[RenderParams], cut: Path, grid: Grid) -> SoundResult:
    if not probe(cut).audio:
        encode_silence(grid, context.scratch)
        context.degrade("no-sound", "the source has no sound: the clip has a silent track")
        return SoundResult.SILENT
    sound = encode_sound(cut, grid, context.scratch)
    if sound is not SoundResult.LEVELLED:
        context.degrade("quiet-sound", f"the sound of {context.params.clip} is {sound.value}")
    return sound


def _picture(
    context: Context[RenderParams],
    cut: Path,
    grid: Grid,
    plan: Crops,
    crops: ClipCrops,
    appearance: Appearance,
) -> None:
    picture = DecodedPicture(plan.size, appearance.size == plan.size, prepare(appearance))
    captions = _captions(context)
    graph, commands = build_graph(
        picture,
        plan.output,
        grid,
        frame_runs(crops.shots, grid),
        captions=captions,
        thumbnail=thumbnail_frames(crops.shots, grid),
    )
    (context.scratch / COMMANDS_FILE).write_text(commands.text(grid.rate))
    context.log.debug("graph", graph=graph)
    total = float(grid.duration_ms)
    encode(
        cut,
        grid,
        graph,
        context.scratch,
        crf=context.params.crf,
        preset=context.params.preset,
        on_time_ms=lambda done: context.progress.report(5 + 90 * done / total, 100),
    )


def _captions(context: Context[RenderParams]) -> bool:
    """Put the captions and their font where the graph looks for them; False when none are drawn."""
    captions = context.read(artifacts.CAPTIONS)
    cues = next((item.cues for item in captions.clips if item.id == context.params.clip), ())
    if not captions.burned or not cues:
        return False
    if not context.has(artifacts.CLIP_ASS):
        raise BrokenContract(
            f"clips/{context.params.clip}.ass is missing: rerun the job to recreate it"
        )
    shutil.copyfile(context.input(artifacts.CLIP_ASS.maybe()), context.scratch / CAPTIONS_FILE)
    fonts = context.scratch / FONTS_FOLDER
    fonts.mkdir()
    font = context.weights(MONTSERRAT)
    shutil.copyfile(font, fonts / font.name)
    return True


def _check(
    context: Context[RenderParams], cut: Path, grid: Grid, plan: Crops, sound: SoundResult
) -> None:
    video = context.scratch / VIDEO
    measured = _measure(video, grid)
    black = measured.black == 1 and _is_black(cut, grid)
    if black:
        context.degrade(
            "black-picture", f"all key frames of the source are black in {context.params.clip}"
        )
    planned = Planned(plan.output, grid, black, sound is SoundResult.LEVELLED)
    checks = run_checks(measured, planned)
    facts, level = measured.delivered, measured.level
    context.write(
        artifacts.CLIP_CHECK,
        RenderCheck(
            id=context.params.clip,
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
            checks=checks,
        ),
    )


def _measure(video: Path, grid: Grid) -> Measured:
    """Decode the sound and every key frame, strictly; the packets between are counted.

    Decoding every picture would cost a tenth of the whole render, and x264's own output in the file
    that ffmpeg just closed holds no other surprises than a cut or a gap.
    """
    stderr = run_ffmpeg(
        [
            *SAME_ON_ALL_CPUS, "-threads", "1",
            "-xerror", "-err_detect", "explode", "-skip_frame", "nokey",
            "-i", f"file:{video.resolve()}",
            "-map", "0:v:0", "-map", "0:a:0",
            "-vf", _blackframe(),
            "-af", "ebur128=peak=true:framelog=quiet",
            "-fps_mode", "passthrough", "-f", "null", "-",
        ]
    )  # fmt: skip
    level = parse_level(stderr)
    return Measured(
        delivered=read_rendered(video),
        boxes=top_boxes(video),
        has_edit_list=has_edit_list(video),
        level=None if level.is_silent else level,
        black=Fraction(stderr.count(" pblack:"), -(-grid.count // key_gap(grid))),
    )


def _is_black(cut: Path, grid: Grid) -> bool:
    """Whether all key frames of the cut are black."""
    stderr = run_ffmpeg(
        [
            "-threads", "1", "-skip_frame", "nokey", "-i", f"file:{cut.resolve()}",
            "-map", "0:v:0", "-vf", f"showinfo=checksum=0,{_blackframe()}",
            "-fps_mode", "passthrough", "-f", "null", "-",
        ]
    )  # fmt: skip
    return 0 < stderr.count(" pts_time:") <= stderr.count(" pblack:")


def _blackframe() -> str:
    return f"blackframe=amount={BLACK_AMOUNT}:threshold={BLACK_THRESHOLD}"
