"""A mutant: one small edit of the product, and the tests that must notice it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Stale(Exception):
    """The product no longer holds the text that a mutant replaces, or its tests are gone."""


@dataclass(frozen=True)
class Mutant:
    """One edit.

    Attributes:
        name: what the product does wrong with it, unique.
        where: a file or a folder of the product; a folder lets the text move between its files.
        text: what is replaced; it occurs exactly once there.
        by: what replaces it.
        tests: the narrowest selection that notices: paths, each with `::name` if that is enough.
    """

    name: str
    where: str
    text: str
    by: str
    tests: tuple[str, ...]

    def find(self, root: Path = ROOT) -> Path:
        """The one file that holds the text.

        Raises:
            Stale: the place, the text or a test is not there, or the text occurs more than once.
        """
        place = root / self.where
        files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
        counts = {path: path.read_text().count(self.text) for path in files if path.is_file()}
        found = sum(counts.values())
        if found != 1:
            raise Stale(f"{self.name}: {self.where} holds its text {found} times, not once")
        for test in self.tests:
            path, _, name = test.partition("::")
            if not (root / path).exists():
                raise Stale(f"{self.name}: its test {path} is missing")
            if name and f"def {name.partition('[')[0]}(" not in (root / path).read_text():
                raise Stale(f"{self.name}: {path} has no test {name}")
        return next(path for path, count in counts.items() if count)

    def mutated(self, source: str) -> str:
        """The source with the edit."""
        return source.replace(self.text, self.by)
