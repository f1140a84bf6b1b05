"""One measured figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measurement and what it should be.

    Attributes:
        name: what was measured.
        value: how much.
        unit: of the value; `x` for a ratio.
        most: the bar, when more is worse; None when there is none.
        least: the bar, when less is worse.
    """

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the value keeps its bars."""
        over = self.most is not None and self.value > self.most
        under = self.least is not None and self.value < self.least
        return not over and not under

    @property
    def bar(self) -> str:
        """The bar as text, empty when there is none."""
        if self.most is not None:
            return f"<= {self.most:g}"
        return f">= {self.least:g}" if self.least is not None else ""
