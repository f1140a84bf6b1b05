"""A task's files: inputs by their digests, outputs staged, checked and put in place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from steps.contract.errors import BrokenContract
from steps.contract.ports import DocumentPort, Port
from steps.contract.receipt import (
    RECEIPTS_FOLDER,
    Fingerprint,
    Receipt,
    fingerprint,
    receipt_path,
)
from steps.contract.step import Step

PARTIAL = ".partial-"
"""How the name of an unfinished file or folder begins; no key of a store has a part like it."""


def fingerprints(ports: tuple[Port, ...], root: Path, clip: str | None) -> list[Fingerprint]:
    """The digests of a step's input files that are there.

    Raises:
        BrokenContract: one that is not optional is missing, or one differs from what the receipt
            of the task that made it says.
    """
    found = []
    for port in ports:
        files = port.files(root, clip)
        if not files and not port.optional and not port.is_folder:
            raise BrokenContract(f"the input {port.resolve(clip)} is missing from {root}")
        found += [fingerprint(root, str(path)) for path in files]
    made = _made(root)
    for item in found:
        task, sha256 = made.get(item.path, ("", item.sha256))
        if sha256 != item.sha256:
            raise BrokenContract(
                f"{item.path} is not what {task} wrote ({receipt_path(task)} has another digest): "
                "rerun the job to recreate it"
            )
    return found


def _made(root: Path) -> dict[str, tuple[str, str]]:
    """Task and SHA-256 of the files that finished tasks made, by path, as their receipts say."""
    made: dict[str, tuple[str, str]] = {}
    for place in sorted((root / RECEIPTS_FOLDER).glob("*.json")):
        try:
            receipt = json.loads(place.read_bytes())
            outputs = {item["path"]: (place.stem, item["sha256"]) for item in receipt["outputs"]}
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # the step that reads receipts says what is wrong with it
        made |= outputs
    return made


def checked_outputs(step: Step[Any], root: Path, clip: str | None) -> list[Fingerprint]:
    """The digests of a step's outputs.

    Raises:
        BrokenContract: one that is not optional is missing, or a document is not of its kind.
    """
    found: dict[str, Fingerprint] = {}
    for port in step.writes:
        files = port.files(root, clip)
        if not files and not port.optional and not port.is_folder:
            raise BrokenContract(f"{step.name} did not write {port.resolve(clip)}")
        for path in files:
            if isinstance(port, DocumentPort):
                port.document.from_file(root / path)
            found[str(path)] = fingerprint(root, str(path))
    return [found[path] for path in sorted(found)]


def take_back(root: Path, task: str) -> set[PurePosixPath]:
    """Put the receipt of a task's last success aside; returns the outputs that it named.

    They are known until the task succeeds again, however often it fails or is killed before.
    """
    place, aside = root / receipt_path(task), _earlier_receipt(root, task)
    if named := _outputs_of(place):
        place.replace(aside)
        return named
    place.unlink(missing_ok=True)
    return _outputs_of(aside)


def forget_earlier(root: Path, task: str) -> None:
    """Remove what `take_back` put aside: its outputs are replaced or removed."""
    _earlier_receipt(root, task).unlink(missing_ok=True)


def runs_of(root: Path, task: str) -> set[str]:
    """The names of the runs of a fan-out that have a receipt, or had one before they failed."""
    receipts = (root / RECEIPTS_FOLDER).glob(f"{task}-*.json")
    earlier = root.glob(_earlier_receipt(root, f"{task}-*").name)
    return {path.name.removeprefix(PARTIAL).removesuffix(".json") for path in (*receipts, *earlier)}


def _earlier_receipt(root: Path, task: str) -> Path:
    return root / f"{PARTIAL}{task}.json"


def _outputs_of(place: Path) -> set[PurePosixPath]:
    """The outputs that a receipt names: none if it is not there, of another version or damaged."""
    with suppress(BrokenContract):
        if place.is_file():
            return {PurePosixPath(item.path) for item in Receipt.from_file(place).outputs}
    return set()


def replace_outputs(
    step: Step[Any],
    receipt: Receipt,
    made: Path,
    root: Path,
    clip: str | None,
    earlier: set[PurePosixPath],
) -> None:
    """Move a run's outputs into place and remove those of an earlier run that it did not make.

    In a folder that tasks share, the task owns only the files that its earlier receipt named.
    """
    new = {PurePosixPath(output.path) for output in receipt.outputs}
    for port in step.writes:
        own = port.resolve(clip)
        stale = {path for path in earlier if own in path.parents} if port.is_folder else {own}
        for path in stale - new:
            if ".." not in path.parts:
                (root / path).unlink(missing_ok=True)
    for path in sorted(new):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).replace(root / path)


def partial_folder(root: Path, task: str) -> Path:
    """Where a task's outputs are made; what is there before it starts was left by a killed run."""
    return root / f"{PARTIAL}{task}"


@contextmanager
def staging(root: Path, task: str) -> Iterator[tuple[Path, Path]]:
    """A folder to make outputs in and one for temporary files, on the disk of `root`.

    Both are removed at the end. What a killed run left is removed when the task starts again.
    """
    folder = partial_folder(root, task)
    if folder.exists():
        shutil.rmtree(folder)
    try:
        outputs, scratch = folder / "out", folder / "scratch"
        outputs.mkdir(parents=True)
        scratch.mkdir()
        yield outputs, scratch
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a small file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(data)
    partial.replace(path)
