"""Run the step through its door, as a subprocess or a pod would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from steps.contract.command import main
from steps.contract.receipt import Receipt
from steps.download import STEP
from steps.media.audio import samples
from steps.model.source import SourceMeta
from tests.media.clocks import beeps

SRT = "1\n00:00:00,500 --> 00:00:01,500\nHello there\n"


def download(source: Path | str, out: Path, *options: str) -> int:
    return main(STEP, [f"--source={source}", "--out", str(out), *options], _no_cache)


def _no_cache(_uri: str) -> Any:
    raise AssertionError("no cache was asked for")


def tones(out: Path) -> list[tuple[float, int]]:
    """When each tone of a film that tells its time begins, in ms, and the second it stands for."""
    return beeps(samples(out / "audio.flac").astype(np.float64))


def meta_of(out: Path) -> SourceMeta:
    return SourceMeta.from_file(out / "source_meta.json")


def receipt_of(out: Path) -> Receipt:
    return Receipt.from_file(out / "receipts" / "download.json")
