"""What a command of the command line is."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

Options = argparse.Namespace


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        name: what is typed.
        about: one line of help.
        add_options: declares its options on a parser.
        run: does it and returns the exit code; raises `StepError` leaves.
    """

    name: str
    about: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Options], int]
