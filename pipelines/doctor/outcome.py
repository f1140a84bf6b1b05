"""What a check finds: a state, a line about it, and the fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes:
        name: what was checked.
        ok: whether it is as it should be, or could not be checked.
        message: what was found, one line.
        fix: the command or the change that puts it right; empty when it is ok.
    """

    name: str
    ok: bool
    message: str
    fix: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The fields, for JSON."""
        return asdict(self)


Check = Callable[[], Iterable[Outcome]]


def good(name: str, message: str) -> Outcome:
    """An outcome that needs no action."""
    return Outcome(name, ok=True, message=message)


def bad(name: str, message: str, fix: str) -> Outcome:
    """An outcome that needs the fix."""
    return Outcome(name, ok=False, message=message, fix=fix)
