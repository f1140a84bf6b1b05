"""The README's moving picture: a piece of the sample beside the finished clip, as animated WebP.

`python -m tests.media.picture` clips the sample and writes docs/before-after.webp; `--job JOB`
takes a finished job of the sample.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from steps.media import ffmpeg
from steps.model import artifacts
from steps.model.clips import Clips

SAMPLE = Path(__file__).parent / "sample" / "talk.mp4"
PICTURE = Path(__file__).parents[2] / "docs" / "before-after.webp"
FROM_S, SECONDS, RATE = 0.5, 8, 10
"""Where in the clip it begins, how long it lasts, and pictures a second."""
HEIGHT, WIDE, GAP = 480, 640, 24
BACKGROUND = "0x0d1117"
QUALITY = 58
MOST_BYTES = 1_500_000


def main(argv: list[str]) -> int:
    """Write the picture; 1 when it is too large for a page."""
    parser = argparse.ArgumentParser(prog="python -m tests.media.picture", description=__doc__)
    parser.add_argument("--job", type=Path, help="folder of a finished job of the sample")
    parser.add_argument("--clip", default="clip_01", help="of the job [default: clip_01]")
    parser.add_argument("--out", type=Path, default=PICTURE)
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        draw(chosen.job or _job(Path(folder)), chosen.clip, chosen.out)
    size = chosen.out.stat().st_size
    print(f"{chosen.out}: {size:,} bytes")
    return 0 if size <= MOST_BYTES else 1


def draw(job: Path, clip: str, into: Path) -> None:
    """Put the source and a clip of a job side by side, at the same moments."""
    plan = Clips.from_file(job / artifacts.CLIPS.path)
    (span,) = (one for one in plan.clips if one.id == clip)
    made = job / str(artifacts.CLIP_VIDEO.resolve(clip))
    placed = f"pad={WIDE + GAP}:{HEIGHT}:0:(oh-ih)/2:{BACKGROUND}"
    graph = (
        f"[0:v]fps={RATE},scale={WIDE}:-2:flags=lanczos,{placed}[source];"
        f"[1:v]fps={RATE},scale=-2:{HEIGHT}:flags=lanczos[clip];"
        "[source][clip]hstack=shortest=1,format=yuv420p"
    )
    ffmpeg.run(
        [
            *("-ss", f"{span.in_ms / 1000 + FROM_S:.3f}", "-t", str(SECONDS), "-i", str(SAMPLE)),
            *("-ss", str(FROM_S), "-t", str(SECONDS), "-i", str(made)),
            *("-filter_complex", graph, "-an", "-loop", "0"),
            *("-c:v", "libwebp_anim", "-quality", str(QUALITY), "-compression_level", "6"),
            *("-f", "webp", f"file:{into}"),
        ]
    )


def _job(folder: Path) -> Path:
    argv = [sys.executable, "-m", "pipelines", "run", str(SAMPLE), "--out", str(folder)]
    subprocess.run([*argv, "--job-id", "sample", "--quiet"], check=True)
    return folder / "sample"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
