"""Model weights: pinned by digest, found on this machine, never downloaded by a step."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from steps.contract.errors import BadInput, BrokenContract
from steps.contract.receipt import file_sha256

WEIGHTS_DIR_VARIABLE = "CLIPMILL_WEIGHTS_DIR"
LOCK_NAME = "models.lock"
"""Of the file in a model folder with the digests that were unknown before the first fetch."""


def model_folder() -> Path:
    """The folder of fetched models: `$CLIPMILL_WEIGHTS_DIR`, else one among the user's data."""
    named = os.environ.get(WEIGHTS_DIR_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_data_path  # 5 ms that a step without models does not spend

    return user_data_path("clipmill", appauthor=False) / "models"


def environment_folder() -> Path:
    """The folder of models that belongs to this Python: set-up and the image's build fill it."""
    return Path(sys.prefix) / "share" / "clipmill" / "models"


@dataclass(frozen=True, kw_only=True)
class WeightsFile:
    """One file of a model.

    Attributes:
        path: inside the model's folder.
        sha256: hexadecimal; empty where only the first fetch can tell it.
        size_bytes: 0 where unknown.
        carried: `package:member` of the installed package that has it, or of its parts in order.
        url: where it is fetched; empty for the model's repository.
    """

    path: str
    sha256: str = ""
    size_bytes: int = 0
    carried: tuple[str, ...] = ()
    url: str = ""

    def carriers(self) -> tuple[Path, ...]:
        """The places of `carried` on this machine; none if any of them is missing."""
        found = [_member(reference) for reference in self.carried]
        return tuple(place for place in found if place) if all(found) else ()


@dataclass(frozen=True, kw_only=True)
class Weights:
    """One model: a file, or a folder of several.

    Attributes:
        name: what the manifest and `clipmill models` call it, such as `faster-whisper-tiny.en`.
        about: one line: what it is, who published it.
        use: the step that uses it, what for, and why this one.
        licence: SPDX name of the weights' licence.
        files: its files; none for a whole repository before its first fetch.
        repository: of the Hugging Face hub; empty if it comes from elsewhere.
        revision: the commit or tag of the repository; empty for the newest at the first fetch.
        include: patterns of the files to fetch, for a whole repository.
        gated: whether the publisher gives it only to accounts that accept its terms.
        home: a page for people, where nothing can be fetched.
        place: the file or folder, for a model that the user names by its path.
    """

    name: str
    about: str = ""
    use: str = ""
    licence: str = ""
    files: tuple[WeightsFile, ...] = ()
    repository: str = ""
    revision: str = ""
    include: tuple[str, ...] = ()
    gated: bool = False
    home: str = ""
    place: Path | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is used as a folder."""
        return self.place.is_dir() if self.place else len(self.files) != 1

    @property
    def size_bytes(self) -> int:
        """Of all its files; 0 for a whole repository before its first fetch."""
        return sum(file.size_bytes for file in self.files)

    @property
    def packages(self) -> list[str]:
        """The importable packages that carry its files."""
        return sorted({part.partition(":")[0] for file in self.files for part in file.carried})

    @property
    def origin(self) -> str:
        """Where it comes from, for people: a repository with its revision, else an address."""
        if self.repository:
            return f"{self.repository}@{self.revision}" if self.revision else self.repository
        return next((file.url for file in self.files if file.url), self.home)

    @property
    def steps(self) -> list[str]:
        """The steps that use it: what `use` begins with."""
        return self.use.partition(":")[0].replace(",", " ").replace(" and ", " ").split()

    def find(self) -> Path:
        """The file or the folder: in the model folder, in this Python's, else in a package.

        Raises:
            BadInput: it is in none of them, or not all of it.
        """
        if self.place:
            if self.place.exists():
                return self.place
            raise BadInput(f"the model file or folder {str(self.place)!r} does not exist")
        for root in (model_folder(), environment_folder()):
            files = self.files or _locked(root, self.name)
            if files and all((root / self.name / file.path).is_file() for file in files):
                return root / self.name / ("" if self.is_folder else files[0].path)
        if carrier := self._carrier():
            return carrier
        raise BadInput(f"the model {self.name} is missing: run `clipmill models fetch {self.name}`")

    @property
    def is_here(self) -> bool:
        """Whether `find` finds it."""
        try:
            self.find()
        except BadInput:
            return False
        return True

    def pinned(self) -> tuple[WeightsFile, ...]:
        """Its files with their digests, from the declaration or the lock beside them.

        Raises:
            BadInput: the model is missing, or has no digest yet.
        """
        if self.place:
            return self._hashed
        folder = self.find() if self.is_folder else self.find().parent
        locked = {file.path: file for file in _locked(folder.parent, self.name)}
        files = tuple(
            file if file.sha256 else replace(file, sha256=locked.get(file.path, file).sha256)
            for file in self.files or locked.values()
        )
        if not all(file.sha256 for file in files):
            raise BadInput(
                f"the model {self.name} in {folder} has no digest in {LOCK_NAME}: "
                f"run `clipmill models lock {self.name}`"
            )
        return files

    @property
    def sha256(self) -> str:
        """The digest of the file; of a folder, that of the lines `DIGEST  PATH` of its files."""
        known = all(file.sha256 for file in self.files) and not self.place
        files = self.files if self.files and known else self.pinned()
        if not self.is_folder:
            return files[0].sha256
        lines = sorted(f"{file.sha256}  {file.path}\n" for file in files)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def locate(self) -> Path:
        """`find`, with every digest checked.

        Raises:
            BadInput: a file is missing.
            BrokenContract: a file is not the pinned one, or does not belong to the model.
        """
        place, files = self.find(), self.pinned()
        if self.place:
            return place  # its digests were taken from the files
        folder = place if self.is_folder else place.parent
        again = f"run `clipmill models fetch {self.name}`"
        for file in files:
            path = folder / file.path if self.is_folder else place
            if file_sha256(path) != file.sha256:
                raise BrokenContract(
                    f"{file.path} of the model {self.name} differs from the pinned digest: {again}"
                )
        if self.is_folder and self._carrier() != place:
            for other in sorted(set(visible_files(folder)) - {file.path for file in files}):
                raise BrokenContract(
                    f"{other!r} in {folder} is not part of the model {self.name}: remove it"
                )
        return place

    @cached_property
    def _hashed(self) -> tuple[WeightsFile, ...]:
        """The files of a model that the user named, by their content."""
        place = self.find()
        files = (
            {path: place / path for path in visible_files(place)} if self.is_folder else {"": place}
        )
        if not files:
            raise BadInput(f"the model folder {str(place)!r} is empty")
        return tuple(
            WeightsFile(path=path, sha256=file_sha256(file), size_bytes=file.stat().st_size)
            for path, file in files.items()
        )

    def _carrier(self) -> Path | None:
        """The file, or the folder of all files, in an installed package."""
        if not self.files or not all(len(file.carried) == 1 for file in self.files):
            return None
        places = [file.carriers() for file in self.files]
        if not all(places):
            return None
        if not self.is_folder:
            return places[0][0]
        folder = places[0][0].parents[self.files[0].path.count("/")]
        together = all(
            folder / file.path == place for file, (place,) in zip(self.files, places, strict=True)
        )
        return folder if together else None


def visible_files(folder: Path) -> Iterator[str]:
    """The files under a folder, relative to it, in order; none that are hidden."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inner.parts):
            yield inner.as_posix()


def _member(reference: str) -> Path | None:
    """The file that `package:member` names, without importing the package."""
    package, _, member = reference.partition(":")
    spec = importlib.util.find_spec(package)
    for root in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(root) / member).is_file():
            return path
    return None


def read_lock(root: Path) -> Mapping[str, Any]:
    """The content of a model folder's lock; empty if it has none.

    Raises:
        BrokenContract: it is not a lock.
    """
    path = root / LOCK_NAME
    try:
        models: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["models"]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenContract(f"{path} is not a lock of models: fetch the models again") from error
    return models


def _locked(root: Path, name: str) -> tuple[WeightsFile, ...]:
    """The files of a model as the lock of a model folder has them."""
    files = read_lock(root).get(name, {}).get("files", {})
    return tuple(
        WeightsFile(path=path, sha256=item["sha256"], size_bytes=item["size_bytes"])
        for path, item in sorted(files.items())
    )
