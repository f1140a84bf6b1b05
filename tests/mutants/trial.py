"""Trials: a copy of the working tree, one mutant in it, its tests, and the verdict."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutant import Mutant, Stale

LIMIT_S = 600
"""A mutant that makes its tests hang for so long is noticed, too."""

_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", flags=re.MULTILINE)
_TESTS_FAILED = 1  # pytest's exit code


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        outcome: `killed`, `survived`, `stale`, or `broken` when its tests could not be run.
        detail: the first test that failed, or why there is no verdict.
        seconds: how long its tests took.
    """

    mutant: Mutant
    outcome: str
    detail: str
    seconds: float = 0.0


def copy_tree(root: Path, to: Path) -> None:
    """Copy the files that git tracks, and the new ones that it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (source := root / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, to / name)


def run_tests(copy: Path, tests: tuple[str, ...], cache: Path) -> tuple[int | None, str]:
    """Run a selection in a copy; pytest's exit code (None past the limit) and its output.

    No bytecode is written: an edit within the same second and of the same length would be hidden by
    the bytecode of the source before it.
    """
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ["-x", "-q", "-o", f"cache_dir={cache}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        return None, process.communicate()[0]
    return process.returncode, output


def attempt(mutant: Mutant, copy: Path, cache: Path) -> Verdict:
    """Apply a mutant in a copy, run its tests, and take it back."""
    try:
        path = mutant.find(copy)
    except Stale as error:
        return Verdict(mutant, "stale", str(error))
    began = time.monotonic()
    with _edited(path, mutant):
        code, output = run_tests(copy, mutant.tests, cache)
    seconds = time.monotonic() - began
    if code is None:
        return Verdict(mutant, "killed", f"its tests hang for {LIMIT_S} s", seconds)
    failed = _FAILED.search(output)
    if code == _TESTS_FAILED and failed:
        return Verdict(mutant, "killed", failed[1], seconds)
    if code == 0:
        return Verdict(mutant, "survived", f"{' '.join(mutant.tests)} passed", seconds)
    return Verdict(
        mutant, "broken", f"pytest ended with {code}: {' '.join(output[-300:].split())}", seconds
    )


@contextmanager
def _edited(path: Path, mutant: Mutant) -> Iterator[None]:
    kept = path.read_text()
    path.write_text(mutant.mutated(kept))
    try:
        yield
    finally:
        path.write_text(kept)
