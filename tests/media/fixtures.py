"""The pytest fixture `media`: a film of the catalogue by name, made once and kept."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import cv2
import imageio_ffmpeg
import pytest

from tests.media.catalogue import SCENES
from tests.media.make import QUIET, make, truth_path
from tests.media.truth import Truth

HERE = Path(__file__).parent
KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "clipmill-tests"
"""Holds the films of every checkout; delete it at any time."""
INGREDIENTS = ("*.py", "faces/*", "fonts/*", "speech/*")
UNRELATED = {
    "bad.py",
    "clocks.py",
    "cut_out.py",
    "dolby.py",
    "edit_lists.py",
    "fixtures.py",
    "footage.py",
    "joined.py",
    "languages.py",
    "measure.py",
    "sheets.py",
    "spoiled.py",
}
Film = tuple[Path, Truth]


def recipe_digest() -> str:
    """Return a digest of all that shapes the films: after a change they are made again."""
    digest = hashlib.sha256(f"{cv2.__version__} {imageio_ffmpeg.__version__}".encode())
    for pattern in INGREDIENTS:
        for path in sorted(HERE.glob(pattern)):
            if path.name.startswith("test_") or path.name in UNRELATED:
                continue
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def media() -> Callable[[str], Film]:
    """Return a function: name of a scene -> (file, truth). Read the file, never write to it."""
    folder = KEPT / recipe_digest()
    folder.mkdir(parents=True, exist_ok=True)

    def film(name: str) -> Film:
        scene = SCENES[name]()
        path = folder / f"{scene.name}{scene.coding.suffix}"
        with (folder / f"{name}.lock").open("w") as lock:  # workers side by side make it once
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
