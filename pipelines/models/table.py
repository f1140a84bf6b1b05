"""What `clipmill models` prints: the list, one model at length, and packages with conditions."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from pipelines.tables import console, table
from steps.contract.errors import BadInput
from steps.contract.weights import Weights
from steps.model.licences import Licensed, installed
from steps.model.weights import MODELS


def show(chosen: Sequence[Weights] | None, *, as_json: bool) -> int:
    """Print the list, or what is known of the chosen models; returns the exit code."""
    rows = [_row(model) for model in chosen or MODELS.values()]
    packages = installed()
    if as_json:
        listed = [asdict(package) for package in packages]
        sys.stdout.write(json.dumps({"models": rows, "packages": listed}) + "\n")
    elif chosen:
        for row in rows:
            _details(row)
    else:
        _overview(rows, [package for package in packages if package.is_copyleft])
    return 0


def _row(model: Weights) -> dict[str, Any]:
    try:
        place = str(model.find())
    except BadInput:
        place = ""
    return {
        "name": model.name,
        "place": place,
        "size_bytes": model.size_bytes,
        "files": {file.path: file.sha256 for file in model.files},
        "licence": model.licence,
        "gated": model.gated,
        "origin": model.origin,
        "packages": model.packages,
        "about": model.about,
        "use": model.use,
        "steps": model.steps,
    }


def _overview(rows: list[dict[str, Any]], copyleft: list[Licensed]) -> None:
    screen = console()
    models = table("model", "here", "MB", "licence", "for", right=("MB",))
    for row in rows:
        models.add_row(
            row["name"],
            "yes" if row["place"] else "gated" if row["gated"] else "no",
            f"{row['size_bytes'] / 1e6:.1f}" if row["size_bytes"] else "?",
            row["licence"].removeprefix("LicenseRef-"),
            ", ".join(row["steps"]),
        )
    screen.print(models)
    screen.print(
        "\nclipmill models list NAME tells more of one, clipmill models fetch NAME gets it,\n"
        "clipmill models check compares the digests. docs/models.md gives the reasons."
    )
    screen.print("\nPackages with conditions for those who pass them on (all: docs/licences.md):")
    packages = table("package", "version", "licence", "why", whole=("package", "version"))
    for package in copyleft:
        packages.add_row(package.package, package.version, package.licence, package.note)
    screen.print(packages)


def _details(row: dict[str, Any]) -> None:
    screen = console()
    screen.print(Text.assemble((row["name"], "bold"), f": {row['about']}"))
    known = table("", "")
    known.show_header = False
    facts = {
        "for": row["use"],
        "licence": row["licence"] + (", gated" if row["gated"] else ""),
        "origin": row["origin"],
        "packages": ", ".join(row["packages"]),
        "here": row["place"] or f"no: clipmill models fetch {row['name']}",
        "files": "\n".join(f"{path} {sha[:16]}" for path, sha in row["files"].items()),
    }
    for fact, text in facts.items():
        if text:
            known.add_row(f"  {fact}", text)
    screen.print(known)
