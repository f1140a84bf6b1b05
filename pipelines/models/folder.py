"""A model folder as it is written: the lock of digests, and one writer of a model at a time."""

from __future__ import annotations

import fcntl
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steps.contract.errors import BadInput, BrokenContract
from steps.contract.folders import write_atomically
from steps.contract.receipt import file_sha256
from steps.contract.weights import LOCK_NAME, Weights, read_lock, visible_files


@dataclass(frozen=True)
class Held:
    """One file of a model, as it lies in a folder."""

    path: str
    sha256: str
    size_bytes: int


@contextmanager
def only_writer(root: Path, name: str) -> Iterator[None]:
    """Wait until no other process, on any node, writes this part of a model folder."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / f".{name}.writing").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write(f"waiting for another process that writes {name} in {root}\n")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def expected(model: Weights, entry: Mapping[str, Any]) -> dict[str, str]:
    """The known digests of a model by path: those of the list, then those of its lock entry."""
    locked = {path: item["sha256"] for path, item in entry.get("files", {}).items()}
    listed = {file.path: file.sha256 for file in model.files}
    paths = listed or locked
    return {path: listed.get(path) or locked.get(path, "") for path in paths}


def hold(model: Weights, path: str, place: Path, wanted: str) -> Held:
    """A file with its digest.

    Raises:
        BrokenContract: the digest is another than the wanted one.
    """
    found = file_sha256(place)
    if wanted and found != wanted:
        raise BrokenContract(
            f"{path} of the model {model.name} is not the pinned file: "
            f"its SHA-256 is {found[:12]}…, not {wanted[:12]}…"
        )
    return Held(path, found, place.stat().st_size)


def is_complete(model: Weights, root: Path) -> bool:
    """Whether a model folder has all of a model, with the digests that are known."""
    known = expected(model, read_lock(root).get(model.name, {}))
    if not known or not all(known.values()):
        return False
    places = {path: root / model.name / path for path in known}
    return all(
        place.is_file() and file_sha256(place) == known[path] for path, place in places.items()
    )


def write_entry(root: Path, name: str, files: list[Held], **facts: str) -> None:
    """Put a model into the lock of a model folder."""
    with only_writer(root, "models"):
        models = dict(read_lock(root))
        models[name] = {
            **{fact: text for fact, text in facts.items() if text},
            "files": {
                file.path: {"sha256": file.sha256, "size_bytes": file.size_bytes}
                for file in sorted(files, key=lambda file: file.path)
            },
        }
        text = json.dumps({"models": models}, indent=1, sort_keys=True, ensure_ascii=False)
        write_atomically(root / LOCK_NAME, f"{text}\n".encode())


def lock(model: Weights, root: Path) -> int:
    """Write down the digests of a model as it lies in a model folder; returns how many files.

    Raises:
        BadInput: it is not there.
        BrokenContract: a file is not the one that the list pins.
    """
    folder = root / model.name
    paths = [file.path for file in model.files] or list(visible_files(folder))
    if not paths or not all((folder / path).is_file() for path in paths):
        raise BadInput(
            f"the model {model.name} is not in {root}: run `clipmill models fetch {model.name}`"
        )
    pins = expected(model, {})
    earlier = read_lock(root).get(model.name, {})
    facts = {fact: text for fact, text in earlier.items() if isinstance(text, str)}
    held = [hold(model, path, folder / path, pins.get(path, "")) for path in paths]
    write_entry(root, model.name, held, **facts)
    return len(held)
