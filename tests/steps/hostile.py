"""Changed documents before detect, reframe, render and publish, many of them in one process.

`python -m tests.steps.hostile STEP COUNT FOLDER` makes a small job in FOLDER, runs the step on
COUNT changed copies of its documents, and prints one JSON line per case. Each case gets `LIMIT_S`
seconds (the process dies after that) and the process `LIMIT_BYTES` of memory. No clip is encoded: a
plan that is accepted ends where ffmpeg would begin.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from steps.__main__ import main
from steps.contract import Document, engines, logs
from steps.contract.errors import StepError
from steps.detect.engines import centerface
from steps.media import ffmpeg
from steps.model.captions import Captions, ClipCaptions, Cue, CueWord
from steps.model.geometry import Box, Size
from steps.model.moderation import Moderation
from steps.model.tracks import ClipTracks, Detection, ShotTracks, Track, Tracks, Turn
from steps.render import work as render
from steps.render.sound import SoundResult
from tests.fuzz.documents import CHANGES, broken, places
from tests.steps import numbered
from tests.steps.publish.receipts import META, whole_job
from tests.steps.render.jobs import CLIP, crops_of, fit, focus, plan_of

LIMIT_S = 30
LIMIT_BYTES = 2 * 10**9
SEED = 1
SPAN = (100, 1900)
READS = {
    "detect": ("source_meta.json", "plan.json", "findings.json"),
    "reframe": ("tracks.json",),
    "render": ("source_meta.json", "clips.json", "crops.json", "captions.json"),
    "publish": ("source_meta.json", "clips.json", "receipts/cut.json", "receipts/detect.json"),
}


class Accepted(StepError):
    """The step accepted the documents and would now begin to encode."""

    exit_code = 99


def make_documents(folder: Path) -> Path:
    """A job of one clip of 1.8 s, with everything that detect, reframe and render read."""
    cut = folder / "cuts" / f"{CLIP}.mkv"
    cut.parent.mkdir(parents=True)
    numbered.make(cut, frames=50, size="192x108")
    shape = ["-vn", "-ar", "16000", "-ac", "1", "-sample_fmt", "s16"]
    ffmpeg.run(["-i", str(cut), *shape, str(folder / "audio.flac")])
    for name, document in documents().items():
        (folder / name).write_bytes(document.canonical_bytes())
    (folder / "clips").mkdir()
    (folder / f"clips/{CLIP}.ass").write_text("[Script Info]\n")
    return folder


def documents() -> dict[str, Document]:
    """The documents of that job by their paths."""
    size = _size(192, 108)
    video = META.video.model_copy(update={"size": size, "rate": Fraction(25)})
    shots = [focus(size, (100, 900), [(100, 0), (900, 9000)]), fit(size, (900, 1900))]
    word = CueWord(in_ms=200, out_ms=900, text="here", line=0)
    cues = (Cue(in_ms=200, out_ms=900, words=(word,)),)
    return {
        "source_meta.json": META.model_copy(update={"duration_ms": 2000, "video": video}),
        "plan.json": plan_of(SPAN),
        "findings.json": Moderation(policy="off", verdict="unchecked", frames=0, findings=()),
        "clips.json": plan_of(SPAN),
        "tracks.json": _tracks(),
        "crops.json": crops_of(size, shots),
        "captions.json": Captions(
            language="en", burned=True, clips=(ClipCaptions(id=CLIP, cues=cues),)
        ),
    }


def document_texts() -> dict[type[Document], str]:
    """The same by their classes, as JSON."""
    return {
        type(document): document.canonical_bytes().decode() for document in documents().values()
    }


def _size(width: int, height: int) -> Size:
    return Size(width_px=width, height_px=height)


def _tracks() -> Tracks:
    def face(name: str, x: int) -> Track:
        seen = tuple(
            Detection(
                time_ms=time,
                box=Box(x_px=x + time // 50, y_px=30, width_px=24, height_px=30),
                score=990,
                eyes_y_px=40,
            )
            for time in range(100, 1900, 200)
        )
        return Track(id=name, subject="face", detections=seen)

    turns = ((100, 1000, "face_1"), (1000, 1900, "face_2"))
    shot = ShotTracks(
        in_ms=100,
        out_ms=1900,
        detail=40,
        motion=8,
        tracks=(face("face_1", 10), face("face_2", 130)),
        turns=tuple(Turn(in_ms=a, out_ms=b, track=name) for a, b, name in turns),
    )
    return Tracks(
        size=_size(192, 108),
        sample_ms=200,
        detector="centerface",
        speaker_method="mouth",
        clips=(ClipTracks(id=CLIP, shots=(shot,)),),
    )


def rename(document: Any, rng: random.Random) -> str:
    """Use another clip id in this document than the others have."""
    for holder, key in list(places(document)):
        if holder[key] == CLIP:
            holder[key] = "clip_77"
    return "another clip id"


def shift(document: Any, rng: random.Random) -> str:
    """Move all times of this document and no other."""
    step = rng.choice((1, 1000, 60_000, 3_600_000, -100))
    for holder, key in list(places(document)):
        if isinstance(key, str) and key.endswith("_ms") and type(holder[key]) is int:
            holder[key] += step
    return f"times moved by {step} ms"


def stretch(document: Any, rng: random.Random) -> str:
    """Make the last of all times huge, everywhere it occurs."""
    spots = [spot for spot in places(document) if spot[1] == "out_ms"]
    if not spots:
        return rename(document, rng)
    last, far = max(holder[key] for holder, key in spots), rng.choice((10**6, 10**7, 10**9))
    for holder, key in spots:
        if holder[key] == last:
            holder[key] = far
    return f"out_ms {far}"


Change = Callable[[Any, random.Random], str]
ALL: tuple[Change, ...] = (*CHANGES, rename, shift, stretch)


def changed(text: str, rng: random.Random) -> tuple[bytes, str]:
    """A changed document and what was changed."""
    if rng.random() < 0.1:
        return broken(text, rng)
    document = json.loads(text)
    about = [change(document, rng) for change in rng.choices(ALL, k=rng.choice((1, 1, 2)))]
    return json.dumps(document).encode(), ", ".join(about)


def limit_memory() -> None:
    """Let this process hold at most `LIMIT_BYTES` more than it has mapped now."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + LIMIT_BYTES, mapped + LIMIT_BYTES))


def stop_at_ffmpeg(patch: pytest.MonkeyPatch) -> None:
    """Let render end where its encoding begins; load networks and read versions only once."""

    def accept(*_: object, **__: object) -> None:
        raise Accepted("the documents are accepted")

    patch.setattr(render, "encode", accept)
    patch.setattr(render, "encode_sound", lambda *_, **__: SoundResult.LEVELLED)
    patch.setattr(centerface, "CenterFace", cache(centerface.CenterFace))
    patch.setattr(engines, "installed_version", cache(engines.installed_version))


def run(step: str, count: int, folder: Path) -> None:
    """Run the cases of a step, one JSON line each."""
    logs.configure(step=step)
    job = folder / "job"
    if step == "publish":
        job.mkdir()
        whole_job(job)
    else:
        make_documents(job)
    options = [f"--clip={CLIP}"] if step == "render" else []
    patch = pytest.MonkeyPatch()
    stop_at_ffmpeg(patch)
    if sys.platform == "linux":
        limit_memory()
    for number in range(count):
        rng = random.Random(f"{step}:{SEED}:{number}")
        path = job / rng.choice(READS[step])
        text = path.read_text()
        data, about = changed(text, rng)
        path.write_bytes(data)
        out = folder / "out"
        signal.alarm(LIMIT_S)
        code = main([step, *options, "--in", str(job), "--out", str(out)])
        signal.alarm(0)
        path.write_text(text)
        shutil.rmtree(out, ignore_errors=True)
        sys.stdout.write(json.dumps([number, f"{path.name} {about}"[:200], code]) + "\n")
        sys.stdout.flush()
    patch.undo()


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
