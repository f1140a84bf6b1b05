"""All commands, in the order in which help lists them."""

from __future__ import annotations

import importlib

from pipelines.cli.command import Command
from steps.contract.errors import BadInput

NAMES = (
    "run",
    "detect",
    "verify",
    "doctor",
    "models",
    "submit",
    "status",
    "list",
    "logs",
    "cancel",
    "retry",
    "results",
    "render",
    "lint",
)


def load_command(name: str) -> Command:
    """The command of that name; its module is imported only now.

    Raises:
        BadInput: there is none.
    """
    if name not in NAMES:
        raise BadInput(f"no command is called {name!r}: see clipmill --help")
    command: Command = importlib.import_module(f"pipelines.cli.{name}").COMMAND
    return command
