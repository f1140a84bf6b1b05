"""The folder of a job for the step, made of ffmpeg's input arguments, and what the step hears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from steps.contract import Context
from steps.media import ffmpeg
from steps.model import artifacts
from steps.model.geometry import Size
from steps.model.source import Audio, SourceMeta, Video
from steps.model.transcript import Transcript
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.work import run

Job = Callable[..., Path]
SOUND = ("-ac", "1", "-ar", "16000", "-sample_fmt", "s16", "-c:a", "flac")


def meta_of(duration_ms: int, language: str = "") -> SourceMeta:
    """What download says of a source with a picture and mono sound."""
    return SourceMeta(
        name="source",
        title="Source",
        site="file",
        duration_ms=duration_ms,
        video=Video(
            codec="h264",
            size=Size(width_px=1280, height_px=720),
            rate=30,
            variable_rate=False,
            rotation_deg=0,
        ),
        audio=Audio(codec="aac", channels=1, sample_rate_hz=16_000),
        language=language,
        source_sha256="0" * 64,
    )


def maker(folder: Path) -> Job:
    """The function of `job` for a folder."""

    def make(
        source: list[str], duration_ms: int, *, language: str = "", captions: str = ""
    ) -> Path:
        meta = meta_of(duration_ms, language)
        (folder / "source_meta.json").write_bytes(meta.canonical_bytes())
        if source:
            ffmpeg.run([*source, "-vn", *SOUND, str(folder / "audio.flac")])
        if captions:
            (folder / "captions.vtt").write_text(captions, encoding="utf-8")
        return folder

    return make


def transcribed(folder: Path, **params: str) -> tuple[Transcript, Context[TranscribeParams]]:
    """Run the work in a new folder; the transcript is read back from its file."""
    number = len(list(folder.glob("run-*")))
    staging, scratch = (folder / f"run-{number}" / name for name in ("out", "scratch"))
    staging.mkdir(parents=True)
    scratch.mkdir()
    context = Context(STEP, TranscribeParams.parse(params), folder, staging, scratch)
    run(context)
    return Transcript.from_file(staging / artifacts.TRANSCRIPT.path), context
