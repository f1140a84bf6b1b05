"""Build the images: `make images`, with docker or buildah.

One base per kind of machine, and one image per step on top of it. Every step's image runs the
step's own self-check while it is built, so an image that lacks code or weights is never made.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "images"


def version() -> str:
    """The version of the project, which is the images' tag."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return str(tomllib.load(stream)["project"]["version"])


def steps() -> tuple[str, ...]:
    """The names of all steps, by their packages."""
    found = (path.parent.name for path in (ROOT / "steps").glob("*/work.py"))
    return tuple(sorted(found))


def build_command(tool: str, file: Path, tag: str, arguments: dict[str, str]) -> list[str]:
    """The argv that builds one image with docker or buildah."""
    verb = ["build"] if tool == "docker" else ["bud", "--layers"]
    pairs = [part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")]
    return [tool, *verb, "--file", str(file), "--tag", tag, *pairs]


def plan(tool: str, only: list[str], base: str, prefix: str, extra: list[str]) -> list[list[str]]:
    """All commands in order: the base, then one image per step."""
    tag = version()
    shared = f"{prefix}clipmill-cpu:{tag}"
    first = build_command(tool, IMAGES / "cpu.Containerfile", shared, {"BASE": base} if base else {})
    commands = [[*first, *extra, str(ROOT)]]
    for step in only or steps():
        own = IMAGES / f"{step}.Containerfile"
        file = own if own.is_file() else IMAGES / "step.Containerfile"
        name = f"{prefix}clipmill-{step}:{tag}"
        commands.append(
            [*build_command(tool, file, name, {"BASE": shared, "STEP": step}), *extra, str(ROOT)]
        )
    return commands


def main() -> int:
    """Build what was asked for; stops at the first failure with its exit code."""
    parser = argparse.ArgumentParser(prog="make images ARGS=", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="STEP", help="only these [default: all]")
    parser.add_argument("--tool", choices=("docker", "buildah"), help="[default: what is there]")
    parser.add_argument("--base", default="", help="image with Python 3.11 or later and venv")
    parser.add_argument("--prefix", default="localhost/", help="in front of every name")
    parser.add_argument("--extra", default="", help="more options for the tool, as one text")
    parser.add_argument("--print", action="store_true", help="only print the commands")
    chosen = parser.parse_args()
    tool = chosen.tool or next((name for name in ("docker", "buildah") if shutil.which(name)), "")
    if not tool:
        parser.exit(80, "error: neither docker nor buildah is installed\n")
    for unknown in set(chosen.steps) - set(steps()):
        parser.exit(80, f"error: no step is called {unknown!r}\n")
    extra = shlex.split(chosen.extra)
    for command in plan(tool, chosen.steps, chosen.base, chosen.prefix, extra):
        sys.stderr.write(f"+ {shlex.join(command)}\n")
        if not chosen.print and (code := subprocess.run(command, check=False).returncode):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
