"""What decides a run's outputs, and whether a folder holds them already.

A step asks for the key, to take its outputs from the cache. An executor asks whether the outputs of
the run with that key are in place, so that it need not start the step.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from steps.contract.cache import Cache, cache_key
from steps.contract.engines import Needs
from steps.contract.errors import BadInput, StepError
from steps.contract.folders import fingerprints, partial_folder
from steps.contract.params import FileParam, Params, flag
from steps.contract.receipt import Fingerprint, Receipt, file_sha256, fingerprint, receipt_path
from steps.contract.references import load
from steps.contract.step import Step

CacheOpener = Callable[[str], Cache]
FileFetcher = Callable[[str, Path], None]
"""Copies the file that a path or a URI names to a path."""


@dataclass(frozen=True)
class Identity:
    """What decides a run's outputs.

    Attributes:
        inputs: the files that it reads.
        needs: its engines with what they need.
        files: the SHA-256 of each file that a param names, by param.
        key: of the cache; empty where nothing is to be reused.
    """

    inputs: tuple[Fingerprint, ...]
    needs: Needs
    files: Mapping[str, str]
    key: str


def identify(
    step: Step[Any],
    params: Params,
    inputs: Path,
    made: Path,
    fetch_file: FileFetcher | None,
    *,
    keyed: bool,
) -> Identity:
    """Look at all that decides a run's outputs; raises as `fingerprints` and `Step.needs` do.

    Args:
        step: the declaration.
        params: the values.
        inputs: the folder of inputs.
        made: gets the files that params name.
        fetch_file: copies one of them.
        keyed: whether there is a cache.
    """
    own = receipt_path(step.task_name(params))
    read = fingerprints(step.reads, inputs, getattr(params, "clip", None))
    found = tuple(item for item in read if item.path != own)  # of an earlier run of the same task
    mark = load(step.fingerprint)(params) if step.fingerprint and keyed else ""
    needs = step.needs(params)
    files = _fetch_files(params, made, fetch_file)
    reusable = keyed and mark is not None
    key = cache_key(step, params, found, mark, needs, files) if reusable else ""
    return Identity(found, needs, files, key)


def is_finished(
    step: Step[Any],
    params: Params,
    root: Path,
    cache: str,
    open_cache: CacheOpener,
    fetch_file: FileFetcher,
) -> bool:
    """Whether a folder holds just what the step would take from the cache.

    The receipt must be that of the cache, and every output must have its digest. Any doubt or fault
    means no: the step then does its work, or reports what is wrong.

    Args:
        step: the declaration.
        params: the values.
        root: the folder of inputs and outputs.
        cache: its URI.
        open_cache: opens it, if it is needed.
        fetch_file: copies a file that a param names.
    """
    task = step.task_name(params)
    try:
        receipt = (root / receipt_path(task)).read_bytes()
        if partial_folder(root, task).exists():
            return False
        with tempfile.TemporaryDirectory(prefix="clipmill-") as made:
            run = identify(step, params, root, Path(made), fetch_file, keyed=True)
        known = open_cache(cache).find(run.key) if run.key else None
        return (
            known is not None
            and known.canonical_bytes() == receipt
            and _in_place(step, known, root, getattr(params, "clip", None))
        )
    except (StepError, OSError):
        return False


def _in_place(step: Step[Any], receipt: Receipt, root: Path, clip: str | None) -> bool:
    """Whether the outputs of a receipt are there as it says, and no other output of the step."""
    named = {PurePosixPath(output.path) for output in receipt.outputs}
    own = {port.resolve(clip) for port in step.writes if not port.is_folder}
    return not any((root / path).exists() for path in own - named) and all(
        fingerprint(root, output.path) == output for output in receipt.outputs
    )


def _fetch_files(params: Params, made: Path, fetch: FileFetcher | None) -> dict[str, str]:
    """Copy the files that params name; returns the SHA-256 of each, by param."""
    digests = {}
    marks = params.file_params()
    for name, mark in marks.items():
        text = str(getattr(params, name))
        if not mark.is_place(text):
            continue
        if fetch is None:
            raise StepError(f"{flag(name)} names a file, and nothing here can fetch one")
        path = made / mark.port.path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            fetch(text, path)
        except BadInput as error:
            raise BadInput(f"{flag(name)}: {error}") from error
        digests[name] = file_sha256(path)
        for other, file in _beside(mark, path).items():
            place = made / marks[other].port.path
            with suppress(BadInput):  # it is not there: the step says what is missing
                if not getattr(params, other):
                    fetch(f"{text.rpartition('/')[0]}/{file}" if "/" in text else file, place)
                    digests[other] = file_sha256(place)
    return digests


def _beside(mark: FileParam, path: Path) -> Mapping[str, str]:
    """The files beside the one that was fetched which other params take; none if it is no use."""
    try:
        found: Mapping[str, str] = load(mark.beside)(path.read_bytes()) if mark.beside else {}
    except BadInput:
        return {}
    return found
