"""One clip, rendered with the instruction sets of several CPUs: the same bytes."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from pathlib import Path

import pytest

from steps.media import ffmpeg
from tests.steps.caption.samples import spoken
from tests.steps.render.jobs import fit, focus, make_job, render

SLOWER = ("--preset=superfast", "--crf=28")
"""The default. At ultrafast, x264 does not use the functions that differ."""
X86 = platform.machine().lower() in ("x86_64", "amd64")
CPUS = [("all", ""), ("sse4.2", "SSE4.2"), ("sse2", "SSE2"), ("0", "0")] if X86 else [("all", "")]
"""What `-cpuflags` takes for ffmpeg's own code, and x264's name for the same."""


def digests(job: Path) -> dict[str, str]:
    return {
        path: hashlib.sha256((job / path).read_bytes()).hexdigest()
        for path in ("clips/clip_01.mp4", "clips/clip_01.jpg", "checks/clip_01.json")
    }


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip with all that counts in pixels: captions, a blur, a moving window, 4:2:2 colours."""
    folder = tmp_path_factory.mktemp("portable")
    source = folder / "source.mkv"
    pictures = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=384x216:r=25:d=2,noise=alls=20,scale=out_color_matrix=bt709:out_range=tv",
    ]
    tone = ["-f", "lavfi", "-i", "anoisesrc=d=2:c=pink:a=0.3:seed=7:sample_rate=44100"]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p", "-c:a", "aac"]
    coding += ["-colorspace", "bt709", "-color_range", "tv"]
    ffmpeg.run([*pictures, *tone, *coding, str(source)])
    return make_job(
        folder / "job",
        source,
        (0, 1400),
        lambda size: [focus(size, (0, 700), [(0, 0), (700, 9000)]), fit(size, (700, 1400))],
        words=spoken("the same bytes"),
    )


def limited(arguments: Sequence[str], flags: str, asm: str) -> list[str]:
    """The arguments as they would be on a CPU that has only these instructions."""
    changed = list(arguments)
    if asm and "libx264" in changed:
        at = changed.index("-x264-params") + 1 if "-x264-params" in changed else None
        if at is None:
            at = changed.index("libx264") + 2
            changed[at - 1 : at - 1] = ["-x264-params", ""]
        changed[at] = f"{changed[at]}:asm={asm}".removeprefix(":")
    return ["-cpuflags", flags, *changed]


def test_every_cpu_makes_the_same_clip(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command, found = ffmpeg.command, {}
    for flags, asm in CPUS:
        monkeypatch.setattr(
            ffmpeg,
            "command",
            lambda arguments, flags=flags, asm=asm: command(limited(arguments, flags, asm)),
        )
        assert render(job, *SLOWER) == 0
        found[flags] = digests(job)
    assert found == dict.fromkeys(found, found["all"])
