"""The source files that a step runs, found without importing them, and their digest.

A cache must never answer changed code with what the old code made, even where nobody raised the
step's version. So the digest covers the door of all steps, the step's own package with its
subpackages and data, and every module of this project that any of these imports, at any depth.

Imports are read from the text, which takes milliseconds where importing takes a second. Imports
inside functions count, and so do references of the form `"package.module:name"`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec, resolve_name
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOOR = "steps.contract.command"
"""It composes the receipts, which the cache keeps too."""

BYTECODE = "__pycache__"
"""Python's own folder: while it writes there, a file has another name for a moment."""

_IMPORT = re.compile(
    r"^[ \t]*from[ \t]+(?P<base>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n]*)"
    r"|^[ \t]*import[ \t]+(?P<modules>[^\n]*)"
    r"|[\"'](?P<reference>\w+(?:\.\w+)+):\w+[\"']",
    re.MULTILINE,
)
_COMMENT = re.compile(r"#[^\n]*")


@cache
def code_digest(work: str, root: Path = ROOT) -> str:
    """Hexadecimal SHA-256 of the names and contents of a step's source files.

    Args:
        work: the module of the step's work; the package that it is in is the step's own.
        root: the folder that holds the project's packages.
    """
    digest = hashlib.sha256()
    for name, content in source_files(work, root).items():
        digest.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


def source_files(work: str, root: Path = ROOT) -> dict[str, bytes]:
    """The contents of the files by their path in the project, in order; see `code_digest`."""
    parents = {name: _parent(name, root) for name in {"steps", work.partition(".")[0]}}
    own = work.rpartition(".")[0]
    parent = parents[own.partition(".")[0]]
    found = {
        path.relative_to(parent).as_posix(): path.read_bytes()
        for path in (parent / own.replace(".", "/")).rglob("*")
        if BYTECODE not in path.parts and path.is_file()
    }
    waiting = [DOOR, work, *(_module(name) for name in found if name.endswith(".py"))]
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        top = module.partition(".")[0]
        if top not in parents or module in seen:
            continue
        seen.add(module)
        waiting.append(module.rpartition(".")[0])  # a package runs before its modules
        name = module.replace(".", "/")
        for candidate, package in ((f"{name}/__init__.py", module), (f"{name}.py", waiting[-1])):
            path = parents[top] / candidate
            if path.is_file():
                found[candidate] = path.read_bytes()
                waiting += _imported(found[candidate].decode(), package)
    return dict(sorted(found.items()))


def _imported(text: str, package: str) -> Iterator[str]:
    """The modules that a text may import; of `from a import b`, both `a` and `a.b`."""
    for found in _IMPORT.finditer(text):
        if found["reference"]:
            yield found["reference"]
            continue
        base = resolve_name(found["base"], package) if found["base"] else ""
        names = _COMMENT.sub("", found["names"] or found["modules"]).strip("() \t\n\\")
        yield base
        for name in names.split(","):
            yield f"{base}.{name.split()[0]}".lstrip(".") if name.split() else base


def _module(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _parent(top: str, root: Path) -> Path:
    """The folder that holds a top-level package: the project's root, or where it is installed."""
    if (root / top).is_dir():
        return root
    spec = find_spec(top)
    return Path(spec.origin).parent.parent if spec and spec.origin else root
