"""The cache's key, and the little that a step needs from a cache."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import rfc8785

from steps.contract.params import Params
from steps.contract.receipt import Fingerprint, Receipt
from steps.contract.step import Step


class Cache(Protocol):
    """Finished outputs by key; `steps.storage.cache` keeps them in a folder or a bucket."""

    def fetch(self, key: str, into: Path) -> Receipt | None:
        """Copy the outputs of a finished run into a folder, or return None; never half of them."""

    def store(self, key: str, receipt: Receipt, root: Path) -> None:
        """Keep the outputs that a receipt names, found under `root`."""


def recorded_params(step: Step[Any], params: Params) -> dict[str, str]:
    """The params that shape the result: all but those that say where the input is."""
    return {name: text for name, text in params.texts().items() if name not in step.locators}


def package_versions(step: Step[Any]) -> dict[str, str]:
    """Installed versions of the distributions that shape the step's result."""
    return {name: version(name) for name in sorted(step.packages)}


def code_digest(step: Step[Any]) -> str:
    """SHA-256 of the sources that the step runs: its own package, and what all stages share.

    So a change of code is never answered with what the code before it made, even where nobody
    thought of raising the step's version.
    """
    own = importlib.util.find_spec(step.work.partition(":")[0])
    shared = Path(__file__).resolve().parent.parent
    folders = [shared / name for name in ("contract", "model", "media")]
    if own and own.origin:
        folders.append(Path(own.origin).parent)
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.py")):
            digest.update(f"{folder.name}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def cache_key(
    step: Step[Any],
    params: Params,
    inputs: Sequence[Fingerprint],
    fingerprint: str | None,
) -> str:
    """SHA-256 of all that decides a step's outputs: code, params, inputs, models."""
    parts: dict[str, Any] = {
        "step": step.name,
        "version": step.version,
        "code": code_digest(step),
        "params": recorded_params(step, params),
        "inputs": [[item.path, item.sha256] for item in inputs],
        "fingerprint": fingerprint or "",
        "weights": [[item.name, item.sha256] for item in step.weights],
        "packages": package_versions(step),
    }
    return hashlib.sha256(rfc8785.dumps(parts)).hexdigest()
