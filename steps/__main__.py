"""`python -m steps NAME --param=value --in DIR --out DIR`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from steps.startup import calm_threads, end_with_parent, light_imports, quiet_interrupts

if TYPE_CHECKING:
    from steps.contract.cache import Cache


def main(argv: list[str] | None = None) -> int:
    """Run one step; returns its exit code."""
    calm_threads()
    with quiet_interrupts(), light_imports():
        from steps.catalogue import load_step
        from steps.contract.command import main as run_step
        from steps.contract.errors import BadInput

    name, *rest = (sys.argv[1:] if argv is None else argv) or ["--help"]
    if name in ("-h", "--help"):
        sys.stdout.write(_usage())
        return 0
    try:
        step = load_step(name)
    except BadInput as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return run_step(step, rest, _open_cache, _fetch_file)


def _open_cache(uri: str) -> Cache:
    from steps.storage.cache import open_cache

    return open_cache(uri)


def _fetch_file(uri: str, to: Path) -> None:
    from steps.storage.schemes import fetch_file

    fetch_file(uri, to)


def _usage() -> str:
    from steps.catalogue import EXIT_NAMES, NAMES, load_step

    rows = [f"  {name:<12} {load_step(name).summary}" for name in (*NAMES, *EXIT_NAMES)]
    return "\n".join(
        ["usage: python -m steps NAME --param=value --in DIR --out DIR", "", *rows, ""]
    )


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main())
