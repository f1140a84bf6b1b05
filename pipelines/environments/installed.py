"""Environments on this machine: made from their locks, found, and removed.

An environment is whole once it has its stamp, which is written last: an interrupted install has
none and is made again. The stamp has the digest of the lock, so a newer lock is noticed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import platformdirs

import pipelines
from pipelines.environments.declared import (
    PYTHON,
    VARIABLES,
    Environment,
    Hardware,
    check_system,
    environment_of,
)
from steps.contract.errors import BadInput, HostFault
from steps.contract.folders import write_atomically
from steps.contract.places import absolute
from steps.contract.weights import environment_folder
from steps.model.weights import MODELS

DIR_VARIABLE = "CLIPMILL_ENGINES_DIR"
STAMP = "clipmill.json"
CODE = ("steps", "pipelines")
State = Literal["installed", "outdated", "incomplete", "absent"]


def home() -> Path:
    """The folder of all environments: `$CLIPMILL_ENGINES_DIR`, else in the user's data."""
    asked = os.environ.get(DIR_VARIABLE)
    own = platformdirs.user_data_path("clipmill") / "engines"
    return absolute(asked) if asked else own.absolute()


def folder_of(name: str) -> Path:
    """The folder of one environment, whether it exists or not."""
    return home() / environment_of(name).name


def state_of(name: str) -> State:
    """Whether an environment is there, whole, and made from the lock of this version."""
    folder = folder_of(name)
    stamp = _stamp(folder)
    if stamp is None:
        return "incomplete" if folder.is_dir() else "absent"
    hardware: Hardware = "cuda" if stamp.get("hardware") == "cuda" else "cpu"
    current = stamp.get("lock") == environment_of(name).digest(hardware)
    return "installed" if current else "outdated"


def hardware_of(name: str) -> str:
    """The class of machine that an environment was installed for; empty if it is not whole."""
    return (_stamp(folder_of(name)) or {}).get("hardware", "")


def remedy(name: str) -> str:
    """The command that makes an environment usable, for a message."""
    return f"`clipmill engines install {name}`"


def interpreter(name: str) -> Path:
    """The Python of an environment.

    Raises:
        BadInput: it is not installed, or was made from another lock; the line says what to run.
    """
    state = state_of(name)
    if state == "outdated":
        raise BadInput(f"the environment {name} is of another version: run {remedy(name)}")
    if state != "installed":
        raise BadInput(f"the environment {name} is not installed: run {remedy(name)}")
    return folder_of(name) / "bin" / "python"


def packages_folder(name: str) -> Path:
    """The folder of an environment's packages."""
    return folder_of(name) / "lib" / f"python{PYTHON}" / "site-packages"


def variables(name: str) -> dict[str, str]:
    """What a step's process in an environment needs: the code, the models, and no downloads."""
    given = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join(part for part in (str(_code_folder(name)), given) if part)
    return {**VARIABLES, "PYTHONPATH": path}


def install(name: str, hardware: Hardware, report: Callable[[str], None]) -> bool:
    """Make an environment from its lock, or do nothing where it is up to date.

    Args:
        name: the environment.
        hardware: the class of machine.
        report: gets one line before the work.

    Returns:
        Whether anything was installed.

    Raises:
        BadInput: this system, its Python or its tools cannot install it.
        HostFault: the disk is too small, or the installer failed; it says why on stderr.
    """
    environment = environment_of(name)
    check_system(environment, hardware)
    home().mkdir(parents=True, exist_ok=True)
    with _locked(home()):
        folder = folder_of(name)
        if state_of(name) == "installed" and hardware_of(name) == hardware:
            return False
        _discard(folder)
        _check_space(environment)
        report(f"installing {name} for {hardware} in {folder} ({environment.gigabytes:g} GB)")
        for command in install_commands(folder, environment.lock(hardware)):
            code = subprocess.run(command, check=False).returncode
            if code:
                raise HostFault(
                    f"{name} was not installed: {Path(command[0]).name} ended with code {code} and "
                    f"says why above; once that is fixed, run {remedy(name)} again"
                )
        stamp = {"hardware": hardware, "lock": environment.digest(hardware)}
        write_atomically(folder / STAMP, json.dumps(stamp, sort_keys=True).encode())
    return True


def remove(name: str) -> bool:
    """Remove an environment; returns whether there was one."""
    folder = folder_of(name)
    if not folder.exists():
        return False
    with _locked(home()):
        _discard(folder)
    return True


def install_commands(folder: Path, lock: Path) -> tuple[list[str], list[str]]:
    """The commands that make an environment and fill it: with uv if it is there, else with pip.

    Raises:
        BadInput: there is no uv and no Python of the locks' version.
    """
    python = folder / "bin" / "python"
    what = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)]
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.is_file() else shutil.which("uv")
    if uv:
        made = [uv, "venv", "--quiet", "--no-project", "--python", _python() or PYTHON, str(folder)]
        return made, [uv, "pip", "install", "--python", str(python), *what]
    own = _python()
    if own is None:
        raise BadInput(f"the environments need Python {PYTHON} or uv: install one of them")
    return (
        [own, "-m", "venv", "--without-pip", str(folder)],
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-input", *what],
    )


def _python() -> str | None:
    """A Python of the locks' version: this one, else one on PATH."""
    here = ".".join(map(str, sys.version_info[:2]))
    return sys.executable if here == PYTHON else shutil.which(f"python{PYTHON}")


def _check_space(environment: Environment) -> None:
    free = shutil.disk_usage(home()).free / 1e9
    if free < environment.gigabytes:
        raise HostFault(
            f"{environment.name} takes {environment.gigabytes:g} GB and {home()} has {free:.1f} GB "
            f"free: free some, or set {DIR_VARIABLE} to a folder on another disk"
        )


def _stamp(folder: Path) -> Mapping[str, str] | None:
    try:
        found = json.loads((folder / STAMP).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _discard(folder: Path) -> None:
    """Remove an environment, the stamp first, so that a half removed one never counts as whole."""
    (folder / STAMP).unlink(missing_ok=True)
    if folder.exists():
        shutil.rmtree(folder)


def _code_folder(name: str) -> Path:
    """A folder for an environment's path: this clipmill's code, and the models of its packages.

    They are linked one by one: the folder that they are in has packages of other versions too.
    """
    root = Path(pipelines.__file__).resolve().parent.parent
    folder = folder_of(name)
    place = folder / "code" / hashlib.sha256(str(root).encode()).hexdigest()[:12]
    place.mkdir(parents=True, exist_ok=True)
    for package in CODE:
        _link(place / package, root / package)
    for package in {package for model in MODELS.values() for package in model.packages}:
        if (packages_folder(name) / package).exists() or "." in package:
            continue
        spec = importlib.util.find_spec(package)
        for found in (spec.submodule_search_locations or []) if spec else []:
            _link(place / package, Path(found))
    # Inside the environment, the models of this Python are links to another's already.
    within = Path(sys.prefix).resolve() == folder.resolve()
    if not within and environment_folder().is_dir():
        _link(folder / environment_folder().relative_to(sys.prefix), environment_folder())
    return place


def _link(place: Path, target: Path) -> None:
    """Make a link or change it; several processes may do so at once."""
    if place.is_symlink() and place.readlink() == target:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    made = place.with_name(f".{place.name}-{os.getpid()}")
    made.symlink_to(target, target_is_directory=True)
    made.replace(place)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change the environments."""
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
