"""Receipts: what a task says it did, with files by their content.

The same run gives the same receipt, on any machine.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import Field

from steps.contract.document import Document, Value

RECEIPTS_FOLDER = "receipts"
RECORDS_FOLDER = "runs"

Promise = Literal["any-machine", "this-machine", "replay"]
"""Who gets the same bytes from an engine again: any machine, this machine, or only a replay."""


class Fingerprint(Value):
    """A file by its content."""

    path: str
    sha256: str
    size_bytes: int


class Used(Value):
    """A model that shaped the result."""

    name: str
    sha256: str


class UsedEngine(Value):
    """The engine that did a job, and who gets the same bytes from it again."""

    param: str
    name: str
    promise: Promise


class Degradation(Value):
    """A fallback that was taken, in the words that the report shows."""

    code: str
    message: str


class Failure(Value):
    """Why a task ended without its outputs."""

    exit_code: int
    error: str
    message: str


class Receipt(Document):
    """What one task read, wrote and used; no clock, host, path or duration in it."""

    kind: Literal["clipmill/receipt@1"] = "clipmill/receipt@1"
    task: str
    step: str
    version: int
    params: dict[str, str]
    inputs: tuple[Fingerprint, ...]
    outputs: tuple[Fingerprint, ...]
    models: tuple[Used, ...] = ()
    engines: tuple[UsedEngine, ...] = ()
    packages: dict[str, str] = Field(default_factory=dict)
    kernels: dict[str, str] = Field(default_factory=dict)
    degradations: tuple[Degradation, ...] = ()
    failure: Failure | None = None


class RunRecord(Document):
    """What may differ between two runs of the same task: when, where, for how long.

    Attributes:
        image: of the container, as its pod names it; empty outside of one.
        gpu: the name of the GPU that the task could use, or empty.
        peak_gpu_memory_bytes: the most that the task added to the GPU's used memory.
    """

    kind: Literal["clipmill/run-record@1"] = "clipmill/run-record@1"
    task: str
    started: str
    wall_ms: int
    cpu_ms: int
    peak_memory_bytes: int
    host: str
    image: str = ""
    gpu: str = ""
    peak_gpu_memory_bytes: int = 0
    attempt: int
    cache_hit: bool
    exit_code: int

    @property
    def gpu_ms(self) -> int:
        """How long it held a GPU: all of its time, or none."""
        return self.wall_ms if self.gpu else 0


def receipt_path(task: str) -> str:
    """Job-relative path of a task's receipt."""
    return f"{RECEIPTS_FOLDER}/{task}.json"


def record_path(task: str) -> str:
    """Job-relative path of a task's run record."""
    return f"{RECORDS_FOLDER}/{task}.json"


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fingerprint(root: Path, path: str) -> Fingerprint:
    """Digest and size of a file under a folder; the path is relative to that folder."""
    place = root / path
    return Fingerprint(path=path, sha256=file_sha256(place), size_bytes=place.stat().st_size)
