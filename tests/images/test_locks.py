"""The locks of the GPU images: complete, hashed, without addresses, the laptop's versions."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from images import build

LOCKS = [build.IMAGES / "requirements" / f"{step}.txt" for step in build.cuda_steps()]
ENGINES = {"transcribe": "whisperx", "highlight": "vllm", "detect": "ultralytics"}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(path: Path) -> dict[str, str]:
    """Version by name; every line has to be a pin with hashes."""
    text = re.sub(r"\\\n\s*", "", path.read_text())
    found = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        pin, *hashes = re.split(r"\s+(?=--hash)", line)
        assert hashes, pin
        assert all(HASH.fullmatch(item) for item in hashes), pin
        requirement = Requirement(pin)
        (only,) = requirement.specifier
        assert only.operator == "=="
        found[canonicalize_name(requirement.name)] = only.version
    return found


@pytest.fixture(params=LOCKS, ids=lambda path: path.stem)
def lock(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_every_engine_has_a_lock() -> None:
    assert {path.stem for path in LOCKS} == set(ENGINES)


def test_every_line_is_pinned_and_hashed(lock: Path) -> None:
    assert ENGINES[lock.stem] in entries(lock)
    assert "torch" in entries(lock)


def test_a_lock_has_no_url(lock: Path) -> None:
    assert "://" not in lock.read_text()
    assert not re.search(r"^\s*-(i|f|-index|-find)", lock.read_text(), re.MULTILINE)


def test_there_is_one_opencv(lock: Path) -> None:
    assert [name for name in entries(lock) if name.startswith("opencv")] == [
        "opencv-python-headless"
    ]


def test_a_lock_has_every_dependency(lock: Path) -> None:
    with (build.ROOT / "pyproject.toml").open("rb") as stream:
        wanted = tomllib.load(stream)["project"]["dependencies"]
    pinned = entries(lock)
    for text in wanted:
        requirement = Requirement(text)
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier


def test_packages_that_shape_the_result_have_the_laptops_version(lock: Path) -> None:
    same = dict(
        line.split("==")
        for line in (build.IMAGES / "requirements" / "same.txt").read_text().split()
    )
    assert len(same) == 11
    laptop = (build.ROOT / "requirements" / "run.txt").read_text()
    for name, version in same.items():
        assert f"{name}=={version} " in laptop
        assert entries(lock)[name] == version
