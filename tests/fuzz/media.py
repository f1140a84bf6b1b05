"""Cases of media: a small film as it is or damaged, through download, cut and moderate."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from steps.model.clips import Clip, Clips
from steps.model.source import SourceMeta
from tests.fuzz.damage import damaged
from tests.fuzz.films import FILMS, make
from tests.fuzz.trial import Outcome, run_step

WHOLE = tuple(sorted(FILMS))
"""The first cases are the films as they are; all others are damaged."""


@dataclass(frozen=True)
class Film:
    """A case: the file and how it was made."""

    path: Path
    about: str


def film(seed: int, number: int, source: Path, films: Path, folder: Path) -> Film:
    """The film of a case, the same for the same seed and number.

    Args:
        source: a real film that all are made from.
        films: where the undamaged ones are kept.
        folder: where the case's file goes.
    """
    rng = random.Random(f"media:{seed}:{number}")
    name = WHOLE[number] if number < len(WHOLE) else rng.choice(WHOLE)
    data, about = make(name, source, films).read_bytes(), "as it is"
    if number >= len(WHOLE):
        data, about = damaged(data, rng)
    path = folder / name
    path.write_bytes(data)
    return Film(path, f"{name} {about}")


def outcomes(case: Film, folder: Path, run: Callable[..., Outcome] = run_step) -> list[Outcome]:
    """Run download, and where it accepts the film, cut and moderate."""
    found = [run("download", folder, f"--source={case.path}")]
    if found[0].code == 0:
        duration_ms = SourceMeta.from_file(folder / "source_meta.json").duration_ms
        out_ms = min(duration_ms, 1500)
        plan = Clip(id="clip_01", in_ms=0, out_ms=out_ms, title="", score=0, rank=1)
        clips = Clips(asked=1, method="given", reason="", clips=(plan,))
        (folder / "plan.json").write_bytes(clips.canonical_bytes())
        found += [run(name, folder) for name in ("cut", "moderate")]
    return found
