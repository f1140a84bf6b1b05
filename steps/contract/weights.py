"""Model weights: pinned by digest, found on this machine, never downloaded by a step."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from steps.contract.errors import BadInput, BrokenContract
from steps.contract.receipt import file_sha256

WEIGHTS_DIR_VARIABLE = "CLIPMILL_WEIGHTS_DIR"


@dataclass(frozen=True)
class Weights:
    """One weights file.

    Attributes:
        name: what the manifest calls it, such as `faster-whisper-tiny.en`.
        package: the importable package that carries it.
        member: its path inside that package.
        sha256: of the file, hexadecimal.
        licence: SPDX name of the weights' licence.
        about: one line: what it is for, who published it.
    """

    name: str
    package: str
    member: str
    sha256: str
    licence: str
    about: str

    def find(self) -> Path:
        """Where the file is: in `$CLIPMILL_WEIGHTS_DIR/NAME/`, else in its package.

        Raises:
            BadInput: it is in neither place.
        """
        folder = os.environ.get(WEIGHTS_DIR_VARIABLE)
        if folder and (path := Path(folder) / self.name / Path(self.member).name).is_file():
            return path
        spec = importlib.util.find_spec(self.package)
        for root in (spec.submodule_search_locations or []) if spec else []:
            if (path := Path(root) / self.member).is_file():
                return path
        raise BadInput(f"the weights {self.name} are missing: `make setup` installs them")

    def locate(self) -> Path:
        """`find`, with the digest checked.

        Raises:
            BadInput: the file is missing.
            BrokenContract: the file is not the pinned one.
        """
        path = self.find()
        if file_sha256(path) != self.sha256:
            raise BrokenContract(
                f"the weights {self.name} differ from the pinned digest: reinstall {self.package}"
            )
        return path
