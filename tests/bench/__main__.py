"""Run the benches, each a module here with `measure() -> list[Figure]`; print a table and JSON.

Each run is added to `history.jsonl`, and docs/benchmarks.md is made from it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys

from rich.console import Console
from rich.table import Table

import tests.bench
from tests.bench.figure import Figure
from tests.bench.history import remember
from tests.bench.tables import PAGE, benchmarks

APART = {"__main__", "figure", "history", "machine", "plot", "source", "tables"}


def names() -> list[str]:
    """The benches that there are."""
    found = pkgutil.iter_modules(tests.bench.__path__)
    return sorted(module.name for module in found if module.name not in APART)


def main(argv: list[str]) -> int:
    """Measure, print, and return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names())}")
    parser.add_argument("--json", action="store_true", help="print only JSON")
    chosen = parser.parse_args(argv)
    if unknown := set(chosen.names) - set(names()):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    console = Console(stderr=True)
    figures: dict[str, list[Figure]] = {}
    for name in chosen.names or names():
        console.print(f"measuring {name} ...")
        figures[name] = importlib.import_module(f"tests.bench.{name}").measure()
    remember(figures)
    PAGE.write_text(benchmarks(), encoding="utf-8")
    if not chosen.json:
        Console().print(table(figures))
    print(json.dumps({name: [vars(one) for one in found] for name, found in figures.items()}))
    return 0 if all(one.is_met for found in figures.values() for one in found) else 1


def table(figures: dict[str, list[Figure]]) -> Table:
    """The figures for a person."""
    drawn = Table("bench", "figure", "value", "bar", "")
    for name, found in figures.items():
        for one in found:
            mark = "" if not one.bar else "kept" if one.is_met else "MISSED"
            drawn.add_row(name, one.name, f"{one.value:.3f} {one.unit}", one.bar, mark)
    return drawn


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
