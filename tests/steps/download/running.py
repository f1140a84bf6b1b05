"""Run the step through its door, as a subprocess or a pod would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from steps.contract.command import main
from steps.contract.receipt import Receipt
from steps.download import STEP
from steps.model.source import SourceMeta

SRT = "1\n00:00:00,500 --> 00:00:01,500\nHello there\n"


def download(source: Path | str, out: Path, *options: str) -> int:
    return main(STEP, [f"--source={source}", "--out", str(out), *options], _no_cache)


def _no_cache(_uri: str) -> Any:
    raise AssertionError("no cache was asked for")


def meta_of(out: Path) -> SourceMeta:
    return SourceMeta.from_file(out / "source_meta.json")


def receipt_of(out: Path) -> Receipt:
    return Receipt.from_file(out / "receipts" / "download.json")
