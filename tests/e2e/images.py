"""The images of the working tree, built and pushed once for each state of it."""

import fcntl
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from images import build
from tests.e2e.surroundings import Surroundings

SOURCES = ("steps", "pipelines", "images", "requirements", "pyproject.toml")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
FAST = "--compression-format zstd --compression-level 1"
"""Options of a push by buildah: 60 % of the processor time of gzip, and less on the nodes."""


def content_tag() -> str:
    """A tag that changes with whatever is in the images."""
    digest = hashlib.sha256()
    for name in SOURCES:
        top = build.ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(build.ROOT)}\0".encode() + path.read_bytes())
    return f"e2e-{digest.hexdigest()[:12]}"


def scheme(registry: str) -> str:
    """Whether a registry speaks https."""
    try:
        httpx.get(f"https://{registry}/v2/", timeout=10, verify=False)
    except httpx.TransportError:
        return "http"
    return "https"


def is_there(registry: str, tag: str) -> bool:
    """Whether the registry has every image under a tag."""
    names = (f"clipmill-{step}" for step in build.steps())
    base = f"{scheme(registry)}://{registry}/v2"
    return all(
        httpx.head(
            f"{base}/{name}/manifests/{tag}", headers={"Accept": MANIFEST}, timeout=10
        ).is_success
        for name in names
    )


@contextmanager
def only_one_builder() -> Iterator[None]:
    """Let one process of this machine build at a time: the next one finds its images."""
    with (Path(tempfile.gettempdir()) / "clipmill-e2e-images.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_and_push(surroundings: Surroundings, log: Path) -> str:
    """Build and push what the registry does not have; returns the tag."""
    if surroundings.tag:
        return surroundings.tag
    tag, registry = content_tag(), surroundings.registry
    if is_there(registry, tag):
        return tag
    options = ["--tag", tag, "--prefix", f"{registry}/", "--push"]
    if surroundings.base:
        options += ["--base", surroundings.base]
    if scheme(registry) == "http":
        options += [f"--push-extra=--tls-verify=false {FAST}"]
    with log.open("wb") as stream:
        done = subprocess.run(
            [sys.executable, str(build.IMAGES / "build.py"), *options],
            stdout=stream,
            stderr=stream,
            check=False,
        )
    assert done.returncode == 0, log.read_text()[-3000:]
    return tag
