"""The screen of every command: one console, no colours where `NO_COLOR` says so."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from rich.text import Text

import pipelines
from pipelines.cli.progress import Bars
from pipelines.tables import UNBOUNDED_COLUMNS, console, table
from steps.contract.logs import configure
from tests.pipelines.clipmill import Said

COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3|4|9|10)[0-8](?:;\d+)*m")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Terminal:
    """A terminal with colours, 100 columns wide, that takes both outputs."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm-256color", "COLUMNS": "100", **variables}.items():
        monkeypatch.setenv(name, value)
    return shown


def lines() -> None:
    console().print(Text("fix: nothing", style="yellow"))


def bars() -> None:
    with Bars({}) as shown:
        shown.expected({"cut": 1})
        shown.started("cut")
        shown.finished("cut", cached=False)


def logs() -> None:
    configure()
    structlog.get_logger().warning("hot", degrees=40)


@pytest.mark.parametrize("write", [lines, bars, logs])
def test_no_color_means_no_colour(
    write: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    coloured = terminal(monkeypatch)
    write()
    assert COLOUR.search(coloured.getvalue())
    plain = terminal(monkeypatch, NO_COLOR="1")
    write()
    assert plain.getvalue()
    assert not COLOUR.search(plain.getvalue())


def test_every_command_writes_to_the_one_console() -> None:
    """Another console would have other widths, and its own idea of colours and of markup."""
    root = Path(pipelines.__file__).parent
    made = [
        path for path in root.rglob("*.py") if re.search(r"\b(Console|Table)\(", path.read_text())
    ]
    assert [path.name for path in made] == ["tables.py"]


def test_a_terminal_gets_folded_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch, NO_COLOR="1")
    rows = table("id", "title", whole=("id",))
    rows.add_row("a" * 30, "[bold] " + "long " * 40)
    console().print(rows)
    assert max(len(re.sub(r"\x1b.*?m", "", row)) for row in shown.getvalue().splitlines()) == 100
    assert "[bold]" in shown.getvalue()


def test_a_row_in_a_pipe_is_one_line(called: Callable[..., Said]) -> None:
    said = called("engines")
    assert "\x1b" not in said.out
    assert max(map(len, said.out.splitlines())) < UNBOUNDED_COLUMNS
    (line,) = (one for one in said.out.splitlines() if one.startswith("lr-asd "))
    assert "models fetch lr-asd" in line or "usable" in line


def test_work_goes_on_when_nobody_reads_its_lines() -> None:
    work = "from pipelines.tables import say; say('a'); say('b'); say('c'); print('done')"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", work], stdout=subprocess.PIPE, stderr=writer, text=True, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stdout) == (0, "done\n")
