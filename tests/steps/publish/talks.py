"""A job's documents with everything in them that the report shows, and hostile ones."""

from __future__ import annotations

from collections.abc import Iterator

from steps.model.captions import Captions, ClipCaptions, Cue, CueWord
from steps.model.clips import Chunk, Chunks, Clip, Clips, ClipSummary, Rejected, Summary
from steps.model.crop import ClipCrops, Crops, Keyframe, Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.manifest import Delivered, Manifest, TaskDegradation, TaskRecord
from steps.model.moderation import Finding, Moderation
from steps.model.tracks import ClipTracks, Detection, ShotTracks, Track, Tracks, Turn
from steps.model.transcript import SoundSpan, Transcript, Word
from steps.publish.documents import JobDocuments
from tests.steps.publish.receipts import CHECK, META

SIZE = META.video.size
FILES = ("clips/clip_01.ass", "clips/clip_01.jpg", "clips/clip_01.mp4", "clips/clip_01.srt")


def documents(text: str = "A title", *, start_ms: int = 10_000) -> JobDocuments:
    """A source of 90 s with one clip of 20 s in two shots; `text` is in every free text."""
    end = start_ms + 20_000
    clip = Clip(id="clip_01", in_ms=start_ms, out_ms=end, title=text[:300], score=800, rank=1)
    halves = ((start_ms, start_ms + 8_000), (start_ms + 8_000, end))
    box = Box(x_px=600, y_px=100, width_px=80, height_px=90)
    return JobDocuments(
        META.model_copy(update={"title": text, "uploader": text}),
        Clips(asked=1, method="scorer", reason="", clips=(clip,)),
        summary=Summary(
            summary=text[:4000],
            keywords=(text[:100],),
            clips=(
                ClipSummary(
                    id="clip_01", title=text[:300], hook=text[:4000] + " hook", reason=text[:4000],
                    tags=(text[:100],), scores={"text": 170, "length": -88, "total": 800},
                    summary=text[:4000], description=text[:4000], hashtags=(text[:100],),
                ),
            ),
            rejected=(
                Rejected(
                    in_ms=60_000, out_ms=80_000, text=text[:300], score=400, scores={},
                    reason=text[:4000],
                ),
            ),
        ),
        chunks=Chunks(
            chunks=tuple(
                Chunk(id=f"c{n}", in_ms=n * 15_000, out_ms=(n + 1) * 15_000, text="", score=100 * n)
                for n in range(6)
            )
        ),
        transcript=Transcript(
            engine="captions", language="en", duration_ms=90_000,
            words=tuple(
                Word(
                    in_ms=start_ms + 1000 * n, out_ms=start_ms + 1000 * n + 900,
                    text=text[:2000], speaker=f"speaker_{1 + n // 5}",
                )
                for n in range(8)
            ),
            sounds=(SoundSpan(in_ms=0, out_ms=4000, heard="music"),),
        ),
        moderation=Moderation(
            policy="flag", verdict="flagged", frames=12,
            findings=(Finding(label=text, score=700, time_ms=5000, box=box),),
        ),
        tracks=tracks(halves, box),
        crops=crops(halves),
        captions=Captions(
            language="en", burned=True,
            clips=(
                ClipCaptions(
                    id="clip_01",
                    cues=(
                        Cue(
                            in_ms=start_ms + 1000, out_ms=start_ms + 2000, speaker=text[:100],
                            words=(
                                CueWord(
                                    in_ms=start_ms + 1000, out_ms=start_ms + 2000,
                                    text=text[:500], line=0,
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        checks={"clip_01": CHECK},
    )  # fmt: skip


def crops(halves: tuple[tuple[int, int], ...]) -> Crops:
    """A window that moves 100 px to the right in the first shot, and stands in the second."""
    window = Size(width_px=404, height_px=720)
    whole = Box(x_px=0, y_px=0, width_px=1080, height_px=1920)
    first, second = halves
    moving = (
        Keyframe(time_ms=first[0], x_mpx=400_000, y_mpx=0),
        Keyframe(time_ms=first[1], x_mpx=500_000, y_mpx=0),
    )
    still = (Keyframe(time_ms=second[0], x_mpx=100_000, y_mpx=0),)
    return Crops(
        size=SIZE,
        output=Size(width_px=1080, height_px=1920),
        clips=(
            ClipCrops(
                id="clip_01",
                shots=tuple(
                    ShotCrop(
                        in_ms=start, out_ms=end, layout="focus",
                        regions=(Region(window=window, target=whole, keyframes=frames),),
                    )
                    for (start, end), frames in zip(halves, (moving, still), strict=True)
                ),
            ),
        ),
    )  # fmt: skip


def tracks(halves: tuple[tuple[int, int], ...], box: Box) -> Tracks:
    """A face in each shot."""
    return Tracks(
        size=SIZE, sample_ms=200, detector="yunet", speaker_method="largest",
        clips=(
            ClipTracks(
                id="clip_01",
                shots=tuple(
                    ShotTracks(
                        in_ms=start, out_ms=end, detail=10, motion=10,
                        tracks=(
                            Track(
                                id=f"face_{start}", subject="face",
                                detections=tuple(
                                    Detection(time_ms=time, box=box, score=900)
                                    for time in range(start, end, 1000)
                                ),
                            ),
                        ),
                        turns=(Turn(in_ms=start, out_ms=end, track=f"face_{start}"),),
                    )
                    for start, end in halves
                ),
            ),
        ),
    )  # fmt: skip


def manifest(text: str = "A title", files: tuple[str, ...] = FILES) -> Manifest:
    """The manifest of that job."""
    return Manifest(
        clipmill="1", outcome="complete", reason=text, source_sha256=META.source_sha256,
        clips=(Delivered(id="clip_01", title=text, files=files),), missing=(),
        tasks=(
            TaskRecord(
                task="highlight", step="highlight", version=1, params={"prompt": text}, packages={}
            ),
        ),
        models=(),
        degradations=(TaskDegradation(task="render-clip_01", code="silent", message=text),),
        artifacts=(),
    )  # fmt: skip


PAYLOADS = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>", "' onmouseover='alert(1)", "javascript:alert(1)", "<!-- ", "-->",
    "]]>", "<![CDATA[", "&lt;b&gt;", "&#0;", "&", "{{ 7*7 }}", "{% raw %}", "${7*7}",
    "</style><style>*{display:none}</style>", "<iframe src=//example.com>", "<a href=//e.com>x</a>",
    "\u202eevil\u202c", "\u2066left\u2069", "\u200b", "\ufeff", "مرحبا بالعالم", "שלום",
    "日本語のタイトル",
    "👩‍👩‍👧‍👦", "e\u0301", "a" * 300, "W" * 300, "word " * 60, "\u0300" * 50, "* FROM CLIP NAME: x",
    "001  AX       V     C        00:00:00:00", "TITLE: other", "%s%n", "../../etc/passwd",
    "C:\\name", "\\N{\\an8}", "<b>bold", "a\u2028b", "\u00a0", "\U000e0001tag",
    "\u0085next", "'", '"',
    "file:///x", "-1", "0", "null",
)  # fmt: skip
"""Markup, control characters, scripts of both directions, and the formats' own words."""


def hostile() -> Iterator[str]:
    """A hundred texts: each payload by itself, and in the middle of a sentence."""
    for payload in PAYLOADS:
        yield payload
        yield f"He said {payload} and left"
