"""One check and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes:
        name: what was looked at.
        ok: whether it is as it should be.
        said: what was found, one line.
        mend: the command or the change that mends it; empty when all is well.
    """

    name: str
    ok: bool
    said: str
    mend: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The fields, for JSON."""
        return asdict(self)


Check = Callable[[], Iterable[Outcome]]


def good(name: str, said: str) -> Outcome:
    """All is well."""
    return Outcome(name, ok=True, said=said)


def bad(name: str, said: str, mend: str) -> Outcome:
    """Something is wrong, and this mends it."""
    return Outcome(name, ok=False, said=said, mend=mend)
