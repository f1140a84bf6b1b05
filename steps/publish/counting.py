"""How the edit lists count: the frames of the source that a finished clip shows. Pure."""

from __future__ import annotations

from fractions import Fraction

from steps.model.clips import Clip
from steps.model.manifest import Delivered
from steps.model.timing import frame_at, stamp_ms
from steps.publish.documents import JobDocuments


def counting_rate(job: JobDocuments) -> Fraction:
    """The rate of the source; of one that varies the rate of its clips, which editors have."""
    video = job.meta.video
    rates = (check.rate for check in job.checks.values())
    return next(rates, video.rate) if video.variable_rate else video.rate


def shown_frames(job: JobDocuments, clip: Clip, made: Delivered) -> tuple[int, int]:
    """The first frame of a clip, which is on screen at its in point, and the one after its last.

    The last is that of the file: render keeps a frame of which at least half comes before the out
    point. A job without measurements ends before the frame at the out point.
    """
    rate = counting_rate(job)
    first = frame_at(clip.in_ms, rate)
    check = job.checks.get(made.id)
    if check is None:
        return first, frame_at(clip.out_ms, rate)
    return first, first + round(check.frames * rate / check.rate)


def nearest_frame(time_ms: int, first: int, rate: Fraction) -> int:
    """The frame of a clip at which its layout changes: as render has it, the nearest in time."""
    return first + round(Fraction(time_ms - stamp_ms(first, rate)) * rate / 1000)
