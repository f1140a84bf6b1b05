"""`clipmill` as a user runs it: a real process, its exit code and what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

QUICK = (
    "--preset", "ultrafast", "--aligner", "whisper", "--diarizer", "off", "--sounds", "off",
    "--moderation", "off",
)  # fmt: skip
"""Options of a job whose speech and pictures are not the subject: half the work of the rest."""

TALK = (
    "--preset", "ultrafast", "--clips", "1", "--lengths", "5-7", "--size", "720",
    "--job-id", "talk",
)  # fmt: skip
"""Options of a small job of every step; see the fixture `talk_job`."""


@dataclass(frozen=True)
class Said:
    """What a finished command said."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The lines that begin with `error:`."""
        return [line for line in self.err.splitlines() if line.startswith("error:")]


def command(*arguments: str | Path) -> list[str]:
    """The argv of `clipmill` with these arguments."""
    return [sys.executable, "-m", "pipelines", *map(str, arguments)]


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a user with that home."""
    return {"XDG_CACHE_HOME": str(home), "HOME": str(home), "COLUMNS": "200"}


def clipmill(
    *arguments: str | Path,
    home: Path,
    seconds: float = 900.0,
    environment: Mapping[str, str] | None = None,
) -> Said:
    """Run it to its end in `home`, with a user's cache of its own there."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        env={**os.environ, **surroundings(home), **(environment or {})},
        cwd=home,
        timeout=seconds,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)
