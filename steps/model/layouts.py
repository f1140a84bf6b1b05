"""The layouts: the one table for params, the planner, the documents and messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LayoutName = Literal["focus", "fit", "centre", "stack", "split", "grid"]
"""For types only: a test holds that it names the rows of `LAYOUTS`."""


@dataclass(frozen=True)
class LayoutKind:
    """A way to fill the output.

    Attributes:
        help: what it does, for the help of `--layout`.
        least: of its regions.
        most: of its regions.
    """

    help: str
    least: int = 1
    most: int = 1


MOST_PEOPLE = 4
"""Of one picture that shows each person in a panel."""

LAYOUTS: dict[LayoutName, LayoutKind] = {
    "focus": LayoutKind("follow the speaker"),
    "fit": LayoutKind("show the whole frame or slide"),
    "centre": LayoutKind("stay in the middle"),
    "stack": LayoutKind("the screen or game above, its webcams below", 2, 3),
    "split": LayoutKind("two people, one above the other", 2, 2),
    "grid": LayoutKind("three or four people", 3, MOST_PEOPLE),
}


def listed() -> str:
    """Every layout with its help, for the help of a param."""
    return ", ".join(f"{name} ({kind.help})" for name, kind in LAYOUTS.items())


def check_regions(layout: LayoutName, count: int) -> None:
    """Check that a layout has so many regions.

    Raises:
        ValueError: it has more or fewer.
    """
    kind = LAYOUTS[layout]
    if not kind.least <= count <= kind.most:
        expected = str(kind.least) if kind.least == kind.most else f"{kind.least} to {kind.most}"
        raise ValueError(f"the layout {layout!r} has {count} regions (expected {expected})")
