"""What processor and GPU time costs: given as options, since every provider has other prices."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from steps.contract.errors import BadInput

HOUR_S = 3600
HIGHEST_PRICE = 1e6


@dataclass(frozen=True)
class Prices:
    """What an hour of a processor core and of a GPU costs, in any currency."""

    core_hour: float = 0.0
    gpu_hour: float = 0.0

    def of(self, cpu_s: float, gpu_s: float) -> float:
        """The price of processor and GPU seconds."""
        return (cpu_s * self.core_hour + gpu_s * self.gpu_hour) / HOUR_S

    @property
    def known(self) -> bool:
        """Whether anything costs anything."""
        return bool(self.core_hour or self.gpu_hour)


def add_price_options(parser: argparse._ActionsContainer, note: str = "") -> None:
    """Declare what an hour costs."""
    for name, what in (("core", "processor core"), ("gpu", "GPU")):
        parser.add_argument(
            f"--{name}-hour", metavar="PRICE", type=float, default=0.0,
            help=f"what an hour of a {what} costs, in any currency{note} [default: 0]",
        )  # fmt: skip


def prices_of(options: argparse.Namespace) -> Prices:
    """The prices that the options name.

    Raises:
        BadInput: one is negative or absurd.
    """
    for name in ("core_hour", "gpu_hour"):
        if not 0 <= getattr(options, name) < HIGHEST_PRICE:
            option = f"--{name.replace('_', '-')} {getattr(options, name)}"
            raise BadInput(f"{option} is not a price: give 0 or more")
    return Prices(options.core_hour, options.gpu_hour)
