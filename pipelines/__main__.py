"""`clipmill COMMAND`, the same as `python -m pipelines COMMAND`."""

from __future__ import annotations

import signal
import sys
import tempfile
import traceback
from importlib.metadata import version

from pipelines.cli.command import Stopped
from pipelines.cli.registry import NAMES, load_command
from steps.contract.errors import (
    INTERRUPTED_EXIT_CODE,
    BadInput,
    StepError,
    from_os_error,
    host_fault,
    one_line,
)
from steps.contract.parser import Parser

ARGO_MODULES = ("hera", "kubernetes", "yaml")
"""What the optional dependencies `argo` bring, and the laptop's set lacks."""


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
            "",
            "Long video in; vertical clips with word-by-word captions out.",
            "",
            *rows,
            "",
            "clipmill COMMAND --help has the options of each.",
            "",
        ]
    )


def main(argv: list[str] | None = None) -> int:
    """Run one command; every failure is one line on stderr and an exit code."""
    name, *rest = (sys.argv[1:] if argv is None else argv) or ["--help"]
    if name in ("-h", "--help", "help"):
        sys.stdout.write(usage())
        return 0
    if name in ("-V", "--version"):
        sys.stdout.write(f"clipmill {version('clipmill')}\n")
        return 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return load_command(name).run(parser_of(name).parse_args(rest))
    except SystemExit as exited:  # argparse's --help
        return int(exited.code or 0)
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted: what is done is kept; the same command goes on\n")
        return INTERRUPTED_EXIT_CODE
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone, and that is no fault
        return 0
    except StepError as error:
        return _fail(error)
    except OSError as error:
        return _fail(from_os_error(error))
    except ModuleNotFoundError as error:
        extra = (error.name or "").partition(".")[0] in ARGO_MODULES
        return _fail(_without_argo() if extra else _bug(error))
    except Exception as error:  # the one door: a bug becomes a line too
        return _fail(host_fault(error) or _bug(error))


def _fail(error: StepError) -> int:
    sys.stderr.write(f"error: {one_line(str(error))}\n")
    for hint in error.hints if isinstance(error, Stopped) else ():
        sys.stderr.write(f"{hint}\n")
    return error.exit_code


def _without_argo() -> StepError:
    return BadInput(
        "this command needs the cluster's packages: pip install 'clipmill[argo]', or in a checkout "
        "`make setup-dev`"
    )


def _bug(error: Exception) -> StepError:
    """One line for a bug of ours; the traceback goes to a file."""
    kept = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it stays
        "w", prefix="clipmill-bug-", suffix=".log", delete=False
    )
    with kept:
        traceback.print_exception(error, file=kept)
    return StepError(f"a bug: {type(error).__name__}: {error} (details: {kept.name})")


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
