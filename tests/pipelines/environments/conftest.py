"""`tiny`: an environment with one small package, made by the real installer without a registry."""

from __future__ import annotations

import hashlib
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.environments import declared, installed
from pipelines.environments.declared import ENVIRONMENTS, Environment
from pipelines.environments.installed import DIR_VARIABLE, packages_folder

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def make_wheel(folder: Path, version: str) -> str:
    """A wheel of `tiny-engine`; returns its SHA-256."""
    info = f"tiny_engine-{version}.dist-info"
    path = folder / f"tiny_engine-{version}-py3-none-any.whl"
    files = {
        "tiny_engine.py": f'NAME = "tiny {version}"\n',
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny-engine\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(zipfile.ZipInfo(name), content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Tiny:
    """What a test changes of the environment `tiny`."""

    lock: Callable[[str], None]
    """Pin another version; the wheel is there."""
    break_lock: Callable[[], None]
    """Pin a hash that no file has."""
    complete: Callable[[], None]
    """Give the installed environment the default install's packages too, as a real one has."""


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    wheels, locks = tmp_path / "wheels", tmp_path / "locks"
    for folder in (wheels, locks):
        folder.mkdir()
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv(DIR_VARIABLE, str(tmp_path / "engines"))
    monkeypatch.setattr(declared, "LOCKS", locks)
    monkeypatch.setattr(installed, "PYTHON", HERE)
    both = {"cpu": "tiny.txt", "cuda": "tiny.txt"}
    environment = Environment(
        name="tiny", about="one small package", locks=both, gigabytes=0.01, modules=("tiny_engine",)
    )  # fmt: skip
    monkeypatch.setitem(ENVIRONMENTS, "tiny", environment)

    def lock(version: str, digest: str = "") -> None:
        known = digest or make_wheel(wheels, version)
        line = f"tiny-engine=={version} \\\n    --hash=sha256:{known}\n"
        (locks / "tiny.txt").write_text(line)

    def complete() -> None:
        rest = packages_folder("tiny") / "rest.pth"
        rest.write_text(sysconfig.get_path("purelib") + "\n")

    lock("1.0")
    return Tiny(lock, lambda: lock("1.0", "0" * 64), complete)
