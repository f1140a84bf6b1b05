"""The environments that there are, and the lock of each by class of machine."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from steps.contract.errors import BadInput

Hardware = Literal["cpu", "cuda"]
LOCKS = Path(__file__).with_name("locks")
PYTHON = "3.11"
"""The version that the locks are made for; images have it too."""
VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "DO_NOT_TRACK": "1",
        "HF_HUB_OFFLINE": "1",
        "PYTHONNOUSERSITE": "1",
        "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
        "VLLM_NO_USAGE_STATS": "1",
        "YOLO_AUTOINSTALL": "false",
        "YOLO_OFFLINE": "1",
    }
)
"""A step downloads nothing and reports to nobody; vLLM schedules the same way in every run."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A set of packages for heavy engines, with everything of the default install.

    Attributes:
        name: what `clipmill engines install` calls it.
        about: one line of help.
        locks: the lock by class of machine; one for both where PyPI has one build for both.
        gigabytes: of disk, measured on Linux for the larger class; a GB is 10^9 bytes.
        modules: what `clipmill engines check` imports.
    """

    name: str
    about: str
    locks: Mapping[Hardware, str]
    gigabytes: float
    modules: tuple[str, ...]

    def lock(self, hardware: Hardware) -> Path:
        """The lock for a class of machine."""
        return LOCKS / self.locks[hardware]

    def digest(self, hardware: Hardware) -> str:
        """SHA-256 of that lock."""
        return hashlib.sha256(self.lock(hardware).read_bytes()).hexdigest()


ENVIRONMENTS = {
    environment.name: environment
    for environment in (
        Environment(
            name="whisperx",
            about="speech: WhisperX recognises and aligns, pyannote tells voices apart",
            locks={"cpu": "whisperx.txt", "cuda": "whisperx.txt"},
            gigabytes=8.2,
            modules=("torch", "whisperx"),
        ),
        Environment(
            name="vllm",
            about="language: vLLM runs a language model in the step's own process",
            locks={"cpu": "vllm-cpu.txt", "cuda": "vllm-cuda.txt"},
            gigabytes=9.3,
            modules=("torch", "vllm"),
        ),
        Environment(
            name="vision",
            about="pictures: Ultralytics finds and tracks persons and faces, MediaPipe poses",
            locks={"cpu": "vision.txt", "cuda": "vision.txt"},
            gigabytes=6.2,
            modules=("torch", "torchvision", "ultralytics", "mediapipe"),
        ),
    )
}


def environment_of(name: str) -> Environment:
    """The environment of that name.

    Raises:
        BadInput: there is none.
    """
    if name not in ENVIRONMENTS:
        known = ", ".join(ENVIRONMENTS)
        raise BadInput(f"there is no environment {name!r} (expected one of {known})")
    return ENVIRONMENTS[name]


def check_system(environment: Environment, hardware: Hardware) -> None:
    """Refuse a system that the lock has no wheels for.

    Raises:
        BadInput: the system is not supported; the line says what is.
    """
    here = (sys.platform, platform.machine())
    systems = [("linux", "x86_64")]
    if hardware == "cpu" and environment.locks["cpu"] == environment.locks["cuda"]:
        systems.append(("darwin", "arm64"))
    if here not in systems:
        wanted = " or ".join(" ".join(system) for system in systems)
        raise BadInput(
            f"{environment.name} for {hardware} does not run on {' '.join(here)}: "
            f"use a machine with {wanted}"
        )


@dataclass(frozen=True)
class Gpu:
    """One NVIDIA GPU, as its driver describes it.

    Attributes:
        memory_mib: 0 where the driver does not tell it, as of a GPU that is shared as MIG slices.
    """

    name: str
    memory_mib: int
    driver: str
    capability: str


def gpus() -> tuple[Gpu, ...]:
    """The NVIDIA GPUs that the driver shows; none without a driver.

    Raises:
        BadInput: `nvidia-smi` is there and fails: the driver does not work.
    """
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    query = "--query-gpu=name,memory.total,driver_version,compute_cap"
    done = subprocess.run(
        [program, query, "--format=csv,noheader,nounits"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).split())[:160]
        raise BadInput(f"nvidia-smi failed: {said}: repair the NVIDIA driver")
    rows = (line.split(", ") for line in done.stdout.splitlines() if line.strip())
    return tuple(
        Gpu(name, int(memory) if memory.isdecimal() else 0, driver, capability)
        for name, memory, driver, capability in rows
    )


def hardware_here() -> Hardware:
    """The class of this machine: `cuda` where a driver shows a GPU."""
    return "cuda" if gpus() else "cpu"
