"""What the report shows of one clip in one aspect: its files, and what was measured. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from steps.contract.ports import aspect_of
from steps.contract.receipt import Fingerprint
from steps.model.geometry import Size
from steps.model.manifest import Delivered
from steps.model.render_check import RenderCheck
from steps.publish.wording import CHECKS, FILES, called, decimal, rate, size_of


@dataclass(frozen=True)
class CheckRow:
    """A check of the finished file: what it is, what was measured, what was allowed.

    A value that had to be exactly so, and is, is empty: the name says enough.
    """

    name: str
    value: str
    bound: str
    passed: bool


@dataclass(frozen=True)
class FileLink:
    """A file to download."""

    path: str
    name: str
    size: str


@dataclass(frozen=True)
class RenditionView:
    """A finished file with those beside it.

    Attributes:
        shape: `4:5`; empty in the main aspect of the job.
        size: of the picture, or only its shape where nobody measured it.
        failed: how many checks.
    """

    shape: str
    video: str
    poster: str
    size: Size
    measured: tuple[tuple[str, str], ...]
    checks: tuple[CheckRow, ...]
    failed: int
    files: tuple[FileLink, ...]


def rendition_view(
    made: Delivered, check: RenderCheck | None, size: Size, files: Mapping[str, Fingerprint]
) -> RenditionView:
    """Everything about one clip in one aspect.

    Args:
        made: what was delivered.
        check: what was measured of it.
        size: of the picture where nothing was.
        files: every file of the job, by path.
    """
    rows = check_rows(check) if check else ()
    return RenditionView(
        shape=aspect_of(made.id).removeprefix("_").replace("x", ":"),
        video=next((path for path in made.files if path.endswith(".mp4")), ""),
        poster=next((path for path in made.files if path.endswith(".jpg")), ""),
        size=check.size if check else size,
        measured=_measured(check) if check else (),
        checks=rows,
        failed=sum(not row.passed for row in rows),
        files=tuple(
            FileLink(
                path=path,
                name=next((name for end, name in FILES.items() if path.endswith(end)), path),
                size=size_of(files[path].size_bytes) if path in files else "",
            )
            for path in sorted(made.files, key=_by_use)
        ),
    )


def check_rows(check: RenderCheck) -> tuple[CheckRow, ...]:
    """The checks of a file, with what was measured and what it may be."""
    return tuple(
        CheckRow(
            name=called(one.name, CHECKS),
            value="" if one.passed and one.measured == one.bound else one.measured,
            bound="" if one.passed and one.measured == one.bound else one.bound,
            passed=one.passed,
        )
        for one in check.checks
    )


def _measured(check: RenderCheck) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Picture", f"{check.size.width_px} × {check.size.height_px}, {check.video_codec}"),
        ("Frames", f"{check.frames} at {rate(check.rate)} a second"),
        ("Length", f"{decimal(check.duration_ms, 1000, 3)} s"),
        ("Sound", check.audio_codec or "none"),
    ]
    if check.loudness:
        facts += [
            ("Loudness", f"{decimal(check.loudness.integrated_mlufs, 1000, 1)} LUFS"),
            ("True peak", f"{decimal(check.loudness.true_peak_mdbtp, 1000, 1)} dBTP"),
        ]
    return tuple(facts)


def _by_use(path: str) -> tuple[int, str]:
    order = list(FILES)
    return next((order.index(end) for end in order if path.endswith(end)), len(order)), path
