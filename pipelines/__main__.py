"""`clipmill COMMAND`, the same as `python -m pipelines COMMAND`."""

from __future__ import annotations

import sys

from steps.startup import light_imports, quiet_interrupts


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    with quiet_interrupts(), light_imports():
        from pipelines.cli.door import main as run_command
    return run_command(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
