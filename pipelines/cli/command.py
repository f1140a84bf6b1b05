"""What a command of the command line is, and what it ends with."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from steps.contract.errors import StepError

if TYPE_CHECKING:
    from steps.model.run import Run

Options = argparse.Namespace


class Stopped(StepError):
    """A failure with its own exit code, and lines on how to go on that follow its message."""

    def __init__(self, message: str, exit_code: int, hints: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # of this one failure
        self.hints = hints


@dataclass(frozen=True)
class Done:
    """A job that ended well.

    Attributes:
        job: its id.
        folder: where it was made.
        where: where it is, as a user would write it: a folder or a URI.
        run: when each task ran.
    """

    job: str
    folder: Path
    where: str
    run: Run


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
