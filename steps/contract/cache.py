"""The cache key of a step, and the interface that a step needs from a cache."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import rfc8785

from steps.contract.engines import Needs
from steps.contract.params import Params
from steps.contract.places import absolute
from steps.contract.receipt import Fingerprint, Receipt
from steps.contract.sources import code_digest
from steps.contract.step import Step


class Cache(Protocol):
    """Finished outputs by key; `steps.storage.cache` keeps them in a folder or a bucket."""

    def find(self, key: str) -> Receipt | None:
        """The receipt of a finished run, or None; raises a `StepError` or `OSError` if unread."""

    def fetch(self, key: str, into: Path) -> Receipt | None:
        """Copy the outputs of a finished run into a folder, or return None; never half of them."""

    def store(self, key: str, receipt: Receipt, root: Path) -> None:
        """Keep the outputs that a receipt names, found under `root`."""


NO_FILES: Mapping[str, str] = MappingProxyType({})


def recorded_params(
    step: Step[Any], params: Params, needs: Needs, files: Mapping[str, str] = NO_FILES
) -> dict[str, str]:
    """The params that shape the result: all but those that say where the input is.

    Args:
        step: the declaration.
        params: the values.
        needs: of the step with these params; the digest of a model stands for its path.
        files: the SHA-256 of each param that names a file; it is in the key, the path is not.
    """
    models = {one.place: one.sha256 for one in needs.weights if one.place}
    digests = {name: f"sha256:{digest}" for name, digest in files.items()} | {
        name: f"sha256:{models[place]}"
        for name, text in params.texts().items()
        if models and (place := absolute(text)) in models
    }
    recorded = {**params.texts(), **digests}
    return {name: text for name, text in recorded.items() if name not in step.locators}


def cache_key(
    step: Step[Any],
    params: Params,
    inputs: Sequence[Fingerprint],
    fingerprint: str | None,
    needs: Needs,
    files: Mapping[str, str] = NO_FILES,
) -> str:
    """SHA-256 of everything that decides a step's outputs: code, params, inputs, engines."""
    parts: dict[str, Any] = {
        "step": step.name,
        "version": step.version,
        "code": code_digest(step.work.partition(":")[0]),
        "params": recorded_params(step, params, needs, files),
        "inputs": [[item.path, item.sha256] for item in inputs],
        "fingerprint": fingerprint or "",
        "weights": [[item.name, item.sha256] for item in needs.weights],
        "engines": {name: engine.name for name, engine in needs.engines.items()},
        "packages": needs.package_versions(),
        "kernels": needs.kernel_classes(),
    }
    return hashlib.sha256(rfc8785.dumps(parts)).hexdigest()
