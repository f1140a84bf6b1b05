"""`python -m tests.media talk --out DIR`: make one film of the catalogue and its truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.media.catalogue import SCENES
from tests.media.make import make


def main() -> None:
    """Read the command line and make the film."""
    parser = argparse.ArgumentParser(prog="python -m tests.media", description=__doc__)
    parser.add_argument("scene", choices=sorted(SCENES))
    parser.add_argument("--out", type=Path, required=True, help="folder for the film and its truth")
    arguments = parser.parse_args()
    path, truth = make(SCENES[arguments.scene](), arguments.out)
    print(f"{path}: {truth.frames} frames, {truth.duration_ms} ms, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
