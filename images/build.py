"""Build the images: `make images`, with docker or buildah.

There is one base, one image per step on top of it, and one image per environment of heavy engines
(`--cuda`), which has every step. The build of an image runs `--check`, so it fails when code or
weights are missing.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement

from pipelines.environments.declared import ENVIRONMENTS, Environment
from steps.contract.weights import LOCK_NAME, read_lock
from steps.model.licences import Licensed, combined, licence_of
from steps.model.weights import EMBEDDED, MODELS

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "images"
TOOLS = ("docker", "buildah")
EXTRA_VARIABLE = "IMAGES_EXTRA"
LAPTOP_LOCK = ROOT / "requirements" / "run.txt"
YOUTUBE_LOCK = ROOT / "requirements" / "youtube.txt"
_PIN = re.compile(r"^[\w.-]+==[^\\\n]+", re.MULTILINE)


@dataclass(frozen=True)
class Image:
    """One image to build.

    Attributes:
        name: with prefix and tag.
        file: its Containerfile.
        arguments: the values of the file's ARGs.
        context: the folder that the file copies from.
    """

    name: str
    file: Path
    arguments: Mapping[str, str] = field(default_factory=dict)
    context: Path = ROOT


def version() -> str:
    """The version of the project, which is the images' tag."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return str(tomllib.load(stream)["project"]["version"])


def steps() -> tuple[str, ...]:
    """The names of all steps: the packages that have work."""
    found = (path.parent.name for path in (ROOT / "steps").glob("*/work.py"))
    return tuple(sorted(found))


def licences(lock: Path) -> str:
    """The SPDX expression of clipmill, of a lock's packages on Linux, and of the weights in them.

    A package that is not installed here, as most of the environments' are not, counts as
    `LicenseRef-unknown` unless the table of `steps.model.licences` has it.
    """
    pinned = [Requirement(line) for line in _PIN.findall(lock.read_text())]
    names = ["clipmill", *(item.name for item in pinned if _is_on_linux(item))]
    packages = [Licensed(name, "", licence_of(name), "") for name in names]
    weights = [Licensed(item.name, "", item.licence, item.about) for item in EMBEDDED]
    return combined([*packages, *weights])


def _is_on_linux(requirement: Requirement) -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate(
        {"sys_platform": "linux", "platform_machine": "x86_64"}
    )


def images(
    only: list[str],
    *,
    base: str = "",
    prefix: str,
    tag: str,
    cuda: bool = False,
    models: Path | None = None,
) -> list[Image]:
    """All images in the order in which they are built.

    Args:
        only: names of steps, or of environments; all when empty.
        base: replaces the base in the Containerfiles that start from a public image.
        prefix: start of every name.
        tag: of every image.
        cuda: the environments' images instead; they take the code from a base that exists.
        models: a model folder that goes into the base, or into each environment's image.
    """
    own_base = {"BASE": base} if base else {}
    first = Image(
        f"{prefix}clipmill-cpu:{tag}",
        IMAGES / "cpu.Containerfile",
        {**own_base, "LICENCES": licences(LAPTOP_LOCK)},
    )
    if cuda:
        heavy = [
            Image(
                f"{prefix}clipmill-{name}:{tag}",
                IMAGES / "environment.Containerfile",
                {**own_base, "CPU": first.name, **_arguments(ENVIRONMENTS[name])},
            )
            for name in only or ENVIRONMENTS
        ]
        return [made for image in heavy for made in _with_models(image, models)]
    found = _with_models(first, models)
    for step in only or steps():
        special = IMAGES / f"{step}.Containerfile"
        file = special if special.is_file() else IMAGES / "step.Containerfile"
        name = f"{prefix}clipmill-{step}:{tag}"
        own = {"LICENCES": licences(YOUTUBE_LOCK)} if step == "download" else {}
        found.append(Image(name, file, {"BASE": first.name, "STEP": step, **own}))
    return found


def _with_models(image: Image, models: Path | None) -> list[Image]:
    """The image, then the one of the same name with the models in it."""
    if models is None:
        return [image]
    known = image.arguments["LICENCES"]
    inside = {MODELS[name].licence for name in read_lock(models) if name in MODELS}
    added = sorted(inside - set(known.split(" AND ")))
    arguments = {"BASE": image.name, "LICENCES": " AND ".join([known, *added])}
    return [image, Image(image.name, IMAGES / "models.Containerfile", arguments, models)]


def _arguments(environment: Environment) -> dict[str, str]:
    lock = environment.lock("cuda")
    return {
        "ENVIRONMENT": environment.name,
        "LOCK": lock.name,
        "MODULES": " ".join(environment.modules),
        "STEPS": " ".join(steps()),
        "LICENCES": licences(lock),
    }


def build_command(tool: str, image: Image, extra: list[str]) -> list[str]:
    """The argv that builds an image with docker or buildah."""
    verb = ["build"] if tool == "docker" else ["bud", "--layers"]
    arguments = [
        part
        for name, value in image.arguments.items()
        for part in ("--build-arg", f"{name}={value}")
    ]
    named = ["--file", str(image.file), "--tag", image.name]
    return [tool, *verb, *named, *arguments, *extra, str(image.context)]


def usable_tool() -> str:
    """The first tool that is installed and works; docker needs its daemon."""
    for tool in TOOLS:
        if shutil.which(tool):
            done = subprocess.run([tool, "version"], capture_output=True, check=False)
            if done.returncode == 0:
                return tool
    return ""


def main() -> int:
    """Build the images; stop at the first failure with its exit code."""
    parser = argparse.ArgumentParser(prog="make images ARGS=", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME",
        help="only these steps, with --cuda environments [default: all]",
    )  # fmt: skip
    parser.add_argument("--tool", choices=TOOLS, help="[default: the one that works]")
    parser.add_argument(
        "--base", default="", help="base image with Python and venv; NAME@sha256:... repeats"
    )
    parser.add_argument("--prefix", default="localhost/", help="start of every name")
    parser.add_argument("--tag", default=version(), help="[default: the project's version]")
    parser.add_argument(
        "--cuda",
        action="store_true",
        help="the images of heavy engines, for GPUs; build the others first",
    )
    parser.add_argument(
        "--models",
        type=Path,
        metavar="DIR",
        help="put these models in too: a folder that `clipmill models fetch NAME --to DIR` filled",
    )
    parser.add_argument(
        "--push", action="store_true", help="push each image, beside the next builds"
    )
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
        parser.exit(80, "error: neither docker nor buildah works here: install one\n")
    for unknown in set(chosen.names) - set(ENVIRONMENTS if chosen.cuda else steps()):
        kind = "environment" if chosen.cuda else "step with an image"
        parser.exit(80, f"error: there is no {kind} called {unknown!r}\n")
    if chosen.models and not read_lock(chosen.models):
        parser.exit(
            80,
            f"error: {chosen.models} has no {LOCK_NAME}: fill it with "
            f"`clipmill models fetch NAME --to {chosen.models}`\n",
        )
    extra, push_extra = shlex.split(chosen.extra), shlex.split(chosen.push_extra)
    named = {"base": chosen.base, "prefix": chosen.prefix, "tag": chosen.tag}
    commands = [
        (
            build_command(tool, image, extra),
            [tool, "push", *push_extra, image.name] if chosen.push else None,
        )
        for image in images(chosen.names, **named, cuda=chosen.cuda, models=chosen.models)
    ]
    if not chosen.print:
        return make(commands)
    for command in filter(None, chain.from_iterable(commands)):
        _say(command)
    return 0


def make(commands: Iterable[tuple[list[str], list[str] | None]]) -> int:
    """Build images one after another, and push each beside the builds that follow.

    Args:
        commands: for each image, how to build it and how to push it, if at all.

    Returns:
        0, or the exit code of the first command that fails; no build begins after that.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        pushes: list[Future[None]] = []
        try:
            for build, push in commands:
                _run(build)
                if push:
                    pushes.append(beside.submit(_run, push))
                for ended in filter(Future.done, pushes):
                    ended.result()
            for last in pushes:
                last.result()
        except subprocess.CalledProcessError as failed:
            beside.shutdown(cancel_futures=True)
            return failed.returncode
    return 0


def _run(command: list[str]) -> None:
    _say(command)
    subprocess.run(command, check=True)


def _say(command: list[str]) -> None:
    sys.stderr.write(f"+ {shlex.join(command)}\n")


if __name__ == "__main__":
    sys.exit(main())
