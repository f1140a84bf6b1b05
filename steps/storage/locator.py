"""What kind of place a text names: a path, a web address or an object in a bucket. Pure."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from steps.contract.errors import BadInput
from steps.contract.places import expanded
from steps.contract.urls import checked_url

Kind = Literal["file", "web", "bucket"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HOST_LIKE = re.compile(
    r"(www\.|[\w-]+(\.[\w-]+)*\.(com|org|net|tv|be|io|edu|gov)/)", re.IGNORECASE
)
_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Locator:
    """A place to fetch from; `text` is a path, an http(s) URL or an s3 URI."""

    kind: Kind
    text: str

    @property
    def path(self) -> Path:
        """The path of a `file`."""
        return Path(self.text)

    @property
    def file_name(self) -> str:
        """The last part, decoded; `source` when there is none."""
        if self.kind == "file":
            return self.path.name
        path = urlsplit(self.text).path if self.kind == "web" else self.text.partition("://")[2]
        return PurePosixPath(unquote(path) if self.kind == "web" else path).name or "source"


def parse(source: str) -> Locator:
    """The place that a text names.

    A path may begin with `~` or `-`; `file:///path` and `file://localhost/path` are paths too, and
    their `%20` is a space. A `~` that names no user stays as it is, and so do spaces at the ends of
    a path; those around a URL are dropped.

    Raises:
        BadInput: the text is empty, is not UTF-8, holds control characters, or has a scheme that is
            not fetched.
    """
    text = source.strip()
    try:
        text.encode()
    except UnicodeEncodeError as error:
        name = os.fsencode(text)
        raise BadInput(f"{name!r} is not UTF-8: rename that file or folder") from error
    if not text or any(ord(sign) < 32 for sign in text):
        raise BadInput(f"{source!r} is empty or holds control characters: give a path or a URL")
    found = _SCHEME.match(text)
    if found is None:
        return Locator("file", expanded(source))
    scheme = found[1].lower()
    if scheme in ("http", "https"):
        return Locator("web", checked_url(text))
    if scheme == "s3":
        return Locator("bucket", text)
    if scheme == "file":
        parts = urlsplit(text)
        if parts.netloc in ("", "localhost"):
            return Locator("file", unquote(parts.path))
    raise BadInput(f"{scheme}:// is not fetched: give a path, https://... or s3://bucket/key")


def missing(source: str) -> str:
    """The message for a path that does not exist."""
    if _HOST_LIKE.match(source):
        return f"{source} does not exist here: if it is a web page, write https:// before it"
    shown = source if source == source.strip() else repr(source)
    return f"{shown} does not exist: check the path"


def safe_name(text: str) -> str:
    """The text as a name that is safe in file names and keys: letters, digits, `_`, `.`, `-`."""
    return _UNSAFE.sub("_", text).strip("._-")[:_LONGEST_NAME].strip("._-") or "source"
