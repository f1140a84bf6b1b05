"""Ports: the named files, folders and documents that steps read and write.

A port's path is relative to the job folder, and is the same in a step's input folder, its output
folder, the job folder on disk and the job's prefix in a bucket.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast

from steps.contract.references import load

if TYPE_CHECKING:
    from steps.contract.document import Document

D = TypeVar("D", bound="Document")


@dataclass(frozen=True)
class Port:
    """A file (`audio.flac`), a file per clip (`clips/{clip}.mp4`) or a folder (`cuts/`).

    Attributes:
        name: what code and the Argo template call it, in snake case.
        path: job-relative, `/` between parts; ends in `/` for a folder.
        about: one line for help and docs.
        optional: it may be absent, as captions are from most sources.
        parameter: a small JSON list that the DAG fans out over (an Argo output parameter).
    """

    name: str
    path: str
    about: str
    optional: bool = False
    parameter: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether the port is a whole folder."""
        return self.path.endswith("/")

    @property
    def is_per_clip(self) -> bool:
        """Whether the path depends on the clip's id."""
        return "{clip}" in self.path

    def maybe(self) -> Self:
        """The same port, but optional."""
        return replace(self, optional=True)

    def resolve(self, clip: str | None = None) -> PurePosixPath:
        """The job-relative path, for one clip when the port is per clip."""
        return PurePosixPath(self.path.format(clip=clip) if self.is_per_clip else self.path)

    def files(self, root: Path, clip: str | None = None) -> list[PurePosixPath]:
        """The job-relative paths of the files that are there now, sorted; no hidden ones."""
        relative = self.resolve(clip)
        place = root / relative
        if not self.is_folder:
            return [relative] if place.is_file() else []
        found = (path for path in place.rglob("*") if path.is_file()) if place.is_dir() else ()
        paths = (PurePosixPath(path.relative_to(root).as_posix()) for path in found)
        return sorted(path for path in paths if not any(part[0] == "." for part in path.parts))


@dataclass(frozen=True)
class DocumentPort(Port, Generic[D]):
    """A port whose file is a document of one class.

    Attributes:
        reference: `module:Class`, imported only when the document is read or written: building the
            classes of all documents takes longer than most of the rest of a step's start.
    """

    reference: str = ""

    @property
    def document(self) -> type[D]:
        """The class of the document."""
        return cast("type[D]", load(self.reference))
