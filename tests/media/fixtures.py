"""The pytest fixture `media`: a film of the catalogue by name, made once and kept."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import imageio_ffmpeg
import pytest

from tests.media.catalogue import SCENES
from tests.media.make import QUIET, make, truth_path
from tests.media.scene import Scene
from tests.media.truth import Truth

HERE = Path(__file__).parent
KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "clipmill-tests"
"""Holds the films of every checkout; delete it at any time."""
INGREDIENTS = ("faces/*", "fonts/*", "speech/*")
_IMPORT = re.compile(r"^from tests\.media(?:\.(\w+))? import ([\w, ]+)", re.MULTILINE)
Film = tuple[Path, Truth]


@cache
def drawn_by() -> dict[str, bytes]:
    """Return the contents of the modules and ingredients that make any film, by their path."""
    waiting, modules = ["make"], set[str]()
    while waiting:
        name = waiting.pop()
        if name in modules:
            continue
        modules.add(name)
        for module, names in _IMPORT.findall((HERE / f"{name}.py").read_text(encoding="utf-8")):
            waiting += [module] if module else names.replace(" ", "").split(",")
    found = [HERE / f"{name}.py" for name in modules]
    found += [path for pattern in INGREDIENTS for path in HERE.glob(pattern)]
    return {path.relative_to(HERE).as_posix(): path.read_bytes() for path in sorted(found)}


def recipe_digest(scene: Scene) -> str:
    """Return a digest of all that shapes a film: after a change it is made again, and no other."""
    digest = hashlib.sha256(f"{cv2.__version__} {imageio_ffmpeg.__version__} {scene}".encode())
    for name, content in drawn_by().items():
        digest.update(name.encode() + content)
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def media() -> Callable[[str], Film]:
    """Return a function: name of a scene -> (file, truth). Read the file, never write to it."""

    def film(name: str) -> Film:
        scene = SCENES[name]()
        folder = KEPT / recipe_digest(scene)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{scene.name}{scene.coding.suffix}"
        with (folder / "lock").open("w") as lock:  # workers side by side make it once
            fcntl.flock(lock, fcntl.LOCK_EX)
            if truth_path(path).exists():
                return path, Truth.model_validate_json(truth_path(path).read_bytes())
            return make(scene, folder)

    return film


@pytest.fixture(scope="session")
def talk_start(tmp_path_factory: pytest.TempPathFactory, sample: Film) -> Path:
    """Return the first six seconds of the sample, for jobs that need no more."""
    return start_of(sample[0], 6, tmp_path_factory.mktemp("talk-start") / "talk.mp4")


@pytest.fixture(scope="session")
def talk_opening(tmp_path_factory: pytest.TempPathFactory, sample: Film) -> Path:
    """Return the first 26 seconds of the sample, for jobs that choose their clips."""
    return start_of(sample[0], 26, tmp_path_factory.mktemp("talk-opening") / "talk.mp4")


def start_of(film: Path, seconds: int, path: Path) -> Path:
    """Write the first seconds of a film, its pictures and sound as they are; return the path."""
    argv = [*QUIET, "-t", str(seconds), "-i", str(film), "-c", "copy", str(path)]
    subprocess.run(argv, check=True)
    return path


@pytest.fixture(scope="session")
def sample() -> Film:
    """Return the committed sample (the scene `talk`) and its truth."""
    path = HERE / "sample" / "talk.mp4"
    return path, Truth.model_validate_json(truth_path(path).read_bytes())
