"""Comparisons with other programs (helm, argo, node): the end of a run lists those skipped."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import NoReturn

import pytest

MARK = "NOT COMPARED"


def reason(what: str, remedy: str) -> str:
    """The reason of a skip that leaves something uncompared.

    Args:
        what: the tests compare this with the product.
        remedy: how to make the comparison run, in the imperative.
    """
    return f"{MARK}: {what}: {remedy}"


def not_compared(what: str, remedy: str) -> NoReturn:
    """Skip a test that cannot compare; the end of the run lists it."""
    pytest.skip(reason(what, remedy))


def needs(program: str, what: str) -> pytest.MarkDecorator:
    """Skip where a program is not on the PATH."""
    absent = shutil.which(program) is None
    return pytest.mark.skipif(absent, reason=reason(what, f"install {program}"))


def program(name: str, what: str) -> Path:
    """The path of a program; skips where it is not on the PATH."""
    found = shutil.which(name)
    if found is None:
        not_compared(what, f"install {name}")
    return Path(found)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None]:
    """List what was not compared, after all other summaries: how many tests, what to do."""
    yield
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])]
    counts = Counter(text.partition(f"{MARK}: ")[2] for text in reasons if f"{MARK}: " in text)
    lines = [f"{what} (tests skipped: {count})" for what, count in sorted(counts.items())]
    if "not e2e" in config.option.markexpr:
        lines.append("a Kubernetes cluster: run `make e2e` (its tests are not part of this run)")
    if lines:
        terminalreporter.section(MARK, sep="=", yellow=True, bold=True)
        for line in lines:
            terminalreporter.line(line, yellow=True)
