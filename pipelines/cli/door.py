"""The door of the command line: one command in, an exit code and at most one error line out."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import traceback
from importlib.metadata import version

from pipelines.cli.command import NAMES, Stopped, load_command
from steps.contract.errors import (
    INTERRUPTED_EXIT_CODE,
    BadInput,
    StepError,
    from_os_error,
    host_fault,
    one_line,
)
from steps.contract.parser import Parser
from steps.startup import discard, heeded

ARGO_MODULES = ("hera", "kubernetes", "yaml")
"""The modules that the optional dependencies `argo` bring; a laptop's install lacks them."""


def parser_of(name: str) -> Parser:
    """The parser of one command."""
    command = load_command(name)
    parser = Parser(prog=f"clipmill {name}", description=command.about, allow_abbrev=False)
    command.add_options(parser)
    return parser


def usage() -> str:
    """The text of `clipmill --help`."""
    rows = [f"  {name:<10} {load_command(name).about}" for name in NAMES]
    return "\n".join(
        [
            "usage: clipmill COMMAND [options]",
            "       clipmill --version",
            "",
            "Long video in; vertical clips with word-by-word captions out.",
            "",
            *rows,
            "",
            "clipmill COMMAND --help lists the options of a command.",
            "",
        ]
    )


def main(argv: list[str]) -> int:
    """Run one command; every failure is one line on stderr and an exit code.

    That the reader of the output has gone is not a fault: the command's own code counts.
    """
    code = 0
    try:
        code, error = _outcome(argv)
        if error:
            _say_why(error, as_json="--json" in argv)
        sys.stdout.flush()
    except BrokenPipeError:
        for stream in (sys.stdout, sys.stderr):  # Python writes what is left in them at its end
            discard(stream)
    return code


def _outcome(argv: list[str]) -> tuple[int, StepError | None]:
    """The exit code of a command, and why it failed."""
    name, *rest = argv or ["--help"]
    if name in ("-h", "--help", "help"):
        sys.stdout.write(usage())
        return 0, None
    if name in ("-V", "--version"):
        sys.stdout.write(f"clipmill {version('clipmill')}\n")
        return 0, None
    for number in heeded(signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return load_command(name).run(parser_of(name).parse_args(rest)), None
    except SystemExit as exited:  # argparse's --help
        return int(exited.code or 0), None
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        error: StepError = Stopped(
            "interrupted: finished steps are kept; run the same command again to go on",
            INTERRUPTED_EXIT_CODE,
        )
    except StepError as failure:
        error = failure
    except OSError as failure:
        error = from_os_error(failure)
    except ModuleNotFoundError as failure:
        extra = (failure.name or "").partition(".")[0] in ARGO_MODULES
        error = _without_argo() if extra else _bug(failure)
    except Exception as failure:  # the one door: a bug becomes a line too
        error = host_fault(failure) or _bug(failure)
    return error.exit_code, error


def _say_why(error: StepError, *, as_json: bool) -> None:
    line = one_line(str(error))
    sys.stderr.write(f"error: {line}\n")
    for hint in error.hints if isinstance(error, Stopped) else ():
        sys.stderr.write(f"{hint}\n")
    if as_json:
        known = error.report if isinstance(error, Stopped) else {}
        report = {**known, "error": line, "exit_code": error.exit_code}
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")


def _without_argo() -> StepError:
    return BadInput(
        "this command needs the cluster's packages: pip install 'clipmill[argo]', or in a checkout "
        "`make setup-dev`"
    )


def _bug(error: Exception) -> StepError:
    """One line for a bug of ours; the traceback goes to a file."""
    kept = tempfile.NamedTemporaryFile(  # noqa: SIM115 - the file stays
        "w", prefix="clipmill-bug-", suffix=".log", delete=False
    )
    with kept:
        traceback.print_exception(error, file=kept)
    return StepError(f"a bug: {type(error).__name__}: {error} (details: {kept.name})")


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
