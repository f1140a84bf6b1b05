"""The history of the benches: a line of JSON for each run, with the machine's name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.machine import machine

HISTORY = Path(__file__).with_name("history.jsonl")


def remember(figures: Mapping[str, Sequence[Figure]], history: Path = HISTORY) -> None:
    """Add one run to the history."""
    entry = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "version": version("clipmill"),
        "benches": {name: [vars(one) for one in found] for name, found in figures.items()},
    }
    with history.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def read(history: Path = HISTORY) -> list[dict[str, object]]:
    """Every run, the oldest first."""
    if not history.is_file():
        return []
    return [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()]
