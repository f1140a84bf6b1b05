"""Build the images: `make images`, with docker or buildah.

One base per kind of machine, and one image per step on top of it. Every step's image runs the
step's own self-check while it is built, so an image that lacks code or weights is never made.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "images"
TOOLS = ("docker", "buildah")
EXTRA_VARIABLE = "IMAGES_EXTRA"


@dataclass(frozen=True)
class Image:
    """What is built under a name.

    Attributes:
        name: with prefix and tag.
        file: its Containerfile.
        arguments: the values of the file's ARGs.
    """

    name: str
    file: Path
    arguments: Mapping[str, str] = field(default_factory=dict)


def version() -> str:
    """The version of the project, which is the images' tag."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return str(tomllib.load(stream)["project"]["version"])


def steps() -> tuple[str, ...]:
    """The names of all steps, by their packages."""
    found = (path.parent.name for path in (ROOT / "steps").glob("*/work.py"))
    return tuple(sorted(found))


def cuda_steps() -> tuple[str, ...]:
    """The steps that have an engine for GPUs, by their locks."""
    return tuple(step for step in steps() if (IMAGES / "requirements" / f"{step}.txt").is_file())


def images(
    only: list[str], *, base: str = "", prefix: str, tag: str, cuda: bool = False
) -> list[Image]:
    """All images in the order in which they are built.

    Args:
        only: names of steps; all when empty.
        base: in place of the Containerfile's own base; of the GPU images' when `cuda`.
        prefix: in front of every name.
        tag: behind every name; GPU images have `-cuda` added.
        cuda: the GPU images, out of a CPU base that is there already.
    """
    own_base = {"BASE": base} if base else {}
    cpu = Image(f"{prefix}clipmill-cpu:{tag}", IMAGES / "cpu.Containerfile", own_base)
    if cuda:
        return [
            Image(
                f"{prefix}clipmill-{step}:{tag}-cuda",
                IMAGES / "cuda.Containerfile",
                {**own_base, "CPU": cpu.name, "STEP": step},
            )
            for step in only or cuda_steps()
        ]
    found = [cpu]
    for step in only or steps():
        special = IMAGES / f"{step}.Containerfile"
        file = special if special.is_file() else IMAGES / "step.Containerfile"
        name = f"{prefix}clipmill-{step}:{tag}"
        found.append(Image(name, file, {"BASE": cpu.name, "STEP": step}))
    return found


def build_command(tool: str, image: Image, extra: list[str]) -> list[str]:
    """The argv that builds an image with docker or buildah."""
    verb = ["build"] if tool == "docker" else ["bud", "--layers"]
    arguments = [
        part
        for name, value in image.arguments.items()
        for part in ("--build-arg", f"{name}={value}")
    ]
    named = ["--file", str(image.file), "--tag", image.name]
    return [tool, *verb, *named, *arguments, *extra, str(ROOT)]


def usable_tool() -> str:
    """The first tool that is installed and answers: docker without its daemon does not."""
    for tool in TOOLS:
        if shutil.which(tool):
            done = subprocess.run([tool, "version"], capture_output=True, check=False)
            if done.returncode == 0:
                return tool
    return ""


def main() -> int:
    """Build what was asked for; stops at the first failure with its exit code."""
    parser = argparse.ArgumentParser(prog="make images ARGS=", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="STEP", help="only these [default: all]")
    parser.add_argument("--tool", choices=TOOLS, help="[default: what answers]")
    parser.add_argument("--base", default="", help="image with Python and venv to build upon")
    parser.add_argument("--prefix", default="localhost/", help="in front of every name")
    parser.add_argument("--tag", default=version(), help="[default: the project's version]")
    parser.add_argument("--cuda", action="store_true", help="the images for GPUs, after the others")
    parser.add_argument("--push", action="store_true", help="push each one as soon as it is there")
    parser.add_argument(
        "--extra",
        default=os.environ.get(EXTRA_VARIABLE, ""),
        help=f"more options for every build, as one text [default: ${EXTRA_VARIABLE}]",
    )
    parser.add_argument("--push-extra", default="", help="more options for every push")
    parser.add_argument("--print", action="store_true", help="only print the commands")
    chosen = parser.parse_args()
    tool = chosen.tool or usable_tool()
    if not tool:
        parser.exit(80, "error: neither docker nor buildah is installed and answers\n")
    for unknown in set(chosen.steps) - set(cuda_steps() if chosen.cuda else steps()):
        parser.exit(80, f"error: no step that has such an image is called {unknown!r}\n")
    extra, push_extra = shlex.split(chosen.extra), shlex.split(chosen.push_extra)
    commands = []
    for image in images(
        chosen.steps, base=chosen.base, prefix=chosen.prefix, tag=chosen.tag, cuda=chosen.cuda
    ):
        commands.append(build_command(tool, image, extra))
        if chosen.push:
            commands.append([tool, "push", *push_extra, image.name])
    for command in commands:
        sys.stderr.write(f"+ {shlex.join(command)}\n")
        if not chosen.print and (code := subprocess.run(command, check=False).returncode):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
