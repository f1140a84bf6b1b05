"""A job folder for vision: a film of the catalogue, with a clip, ready for detect."""

from pathlib import Path

from steps.contract import Context
from steps.contract.context import Progress
from steps.detect import STEP
from steps.detect.work import run
from steps.media import ffmpeg
from steps.media.audio import SAMPLE_RATE_HZ
from steps.media.excerpt import copy_span
from steps.media.probe import probe
from steps.model import artifacts
from steps.model.clips import Clip, Clips
from steps.model.crop import Crops, ShotCrop
from steps.model.moderation import Moderation
from steps.model.source import SourceMeta, Video
from steps.model.timing import Span
from steps.model.tracks import ShotTracks, Tracks
from steps.model.transcript import Transcript, Word
from steps.reframe import STEP as REFRAME
from steps.reframe import ReframeParams
from steps.reframe import work as reframe


def prepare(film: Path, job: Path, clip: Span, *, sound: bool) -> None:
    """Write what detect reads."""
    (job / "cuts").mkdir(parents=True)
    source = job / "source.mkv"
    ffmpeg.run(["-i", str(film), "-map", "0:v:0", "-c", "copy", str(source)])
    if sound:
        form = ["-vn", "-ac", "1", "-ar", str(SAMPLE_RATE_HZ), "-sample_fmt", "s16"]
        ffmpeg.run(["-i", str(film), *form, str(job / "audio.flac")])
    found = probe(source)
    video = found.video[0]
    assert video.rate is not None
    meta = SourceMeta(
        name="film",
        title="Film",
        site="file",
        duration_ms=found.duration_ms,
        video=Video(
            codec=video.codec,
            size=video.size,
            rate=video.rate,
            variable_rate=False,
            rotation_deg=video.rotation_deg,
        ),
        audio=None,
        source_sha256="0" * 64,
    )
    chosen = Clip(in_ms=clip.in_ms, out_ms=clip.out_ms, id="clip_01", title="Clip", score=0, rank=1)
    plan = Clips(asked=1, method="given", reason="", clips=(chosen,))
    (job / artifacts.SOURCE_META.path).write_bytes(meta.canonical_bytes())
    unmoderated = Moderation(policy="off", verdict="unchecked", frames=0, findings=())
    (job / artifacts.PLAN.path).write_bytes(plan.canonical_bytes())
    (job / artifacts.FINDINGS.path).write_bytes(unmoderated.canonical_bytes())
    copy_span(source, clip, job / "cuts" / "clip_01.mkv")


def detected(job: Path, **params: object) -> tuple[Tracks, list[str]]:
    """Run detect in a job folder; its document and the codes of its fallbacks."""
    scratch = job / "scratch"
    scratch.mkdir(exist_ok=True)
    context = Context(STEP, STEP.params.model_validate(params), job, job, scratch, Progress(None))
    run(context)
    tracks = Tracks.from_file(job / artifacts.TRACKS.path)
    return tracks, [noted.code for noted in context.degradations]


def framed(
    film: Path, job: Path, clip: Span, *, sound: bool = True, words: tuple[Word, ...] = ()
) -> tuple[tuple[ShotTracks, ...], tuple[ShotCrop, ...]]:
    """Run detect and reframe on a clip of a film: what is seen, and where the windows are."""
    prepare(film, job, clip, sound=sound)
    if words:
        spoken = Transcript(engine="given", language="en", duration_ms=clip.out_ms, words=words)
        (job / artifacts.TRANSCRIPT.path).write_bytes(spoken.canonical_bytes())
    tracks, _ = detected(job)
    params = ReframeParams()
    reframe.run(Context(REFRAME, params, job, job, job / "scratch", Progress(None)))
    (planned,) = Crops.from_file(job / artifacts.CROPS.path).clips
    return tracks.clips[0].shots, planned.shots
