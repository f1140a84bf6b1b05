"""The argv parser of a step, derived from its declaration."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from steps.contract.errors import BadInput
from steps.contract.params import bounds, choices, flag, text
from steps.contract.ports import Port
from steps.contract.step import Step


class Help(argparse.HelpFormatter):
    """argparse's help, with no option's name broken at its hyphens."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


class RawHelp(Help, argparse.RawDescriptionHelpFormatter):
    """The same, with the lines of description and epilog as they are."""


class Parser(argparse.ArgumentParser):
    """An argparse parser whose errors are `BadInput`: one line, exit code 80."""

    def __init__(self, **settings: Any) -> None:
        """Make a parser; the settings are argparse's."""
        super().__init__(**{"formatter_class": Help, **settings})

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing usage and exiting with 2."""
        raise BadInput(f"{message}: see {self.prog} --help")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as argparse does; `--x=--`, on which argparse fails by itself, is refused."""
        for word in args or ():
            if word.startswith("--") and word.endswith("=--"):
                self.error(f"argument {word[:-3]}: '--' is not a value")
        return super().parse_known_args(args, namespace)


@dataclass(frozen=True)
class Invocation:
    """A parsed command line of a step."""

    inputs: Path
    outputs: Path
    cache: str
    job: str
    attempt: int
    check: bool
    values: dict[str, str]


def add_params(
    group: argparse.ArgumentParser | argparse._ArgumentGroup, fields: Mapping[str, FieldInfo]
) -> None:
    """Add one option for each field, with its description, bounds and default as help."""
    for name, info in fields.items():
        default = None if info.default is PydanticUndefined else text(info.default)
        allowed = "" if choices(info) else bounds(info)
        hints = [hint for hint in (allowed, f"default {default}" if default else "") if hint]
        if info.is_required():
            hints.append("required")
        about = f"{info.description}" + (f" [{'; '.join(hints)}]" if hints else "")
        group.add_argument(
            flag(name),
            dest=name,
            choices=choices(info) or None,
            metavar=None if choices(info) else _metavar(name, info),
            default=argparse.SUPPRESS,
            help=about.replace("%", "%%"),
        )


def _metavar(name: str, info: FieldInfo) -> str:
    """The unit of a param that has one (`_s`, `_px`), N for another number, else its name."""
    _, _, unit = name.rpartition("_")
    return "N" if info.annotation is int and unit == name else unit.upper()


def _ports(title: str, ports: tuple[Port, ...]) -> list[str]:
    if not ports:
        return []
    rows = [
        f"  {port.path:<26} {port.about}{' (optional)' if port.optional else ''}" for port in ports
    ]
    return [f"{title}:", *rows, ""]


def step_parser(step: Step[Any]) -> Parser:
    """The parser of `python -m steps NAME`."""
    parser = Parser(
        prog=f"python -m steps {step.name}",
        description=step.summary,
        epilog="\n".join(_ports("reads", step.reads) + _ports("writes", step.writes)),
        formatter_class=RawHelp,
        allow_abbrev=False,
    )
    parser.add_argument("--in", dest="inputs", type=Path, metavar="DIR",
                        help="folder of inputs [default: that of outputs]")  # fmt: skip
    parser.add_argument("--out", dest="outputs", type=Path, metavar="DIR",
                        help="folder of outputs [required]")  # fmt: skip
    parser.add_argument("--cache", default="", metavar="URI",
                        help="folder or s3:// prefix of finished runs to reuse")  # fmt: skip
    parser.add_argument("--job", default="", metavar="ID", help="job id, for the logs")
    parser.add_argument("--attempt", type=int, default=0, metavar="N",
                        help="how often this task was tried before")  # fmt: skip
    parser.add_argument("--check", action="store_true",
                        help="only check that code and weights are all there")  # fmt: skip
    add_params(parser.add_argument_group("params"), step.params.model_fields)
    return parser


def parse(step: Step[Any], argv: list[str]) -> Invocation:
    """Parse a step's command line.

    Raises:
        BadInput: an option is unknown or malformed.
    """
    known = vars(step_parser(step).parse_args(argv))
    if known["outputs"] is None and not known["check"]:
        raise BadInput(f"--out is missing: see python -m steps {step.name} --help")
    outputs: Path = known["outputs"] or Path()
    values = {name: known[name] for name in step.params.model_fields if name in known}
    return Invocation(
        inputs=known["inputs"] or outputs,
        outputs=outputs,
        cache=known["cache"],
        job=known["job"],
        attempt=known["attempt"],
        check=known["check"],
        values=values,
    )
