"""Commands of the command line: what one is, what it ends with, and the list of all."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from steps.contract.errors import BadInput, StepError

if TYPE_CHECKING:
    from steps.model.run import Run

Options = argparse.Namespace

MODULES = {
    "run": "run",
    "detect": "run",
    "explain": "explain",
    "verify": "verify",
    "report": "page",
    "edits": "edits",
    "cost": "cost",
    "compare": "cost",
    "doctor": "doctor",
    "engines": "engines",
    "models": "models",
    "styles": "styles",
    "submit": "submit",
    "status": "jobs",
    "list": "jobs",
    "logs": "logs",
    "cancel": "jobs",
    "retry": "jobs",
    "results": "results",
    "upload-url": "upload_url",
    "render": "templates",
    "lint": "templates",
    "completion": "completion",
}
"""The module of each command, in the order in which the help lists the commands."""
NAMES = tuple(MODULES)


class Stopped(StepError):
    """A failure with its own exit code.

    Attributes:
        hints: lines on how to go on, which follow the message.
        report: what else belongs into the object that `--json` prints.
    """

    def __init__(
        self,
        message: str,
        exit_code: int,
        hints: tuple[str, ...] = (),
        report: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # of this one failure
        self.hints = hints
        self.report = report


@dataclass(frozen=True)
class Done:
    """A job that ended well.

    Attributes:
        job: the job's id.
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
        name: what the user types.
        about: one line of help.
        add_options: declares the command's options on a parser.
        run: does the work and returns the exit code; raises `StepError` leaves.
    """

    name: str
    about: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Options], int]


def load_command(name: str) -> Command:
    """The command of that name; its module is imported only now.

    Raises:
        BadInput: there is no such command.
    """
    if name not in MODULES:
        raise BadInput(f"there is no command {name!r}: see clipmill --help")
    module = importlib.import_module(f"pipelines.cli.{MODULES[name]}")
    commands: tuple[Command, ...] = getattr(module, "COMMANDS", ()) or (module.COMMAND,)
    return next(command for command in commands if command.name == name)
