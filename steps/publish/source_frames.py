"""The pictures of the source that the report shows, without those that moderation found. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from steps.model import artifacts
from steps.model.moderation import Moderation
from steps.model.stills import STRIP, still_name, still_times, strip_times
from steps.model.timing import Span

HIDDEN_MS = 2000
"""A picture this near to something that moderation found is not shown: it may show it too."""


@dataclass(frozen=True)
class FrameFile:
    """A file in the job, and the moment of the source that it shows."""

    path: str
    time_ms: int


@dataclass(frozen=True)
class SourceFrames:
    """Those of a job, in order of time."""

    all: tuple[FrameFile, ...] = ()

    def strip(self, duration_ms: int, number: int = STRIP) -> tuple[FrameFile, ...]:
        """Some of them, each nearest to one of the evenly spaced moments of the source."""
        moments = strip_times(duration_ms, number) if self.all else []
        found = {self._nearest(self.all, moment) for moment in moments}
        return tuple(sorted(found, key=lambda one: one.time_ms))

    def of(self, shot: Span) -> FrameFile | None:
        """The one nearest to the middle of a shot; None where the shot has none."""
        own = tuple(one for one in self.all if shot.contains(one.time_ms))
        return self._nearest(own, (shot.in_ms + shot.out_ms) // 2) if own else None

    @staticmethod
    def _nearest(among: tuple[FrameFile, ...], time_ms: int) -> FrameFile:
        return min(among, key=lambda one: (abs(one.time_ms - time_ms), one.time_ms))


def pictures(paths: Iterable[str], moderation: Moderation | None) -> SourceFrames:
    """The pictures among the files of a job."""
    folder = artifacts.FRAMES.path
    names = [PurePosixPath(path).name for path in paths if path.startswith(folder)]
    hidden: list[Span] = []
    if moderation:
        found = [(one.time_ms, one.time_ms) for one in moderation.findings]
        found += [(one.in_ms, one.out_ms) for one in moderation.veils]
        hidden = [
            Span(in_ms=max(0, first - HIDDEN_MS), out_ms=last + HIDDEN_MS + 1)
            for first, last in found
        ]
    return SourceFrames(
        tuple(
            FrameFile(f"{folder}{still_name(time_ms)}", time_ms)
            for time_ms in still_times(names)
            if not any(span.contains(time_ms) for span in hidden)
        )
    )
