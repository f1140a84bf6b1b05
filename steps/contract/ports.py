"""Ports: the named files, folders and documents that steps read and write.

A port's path is relative to the job folder, and is the same in a step's input folder, its output
folder, the job folder on disk and the job's prefix in a bucket.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast

from steps.contract.references import load

if TYPE_CHECKING:
    from steps.contract.document import Document

D = TypeVar("D", bound="Document")

RENDITION = r"^clip_\d{2,3}(_\d{1,2}x\d{1,2})?$"
"""The id of a rendition, a clip in one aspect: `clip_01` in the first aspect of the job, and
`clip_01_4x5` in a further one."""

FURTHER_ASPECT = "_[0-9]+x[0-9]+$"
"""The end of the id of a rendition in a further aspect, for Python and for Argo's expressions."""


def clip_of(rendition: str) -> str:
    """The id of the clip that a rendition shows: `clip_01` of `clip_01_4x5`."""
    return re.sub(FURTHER_ASPECT, "", rendition)


def aspect_of(rendition: str) -> str:
    """The end of a rendition's id, `_4x5`; empty in the first aspect of the job."""
    return rendition.removeprefix(clip_of(rendition))


@dataclass(frozen=True)
class Port:
    """A file, a folder (`cuts/`), or one of several files, for a step that fans out.

    `cuts/{clip}.mkv` is a file per clip, `clips/{rendition}.mp4` one per clip and aspect.

    Attributes:
        name: what code and the Argo template call it, in snake case.
        path: job-relative, `/` between parts; ends in `/` for a folder.
        about: one line for help and docs.
        optional: it may be absent, as captions are from most sources.
        parameter: a small JSON list that the DAG fans out over (an Argo output parameter).
        per_aspect: each further aspect has one of its own: `crops/4x5.json` beside `crops.json`.
    """

    name: str
    path: str
    about: str
    optional: bool = False
    parameter: bool = False
    per_aspect: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether the port is a whole folder."""
        return self.path.endswith("/")

    @property
    def is_per_clip(self) -> bool:
        """Whether each clip, or each of its renditions, has a file."""
        return "{clip}" in self.path or "{rendition}" in self.path

    def maybe(self) -> Self:
        """The same port, but optional."""
        return replace(self, optional=True)

    def resolve(self, rendition: str | None = None) -> PurePosixPath:
        """The job-relative path, for one rendition where the path depends on it."""
        one = rendition or ""
        return PurePosixPath(self.filled(one, clip_of(one), aspect_of(one).replace("_", "/")))

    def filled(self, rendition: str, clip: str, aspect: str) -> str:
        """The path with these texts, or Argo's tags for them, in it.

        Args:
            rendition: the id.
            clip: the id of its clip.
            aspect: `/4x5`; empty in the first aspect.
        """
        stem, dot, suffix = self.path.rpartition(".")
        path = f"{stem}{aspect}{dot}{suffix}" if self.per_aspect else self.path
        return path.format(rendition=rendition, clip=clip) if self.is_per_clip else path

    def files(self, root: Path, rendition: str | None = None) -> list[PurePosixPath]:
        """The job-relative paths of the files that are there now, sorted; no hidden ones."""
        relative = self.resolve(rendition)
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
