"""`python -m steps NAME --param=value --in DIR --out DIR`."""

from __future__ import annotations

import sys

from steps.startup import end_with_parent, quiet_interrupts


def main(argv: list[str] | None = None) -> int:
    """Run one step; returns its exit code."""
    with quiet_interrupts():
        from steps.catalogue import load_step
        from steps.contract.command import main as run_step
        from steps.contract.errors import BadInput
        from steps.storage.cache import open_cache
        from steps.storage.schemes import fetch_file

    name, *rest = (sys.argv[1:] if argv is None else argv) or ["--help"]
    if name in ("-h", "--help"):
        sys.stdout.write(_usage())
        return 0
    try:
        step = load_step(name)
    except BadInput as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return run_step(step, rest, open_cache, fetch_file)


def _usage() -> str:
    from steps.catalogue import EXIT_NAMES, NAMES, load_step

    rows = [f"  {name:<12} {load_step(name).summary}" for name in (*NAMES, *EXIT_NAMES)]
    return "\n".join(
        ["usage: python -m steps NAME --param=value --in DIR --out DIR", "", *rows, ""]
    )


if __name__ == "__main__":
    end_with_parent()
    # structlog loads rich, where it is installed, to draw tracebacks. A step draws none: without
    # it, every step starts a quarter sooner.
    sys.modules["rich"] = None  # type: ignore[assignment]
    sys.exit(main())
