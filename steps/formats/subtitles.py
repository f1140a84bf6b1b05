"""The value that every subtitle format reads into and writes from.

To add a format, write a module beside this one with `read(text) -> SubtitleFile`, or
`write(subtitles) -> str`, or both. A reader returns plain text: it removes the format's markup and
resolves its escapes. A writer escapes whatever its format would read as markup. Both run in linear
time, because subtitle files come from strangers. No module here opens a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAX_LINES = 200_000
"""Of a file that pysubs2 reads, at about 100,000 a second; ten hours of captions have 60,000."""


@dataclass(frozen=True)
class TimedText:
    """Some plain text, and the time at which it starts if the file gives one."""

    text: str
    in_ms: int | None = None


@dataclass(frozen=True)
class Subtitle:
    """One entry of a subtitle file.

    Attributes:
        in_ms: when it appears, on the clock of the file.
        out_ms: when it disappears, after `in_ms`.
        lines: what it shows; a line is in several parts where the file times its words.
        speaker: the name of who says it, or empty.
    """

    in_ms: int
    out_ms: int
    lines: tuple[tuple[TimedText, ...], ...]
    speaker: str = ""

    @classmethod
    def of(cls, in_ms: int, out_ms: int, lines: Iterable[str], speaker: str = "") -> Subtitle:
        """Make an entry of lines without times."""
        return cls(in_ms, out_ms, tuple((TimedText(line),) for line in lines), speaker)

    @property
    def texts(self) -> list[str]:
        """The text of each line."""
        return ["".join(part.text for part in line) for line in self.lines]


@dataclass(frozen=True)
class SubtitleFile:
    """The entries of a file in order of their in points, and its language if it states one."""

    subtitles: tuple[Subtitle, ...]
    language: str = ""


def bounded_lines(text: str) -> list[str]:
    """The lines of a file.

    Raises:
        ValueError: it has more than MAX_LINES.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if len(lines) > MAX_LINES:
        raise ValueError(f"it has over {MAX_LINES:,} lines")
    return lines
