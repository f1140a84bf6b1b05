"""clipmill models: the pinned weights with their digests, and the licences of weights and code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from pipelines.cli.command import Command, Options
from steps.contract.errors import BrokenContract, StepError
from steps.contract.weights import Weights
from steps.model.licences import Licensed


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "assemble"),
        default="list",
        help="list the models, or join those that packages carry in parts [default list]",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    from steps.model.licences import installed
    from steps.model.weights import EMBEDDED

    if options.action == "assemble":
        return _assemble(EMBEDDED)
    rows = [_row(weights) for weights in EMBEDDED]
    packages = installed()
    if options.json:
        listed = [asdict(package) for package in packages]
        sys.stdout.write(json.dumps({"models": rows, "packages": listed}) + "\n")
    else:
        _show(rows, [package for package in packages if package.is_copyleft])
    return 0 if all(row["state"] == "ok" for row in rows) else BrokenContract.exit_code


def _assemble(models: Sequence[Weights]) -> int:
    from pipelines.models.packaged import assemble

    for model in models:
        if not assemble(model):
            sys.stderr.write(
                f"the model {model.name} comes with no installed package: "
                f"run `clipmill models fetch {model.name}` to use it\n"
            )
    return 0


def _row(weights: Weights) -> dict[str, Any]:
    try:
        weights.locate()
        state = "ok"
    except StepError as error:
        state = str(error)
    return {
        "name": weights.name,
        "state": state,
        "size_bytes": sum(file.size_bytes for file in weights.files),
        "sha256": weights.sha256,
        "licence": weights.licence,
        "packages": weights.packages,
        "about": weights.about,
    }


def _show(rows: list[dict[str, Any]], copyleft: list[Licensed]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("model", "state", "MB", "licence", "about"):
        justify: Literal["right", "left"] = "right" if name == "MB" else "left"
        table.add_column(name, justify=justify, no_wrap=name in ("model", "licence"))
    for row in rows:
        table.add_row(
            row["name"],
            row["state"],
            f"{row['size_bytes'] / 1e6:.1f}",
            row["licence"],
            row["about"],
        )
    console.print(table)
    console.print("\nPackages with conditions for those who pass them on (all: docs/licences.md):")
    packages = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("package", "version", "licence", "why"):
        packages.add_column(name)
    for package in copyleft:
        packages.add_row(package.package, package.version, package.licence, package.note)
    console.print(packages)


COMMAND = Command(
    "models",
    "List weights and code with their licences, and check the weights' digests.",
    _add_options,
    _run,
)
