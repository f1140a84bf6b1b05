"""Tables and lines on the screen, the same for every command."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

UNBOUNDED_COLUMNS = 1000
"""The width of a pipe, where every row is one line."""


def console() -> Console:
    """The standard output: as wide as the screen, or unbounded in a pipe."""
    width = None if sys.stdout.isatty() else UNBOUNDED_COLUMNS
    return Console(highlight=False, width=width)


def table(*names: str) -> Table:
    """A table without lines whose long cells are folded."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        made.add_column(Text(name), overflow="fold")
    return made
