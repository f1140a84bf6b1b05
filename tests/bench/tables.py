"""docs/benchmarks.md: the latest figures of the history as tables. Pure, but for reading it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.history import HISTORY, read

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PAGE_TEXT = """\
# Benchmarks

<!-- Made by `make bench` from tests/bench/history.jsonl. -->

Each table is from one run on one machine. `make bench ARGS="budget words shots"` measures all of
them again, and writes this page. Compare figures of the same table only: another machine gives
others.

## What a job costs

{budget}

A source of 22 minutes (the sample many times over, 720p at 30 pictures a second), up to five clips,
all defaults, one step after the other. Processor time, of all cores together, for each second of
the source. What is left out of the second sum is what `--aligner whisper --diarizer off` spares.
A machine is not always as fast: what its host does for others slows it by a third. The floor, a
frame that ffmpeg decodes, scales and encodes with `veryfast`, tells how fast it was.

## Words

{words}

The sound is the sample's: 88 s of one voice, each word of which is known. Start and end are the
distance of a right word from the truth, in milliseconds. Invented words are those that are heard in
a minute of a sound in which nobody says them: silence, noise, music, applause, and Spanish in a
source that states English. `step` is the whole step transcribe with that engine and model; `bare`
is faster-whisper with the same model and its own settings.

## Hard cuts

{shots}

The films are the sample and six made scenes, three of which have no cut but much movement. A cut is
right within a frame of where it was made. clipmill finds cuts with PySceneDetect's AdaptiveDetector
too; what differs is the decoder, and which changes are too close to each other to be two cuts. The
other rows are PySceneDetect as its own program works, with its defaults. Time includes decoding;
clipmill's pictures are larger, because detect looks for people in the same ones.

## What is not compared

auto-editor cuts silence out of a video. Its package on PyPI (29.3.1) has no program in it: at its
first start it downloads one from a release page, and the older versions that had one are withdrawn.
The benches run only what a pinned package holds, so it is not among them.
"""
NONE = "Not measured yet."


def benchmarks(history: Path = HISTORY) -> str:
    """The page."""
    runs = read(history)
    return PAGE_TEXT.format(**{name: _latest(name, runs) for name in ("budget", "words", "shots")})


def _latest(bench: str, runs: Sequence[dict[str, Any]]) -> str:
    """The newest run of a bench: where and when, and a row for each thing that was measured.

    What a figure's name has after a colon is a column; without one, its unit is.
    """
    run = next((one for one in reversed(runs) if bench in one["benches"]), None)
    if run is None:
        return NONE
    rows: dict[str, dict[str, str]] = {}
    for figure in run["benches"][bench]:
        label, _, name = figure["name"].partition(": ")
        column = f"{name}, {figure['unit']}" if name else figure["unit"]
        rows.setdefault(label, {})[column] = f"{figure['value']:.4g}"
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = [
        f"clipmill {run['version']}, {run['machine']}, {run['date']}.",
        "",
        f"| | {' | '.join(columns)} |",
        f"|---|{'---:|' * len(columns)}",
        *(
            f"| {label} | {' | '.join(row.get(name, '') for name in columns)} |"
            for label, row in rows.items()
        ),
    ]
    return "\n".join(lines)
