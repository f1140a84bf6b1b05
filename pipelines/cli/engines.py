"""clipmill engines: what each step can work with here, and the environments of heavy engines."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from pipelines.cli.command import Command, Options
from steps.contract.engines import Engine
from steps.contract.errors import BadInput
from steps.contract.params import Params, flag
from steps.contract.parser import RawHelp
from steps.contract.references import load

ACTIONS = ("list", "install", "remove", "check")
EXAMPLES = """\
examples:
  clipmill engines
  clipmill engines install whisperx
  clipmill engines check whisperx
"""


ENGINE_COLUMNS = {
    "engine": "engine",
    "step": "step",
    "param": "option",
    "promise": "same bytes on",
    "state": "here",
}
ENVIRONMENT_COLUMNS = {
    "name": "environment",
    "state": "state",
    "hardware": "for",
    "gigabytes": "GB",
    "about": "about",
}
"""Title of each column by the field that it shows."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    from pipelines.environments.declared import ENVIRONMENTS

    parser.formatter_class = RawHelp
    parser.epilog = EXAMPLES
    parser.add_argument(
        "action", choices=ACTIONS, nargs="?", default="list", help="[default: list]"
    )
    parser.add_argument(
        "names", metavar="NAME", nargs="*",
        help=f"{', '.join(ENVIRONMENTS)} [check: all that are installed]",
    )  # fmt: skip
    parser.add_argument(
        "--for", dest="hardware", choices=("cpu", "cuda"),
        help="the class of machine [default: cuda where a driver shows a GPU]",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    from pipelines.environments.declared import environment_of

    for name in options.names:
        environment_of(name)
    if options.action == "list":
        if options.names:
            raise BadInput("list takes no names: it shows every engine")
        return _list(as_json=options.json)
    if options.action == "check":
        return _check(options.names, as_json=options.json)
    if not options.names:
        raise BadInput(f"{options.action} needs the name of an environment: see clipmill engines")
    report = _install(options) if options.action == "install" else _remove(options.names)
    if options.json:
        sys.stdout.write(json.dumps(report) + "\n")
    return 0


def _install(options: Options) -> dict[str, str]:
    from pipelines.environments.declared import hardware_here
    from pipelines.environments.installed import folder_of, install

    hardware = options.hardware or hardware_here()
    for name in options.names:
        done = install(name, hardware, _say)
        _say(f"{name} is {'installed' if done else 'up to date'}")
    return {name: str(folder_of(name)) for name in options.names}


def _remove(names: Sequence[str]) -> dict[str, bool]:
    from pipelines.environments.installed import remove

    removed = {name: remove(name) for name in names}
    for name, done in removed.items():
        _say(f"{name} {'is removed' if done else 'was not installed'}")
    return removed


def _check(names: Sequence[str], *, as_json: bool) -> int:
    """Import what the environments hold, and let each of their engines check itself."""
    from pipelines.environments.check import checks
    from pipelines.environments.declared import ENVIRONMENTS
    from pipelines.environments.installed import state_of

    chosen = names or [name for name in ENVIRONMENTS if state_of(name) != "absent"]
    found = [check for name in chosen for check in checks(name)]
    if as_json:
        sys.stdout.write(json.dumps({"checks": [check.as_dict() for check in found]}) + "\n")
    else:
        for check in found:
            mark = "wrong" if check.fault else "ok"
            sys.stdout.write(f"{mark:<6}{check.environment}: {check.what}\n")
            if check.fault:
                sys.stdout.write(f"      {check.fault}\n")
        if not found:
            sys.stdout.write("no environment is installed: see clipmill engines\n")
    return BadInput.exit_code if any(check.fault for check in found) else 0


def _list(*, as_json: bool) -> int:
    from pipelines.environments.declared import ENVIRONMENTS
    from pipelines.environments.installed import folder_of, hardware_of, state_of

    engines = engine_rows()
    environments = [
        {
            "name": name,
            "state": state_of(name),
            "hardware": hardware_of(name),
            "gigabytes": environment.gigabytes,
            "folder": str(folder_of(name)),
            "about": environment.about,
        }
        for name, environment in ENVIRONMENTS.items()
    ]
    if as_json:
        sys.stdout.write(json.dumps({"engines": engines, "environments": environments}) + "\n")
        return 0
    _table(engines, ENGINE_COLUMNS)
    sys.stdout.write("\n")
    _table(environments, ENVIRONMENT_COLUMNS)
    return 0


def engine_rows() -> list[dict[str, Any]]:
    """Every engine of every step, with whether this machine can use it."""
    from steps.catalogue import EXIT_NAMES, NAMES, load_step

    return [
        {
            "step": step.name,
            "param": flag(param),
            "engine": engine.name,
            "environment": engine.environment,
            "state": _state(engine, step.params.model_construct()),
            "promise": engine.promise,
            "about": engine.about,
        }
        for step in map(load_step, (*NAMES, *EXIT_NAMES))
        for param, marked in step.engines.items()
        for engine in marked.engines
    ]


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _state(engine: Engine, params: Params) -> str:
    from pipelines.environments.choice import lack_of

    if reason := lack_of(engine, params):
        return reason
    if engine.by_name:
        return "usable, by its name only"
    asked = not engine.applies or load(engine.applies)(params)
    return "usable" if asked else "usable once its options are given"


def _table(rows: Sequence[dict[str, Any]], columns: dict[str, str]) -> None:
    from pipelines.tables import console, table

    whole = [title for key, title in columns.items() if key not in ("state", "about")]
    drawn = table(*columns.values(), whole=whole)
    for row in rows:
        drawn.add_row(*(str(row[key]) for key in columns))
    console().print(drawn)


COMMAND = Command(
    "engines",
    "List the engines of every step; install the environments of the heavy ones.",
    _add_options,
    _run,
)
