"""Progress: `N/M` in the file that `$ARGO_PROGRESS_FILE` names, for Argo and local bars."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PROGRESS_VARIABLE = "ARGO_PROGRESS_FILE"


@dataclass
class Progress:
    """Writes `N/100`, only when the whole percent changes."""

    path: Path | None
    _percent: int = field(default=-1, init=False)

    @classmethod
    def from_environment(cls) -> Progress:
        """The progress file of this process, or none."""
        name = os.environ.get(PROGRESS_VARIABLE)
        return cls(Path(name) if name else None)

    def report(self, done: float, total: float) -> None:
        """Say that `done` of `total` units are finished; never goes back."""
        percent = 100 if total <= 0 else max(0, min(100, int(100 * done / total)))
        if self.path is None or percent <= self._percent:
            return
        self._percent = percent
        with suppress(OSError):  # it only informs
            self.path.write_text(f"{percent}/100\n")


def read_percent(path: Path) -> int:
    """The percent that a progress file states; 0 while it states nothing."""
    done, _, total = (path.read_text().strip() if path.is_file() else "").partition("/")
    return 100 * int(done) // int(total) if done.isdigit() and total.isdigit() and int(total) else 0
