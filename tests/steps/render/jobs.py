"""Small jobs for the tests of render: a real source through the real steps, a crop plan by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from steps.__main__ import main
from steps.model.clips import Clip, Clips
from steps.model.crop import ClipCrops, Crops, Keyframe, Region, ShotCrop
from steps.model.geometry import Box, Size, even
from steps.model.source import SourceMeta
from steps.model.transcript import Transcript, Word

SMALL = Size(width_px=270, height_px=480)
FULL = Size(width_px=1080, height_px=1920)
CLIP = "clip_01"
Shots = Callable[[Size], Sequence[ShotCrop]]


def plan_of(span: tuple[int, int]) -> Clips:
    """A plan of one clip."""
    clip = Clip(id=CLIP, in_ms=span[0], out_ms=span[1], title="", score=0, rank=1)
    return Clips(asked=1, method="given", reason="", clips=(clip,))


def crops_of(size: Size, shots: Sequence[ShotCrop], output: Size = SMALL) -> Crops:
    """The crop plan of that clip."""
    return Crops(size=size, output=output, clips=(ClipCrops(id=CLIP, shots=tuple(shots)),))


def step(name: str, folder: Path, *options: str) -> int:
    """Run a step in a job folder; its exit code."""
    return main([name, *options, "--in", str(folder), "--out", str(folder)])


def make_job(
    folder: Path,
    source: Path,
    clip: tuple[int, int],
    shots: Shots,
    *,
    words: Sequence[Word] = (),
    output: Size = SMALL,
    captions: str = "burn",
    cut_size: Size | None = None,
) -> Path:
    """A job folder in which only render is still to be run.

    `cut_size` is that of the cuts' pictures, where it is not the source's.
    """
    folder.mkdir(exist_ok=True)
    assert step("download", folder, f"--source={source}") == 0
    meta = SourceMeta.from_file(folder / "source_meta.json")
    size = cut_size or meta.video.size
    plan = Clip(id="clip_01", in_ms=clip[0], out_ms=clip[1], title="", score=0, rank=1)
    chosen = Clips(asked=1, method="given", reason="", clips=(plan,))
    write = {
        "plan.json": chosen,
        "clips.json": chosen,
        "transcript.json": Transcript(
            engine="captions", language="en", duration_ms=meta.duration_ms, words=tuple(words)
        ),
        "crops.json": Crops(
            size=size,
            output=output,
            clips=(ClipCrops(id="clip_01", shots=tuple(shots(size))),),
        ),
    }
    for name, document in write.items():
        (folder / name).write_bytes(document.canonical_bytes())
    assert step("cut", folder) == 0
    assert step("caption", folder, f"--captions={captions}") == 0
    return folder


def render(folder: Path, *options: str) -> int:
    """Render the clip fast."""
    return step("render", folder, "--clip=clip_01", "--preset=ultrafast", *options)


def focus(
    size: Size, span: tuple[int, int], keys: Sequence[tuple[int, int]], output: Size = SMALL
) -> ShotCrop:
    """A full-height window; keys are (ms, x in thousandths of a pixel)."""
    width = even(size.height_px * output.width_px / output.height_px)
    region = Region(
        window=Size(width_px=min(width, size.width_px), height_px=size.height_px),
        target=Box(x_px=0, y_px=0, width_px=output.width_px, height_px=output.height_px),
        keyframes=tuple(Keyframe(time_ms=time, x_mpx=x, y_mpx=0) for time, x in keys),
    )
    return ShotCrop(
        in_ms=span[0], out_ms=span[1], layout="focus", regions=(region,), subject="face_1"
    )


def fit(size: Size, span: tuple[int, int], output: Size = SMALL) -> ShotCrop:
    """The whole frame over its own blur."""
    height = even(size.height_px * output.width_px / size.width_px)
    top = even((output.height_px - height) / 2)
    region = Region(
        window=size,
        target=Box(x_px=0, y_px=top, width_px=output.width_px, height_px=height),
        keyframes=(Keyframe(time_ms=span[0], x_mpx=0, y_mpx=0),),
    )
    return ShotCrop(
        in_ms=span[0], out_ms=span[1], layout="fit", regions=(region,), background="blur"
    )


def split(size: Size, span: tuple[int, int], output: Size = SMALL) -> ShotCrop:
    """Two windows of half the width, one above the other."""
    half = output.height_px // 2
    width = even(size.height_px * output.width_px / half)
    regions = tuple(
        Region(
            window=Size(width_px=min(width, size.width_px), height_px=size.height_px),
            target=Box(x_px=0, y_px=place * half, width_px=output.width_px, height_px=half),
            keyframes=(Keyframe(time_ms=span[0], x_mpx=x * 1000, y_mpx=0),),
        )
        for place, x in enumerate((0, max(0, size.width_px - width)))
    )
    return ShotCrop(in_ms=span[0], out_ms=span[1], layout="split", regions=regions)
