"""A small job on disk: real files, real receipts, as steps would leave them."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import rfc8785

from steps.contract import Document
from steps.contract.ports import clip_of
from steps.contract.receipt import (
    Degradation,
    Failure,
    Fingerprint,
    Receipt,
    Used,
    file_sha256,
    receipt_path,
)
from steps.model.clips import Clip, Clips
from steps.model.geometry import Size
from steps.model.render_check import Loudness, RenderCheck
from steps.model.source import SourceMeta, Video

RATE = Fraction(30000, 1001)
META = SourceMeta(
    name="talk",
    title="A talk",
    site="file",
    duration_ms=90_000,
    video=Video(
        codec="h264",
        size=Size(width_px=1280, height_px=720),
        rate=RATE,
        variable_rate=False,
        rotation_deg=0,
    ),
    audio=None,
    source_sha256="5" * 64,
)

CHECK = RenderCheck(
    id="clip_01",
    size=Size(width_px=1080, height_px=1920),
    rate=RATE,
    frames=600,
    duration_ms=20_020,
    video_codec="h264",
    audio_codec="aac",
    loudness=Loudness(integrated_mlufs=-14_050, true_peak_mdbtp=-1_500),
    checks=("size", "true-peak"),
)


def plan(*spans: tuple[int, int], reason: str = "") -> Clips:
    """A plan with a clip for each span, `clip_01` first."""
    return Clips(
        asked=3,
        method="scorer",
        reason=reason,
        clips=tuple(
            Clip(
                id=f"clip_{number:02}",
                title=f"Title {number}",
                in_ms=start,
                out_ms=end,
                score=500,
                rank=number,
            )
            for number, (start, end) in enumerate(spans, 1)
        ),
    )


class Job:
    """Writes files and their receipts into a folder."""

    def __init__(self, root: Path, clips: Clips, endings: tuple[str, ...] = ("",)) -> None:
        self.root, self.clips = root, clips
        ids = [f"{clip.id}{ending}" for clip in clips.clips for ending in endings]
        self.task("download", {"source_meta.json": META, "source.mkv": b"video"})
        self.task("cut", {f"cuts/{clip.id}.mkv": b"cut" for clip in clips.clips}, ["source.mkv"])
        self.task("detect", {"clips.json": clips}, reads=["source_meta.json"])
        self.task("reframe", {"clip_ids.json": rfc8785.dumps(ids)}, ["clips.json"])
        captions: dict[str, bytes | Document] = {
            f"clips/{name}.{kind}": b"" for name in ids for kind in ("ass", "srt")
        }
        self.task("caption", captions, ["clips.json"])

    def task(
        self,
        name: str,
        files: dict[str, bytes | Document],
        reads: Iterable[str] = (),
        *,
        models: tuple[Used, ...] = (),
        degradations: tuple[Degradation, ...] = (),
    ) -> None:
        """A finished task."""
        for path, content in files.items():
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes) else content.canonical_bytes()
            place.write_bytes(data)
        self.file(
            Receipt(
                task=name,
                step=name.partition("-")[0],
                version=1,
                params={"clip": name.partition("-")[2]} if "-" in name else {},
                inputs=tuple(self.fingerprint(path) for path in reads),
                outputs=tuple(self.fingerprint(path) for path in sorted(files)),
                models=models,
                packages={"av": "1"},
                degradations=degradations,
            )
        )

    def render(self, clip: str) -> None:
        """A rendered clip."""
        files: dict[str, bytes | Document] = {
            f"clips/{clip}.{kind}": f"{clip} {kind}".encode() for kind in ("mp4", "jpg")
        }
        files[f"checks/{clip}.json"] = CHECK.model_copy(update={"id": clip})
        self.task(f"render-{clip}", files, ["clips.json", f"cuts/{clip_of(clip)}.mkv"])

    def fail(self, name: str, exit_code: int, error: str, message: str) -> None:
        """A failed task, as the contract's command leaves it."""
        failure = Failure(exit_code=exit_code, error=error, message=message)
        step = name.partition("-")[0]
        self.file(
            Receipt(
                task=name, step=step, version=1, params={}, inputs=(), outputs=(), failure=failure
            )
        )

    def file(self, receipt: Receipt) -> None:
        """Put a receipt where it belongs."""
        place = self.root / receipt_path(receipt.task)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(receipt.canonical_bytes())

    def fingerprint(self, path: str) -> Fingerprint:
        """A file by its content."""
        place = self.root / path
        return Fingerprint(path=path, sha256=file_sha256(place), size_bytes=place.stat().st_size)


def whole_job(root: Path, clips: int = 3) -> Job:
    """Up to three clips, all rendered; not yet published."""
    job = Job(root, plan(*((0, 20_000), (20_000, 45_000), (50_000, 80_000))[:clips]))
    for clip in job.clips.clips:
        job.render(clip.id)
    return job
