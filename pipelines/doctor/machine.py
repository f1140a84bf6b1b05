"""Checks of this machine: can `clipmill run` work here?"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.doctor import engines
from pipelines.doctor.outcome import Check, Outcome, bad, good
from pipelines.local.memory import total_bytes
from steps.contract.errors import StepError

PYTHON = (3, 11)
LEAST_DISK_GB = 5
LEAST_MEMORY_GB = 2
"""The largest step, recognition, peaks at about 0.5 GB for an hour; two may run side by side."""


def machine_checks(out: Path, cache: Path) -> tuple[Check, ...]:
    """All checks, for the folders of jobs and of the cache."""
    return (
        _python,
        _ffmpeg,
        _weights,
        engines.gpu,
        engines.environments,
        engines.chosen,
        lambda: _disk(out),
        _memory,
        lambda: _writable("output folder", out, "choose another with --out"),
        lambda: _writable("cache folder", cache, "choose another with --cache, or use --no-cache"),
        _javascript,
    )


def _python() -> Iterator[Outcome]:
    found = platform.python_version()
    if sys.version_info >= PYTHON:
        yield good("python", found)
    else:
        yield bad("python", found, "install Python 3.11 or later, then: make setup")


def _ffmpeg() -> Iterator[Outcome]:
    from steps.media import ffmpeg

    try:
        yield good("ffmpeg", ffmpeg.version())
    except (StepError, OSError, ImportError) as error:
        yield bad("ffmpeg", str(error), "make setup")


def _weights() -> Iterator[Outcome]:
    from steps.model.weights import EMBEDDED

    for weights in EMBEDDED:
        name = f"weights {weights.name}"
        try:
            weights.locate()
            yield good(name, weights.sha256[:12])
        except StepError as error:
            yield bad(name, str(error), "make setup")


def _disk(out: Path) -> Iterator[Outcome]:
    free_gb = shutil.disk_usage(_existing(out)).free / 1e9
    message = f"{free_gb:.0f} GB free for {out}"
    if free_gb >= LEAST_DISK_GB:
        yield good("disk", message)
    else:
        yield bad("disk", message, f"free {LEAST_DISK_GB} GB, or choose another disk with --out")


def _memory() -> Iterator[Outcome]:
    total = total_bytes()
    if total is None:
        yield good("memory", "unknown on this system")
        return
    total_gb = total / 1e9
    message = f"{total_gb:.0f} GB"
    if total_gb >= LEAST_MEMORY_GB:
        yield good("memory", message)
    else:
        yield bad("memory", message, f"use a machine with {LEAST_MEMORY_GB} GB, or try --workers 1")


def _writable(name: str, folder: Path, fix: str) -> Iterator[Outcome]:
    place = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            yield good(name, str(folder))
    except OSError as error:
        yield bad(name, f"{place}: {error.strerror}", fix)


def _javascript() -> Iterator[Outcome]:
    """Only YouTube needs a JavaScript runtime."""
    beside = Path(sys.executable).with_name("deno")
    if beside.is_file() or shutil.which("deno"):
        yield good("youtube", "deno is installed")
    else:
        yield good(
            "youtube", "deno is missing; for videos from YouTube, run `make run VIDEO=URL` once"
        )


def _existing(path: Path) -> Path:
    """The path, or its nearest parent that exists."""
    return next(place for place in (path, *path.parents) if place.exists())
