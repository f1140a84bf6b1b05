"""`make engines`: run the tests of every environment's engines with its own interpreter.

A test says where it runs: `@pytest.mark.engines(environment="vision")`. The environments are those
of `clipmill engines install`, for machines without a GPU; they stay between runs. A test that is
skipped fails the run, because nothing else would run it. Two environments' tests run side by side,
for half of a test is the work of one thread, and meanwhile the next environment is made.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from pipelines.environments.declared import ENVIRONMENTS
from pipelines.environments.installed import install, interpreter, variables

ROOT = Path(__file__).resolve().parents[2]
TOOLS_LOCK = ROOT / "requirements" / "engine-tests.txt"
MARKS = ('mark.engines(environment="{}")', "mark.engines(environment=name)")
"""A test of one environment, and one that is there for each."""
LONGEST = "vllm"
SIDE_BY_SIDE = 2
DURATIONS = ("--durations=10", "--durations-min=5")


def tools(folder: Path) -> Path:
    """Install pytest and its plugins in a folder of their own, for any interpreter's path."""
    uv = Path(sys.executable).with_name("uv")
    what = ["--no-deps", "--require-hashes", "--requirement", str(TOOLS_LOCK)]
    command = [str(uv), "pip", "install", "--quiet", "--target", str(folder), *what]
    subprocess.run(command, check=True)
    return folder


def test_files(name: str) -> list[str]:
    """The files with tests for an environment; others may import what it lacks."""
    marks = [mark.format(name) for mark in MARKS]
    return [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if any(mark in path.read_text() for mark in marks)
    ]


def run_in(name: str, path: Path, arguments: list[str], beside: bool) -> int:
    """Run an environment's tests; returns pytest's exit code, or 1 for a test that was skipped.

    What they print comes in one piece at their end where others run `beside` them.
    """
    begun = time.monotonic()
    added = variables(name)
    added["PYTHONPATH"] = os.pathsep.join((added["PYTHONPATH"], str(path)))
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        command = [
            str(interpreter(name)), "-m", "pytest", "-q", "-m", f"engines(environment='{name}')",
            "-p", "no:cacheprovider", f"--junitxml={report.name}", *DURATIONS, *test_files(name),
            *arguments,
        ]  # fmt: skip
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **added},
            stdout=subprocess.PIPE if beside else None,
            stderr=subprocess.STDOUT if beside else None,
            text=True,
            check=False,
        )
        code, skipped = done.returncode, 0
        if not code:
            suites = ElementTree.parse(report.name).getroot()
            skipped = sum(int(suite.get("skipped", "0")) for suite in suites)
    said = f"{done.stdout or ''}{name}: test: {time.monotonic() - begun:.0f} s\n"
    if skipped:
        said += f"{name}: {skipped} tests were skipped; nothing else would run them\n"
    sys.stderr.write(said)
    return code or min(skipped, 1)


def main() -> int:
    """Make the environments and run the tests of each; returns the first failure's code."""
    parser = argparse.ArgumentParser(prog="make engines ARGS=", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(ENVIRONMENTS)} [default: all]"
    )
    chosen, arguments = parser.parse_known_args()
    path = tools(Path(sys.prefix) / "engine-tests")
    names = sorted(chosen.names or ENVIRONMENTS, key=lambda name: name != LONGEST)
    beside = len(names) > 1
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        runs = []
        for name in names:
            begun = time.monotonic()
            install(name, "cpu", lambda line: sys.stderr.write(f"{line}\n") and None)
            sys.stderr.write(f"{name}: install: {time.monotonic() - begun:.0f} s\n")
            runs.append(pool.submit(run_in, name, path, arguments, beside))
        codes = [run.result() for run in runs]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())
