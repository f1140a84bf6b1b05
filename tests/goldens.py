"""The committed golden texts: `python -m tests.goldens` writes them again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.steps.caption import test_layout
from tests.steps.render import test_graph

GOLDENS: dict[Path, Callable[[], str]] = {
    test_layout.GOLDEN: test_layout.golden,
    test_graph.GOLDEN: test_graph.golden,
}


def main() -> None:
    """Write every golden file."""
    for path, text in GOLDENS.items():
        path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
