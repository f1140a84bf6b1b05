"""Tables and lines on the screen, the same for every command.

Colours are for a terminal only, and `NO_COLOR` turns them off there (https://no-color.org).
"""

from __future__ import annotations

import sys
from collections.abc import Collection

from rich.console import Console
from rich.table import Table
from rich.text import Text

from steps.startup import discard

UNBOUNDED_COLUMNS = 10_000
"""The width of a pipe, where every row is one line."""


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the door, where rich would end with 1."""
        raise BrokenPipeError


def console(*, error: bool = False) -> Console:
    """The standard output or error: as wide as the screen, or unbounded in a pipe.

    A text is shown as it is: square brackets in a title are not styles.
    """
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else UNBOUNDED_COLUMNS
    return _Screen(stderr=error, highlight=False, markup=False, width=width)


def say(line: str) -> None:
    """Write a line about work that goes on to stderr; without a reader it goes on unseen."""
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        discard(sys.stderr)


def table(*names: str, right: Collection[str] = (), whole: Collection[str] = ()) -> Table:
    """A table without lines.

    Args:
        names: of the columns.
        right: columns of numbers.
        whole: columns that are cut at the screen's edge; others are folded.
    """
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        made.add_column(
            Text(name),
            overflow="ellipsis" if name in whole else "fold",
            no_wrap=name in whole or name in right,
            justify="right" if name in right else "left",
        )
    return made
