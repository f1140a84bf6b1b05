"""clipmill models: the pinned weights, and whether they are here."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from pipelines.cli.command import Command, Options
from steps.contract.errors import BrokenContract, StepError
from steps.contract.weights import Weights


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    from steps.model.weights import EMBEDDED

    rows = [_row(weights) for weights in EMBEDDED]
    if options.json:
        sys.stdout.write(json.dumps({"models": rows}) + "\n")
    else:
        _show(rows)
    return 0 if all(row["state"] == "ok" for row in rows) else BrokenContract.exit_code


def _row(weights: Weights) -> dict[str, Any]:
    try:
        path, state = weights.locate(), "ok"
    except StepError as error:
        path, state = None, str(error)
    return {
        "name": weights.name,
        "state": state,
        "size_bytes": path.stat().st_size if path else 0,
        "sha256": weights.sha256,
        "licence": weights.licence,
        "package": weights.package,
        "about": weights.about,
    }


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("model", "state", "MB", "sha256", "licence", "about"):
        table.add_column(name, justify="right" if name == "MB" else "left")
    for row in rows:
        table.add_row(
            row["name"],
            row["state"],
            f"{row['size_bytes'] / 1e6:.1f}",
            row["sha256"][:12],
            row["licence"],
            row["about"],
        )
    Console(highlight=False).print(table)


COMMAND = Command("models", "List the pinned weights and check their digests.", _add_options, _run)
