"""Prove that an environment works: its packages are the lock's, its modules and engines load."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipelines.environments.declared import Hardware, environment_of
from pipelines.environments.installed import (
    hardware_of,
    interpreter,
    packages_folder,
    variables,
)
from steps.catalogue import EXIT_NAMES, NAMES, load_step
from steps.contract.errors import StepError, one_line
from steps.contract.params import flag

_PIN = re.compile(r"^[\w.-]+==[^\\\n]+", re.MULTILINE)
IMPORT_LIMIT_S = 600


@dataclass(frozen=True)
class Check:
    """One thing that was checked.

    Attributes:
        environment: its name.
        what: what was checked.
        fault: what is wrong and what to do; empty if it is right.
    """

    environment: str
    what: str
    fault: str = ""

    def as_dict(self) -> dict[str, str]:
        """The fields, for JSON."""
        return asdict(self)


def checks(name: str) -> Iterator[Check]:
    """All checks of one environment; the first fault that makes the others pointless ends them."""
    try:
        python = interpreter(name)
    except StepError as error:
        yield Check(name, "installed", str(error))
        return
    environment = environment_of(name)
    hardware: Hardware = "cuda" if hardware_of(name) == "cuda" else "cpu"
    yield Check(name, "packages", _differences(environment.lock(hardware), packages_folder(name)))
    for module in environment.modules:
        yield Check(name, f"import {module}", _run(name, python, "-c", f"import {module}"))
    for step in map(load_step, (*NAMES, *EXIT_NAMES)):
        for param, marked in step.engines.items():
            for engine in marked.engines:
                if engine.environment == name:
                    option = f"{flag(param)}={engine.name}"
                    words = ("-m", "steps", step.name, "--check", option)
                    yield Check(name, f"{step.name} {option}", _run(name, python, *words))


def pins(lock: Path) -> dict[str, str]:
    """The version of each package that a lock installs on this machine."""
    found = map(Requirement, _PIN.findall(lock.read_text()))
    return {
        canonicalize_name(item.name): str(item.specifier).removeprefix("==")
        for item in found
        if item.marker is None or item.marker.evaluate()
    }


def _differences(lock: Path, folder: Path) -> str:
    """Which packages of a lock are missing from a folder, or have another version there."""
    there = {
        str(canonicalize_name(one.name)): one.version for one in distributions(path=[str(folder)])
    }
    wrong = [
        f"{name} is {there.get(name, 'missing')} (expected {version})"
        for name, version in pins(lock).items()
        if there.get(name) != version
    ]
    if not wrong:
        return ""
    more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return f"{wrong[0]}{more}: remove the environment and install it again"


def _run(name: str, python: Path, *words: str) -> str:
    """Run the environment's interpreter; returns the last line that it says when it fails."""
    done = subprocess.run(
        [str(python), "-P", *words],  # never a module of the folder that the user is in
        env={**os.environ, **variables(name)},
        capture_output=True, text=True, check=False, timeout=IMPORT_LIMIT_S,
    )  # fmt: skip
    if not done.returncode:
        return ""
    said = [line for line in done.stderr.splitlines() if line.strip()]
    last = said[-1] if said else f"ended with code {done.returncode}"
    with suppress(ValueError, KeyError, TypeError):  # a step says it as JSON
        last = json.loads(last)["message"]
    return one_line(last)
