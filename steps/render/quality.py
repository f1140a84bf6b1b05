"""The gate: a finished clip against its plan. Pure.

A file that is broken is not delivered. What a viewer may dislike is named in the result, and is an
error only where the job asks for it.
"""

from __future__ import annotations

from steps.contract.errors import BrokenContract
from steps.model.render_check import CheckResult
from steps.render.file_checks import FILE_CHECKS, Check
from steps.render.measured import Measured, Planned
from steps.render.viewer_checks import VIEWER_CHECKS


def run_checks(
    measured: Measured, planned: Planned, *, strict: bool = False
) -> tuple[CheckResult, ...]:
    """The results of all checks that apply to a clip.

    Args:
        measured: the clip as it is.
        planned: the clip as it should be.
        strict: treat every failed check as those of a broken file.

    Raises:
        BrokenContract: the file is broken; the message has the check's name and what was found.
    """
    results = [*_run(FILE_CHECKS, measured, planned)]
    for result in results:
        _refuse(result)
    results += _run(VIEWER_CHECKS, measured, planned)
    if strict:
        for result in results:
            _refuse(result)
    return tuple(results)


def described(result: CheckResult) -> str:
    """A failed check in words."""
    return f"{result.name}: {result.measured}, {result.bound} wanted"


def _run(checks: dict[str, Check], measured: Measured, planned: Planned) -> list[CheckResult]:
    found = []
    for name, check in checks.items():
        if judged := check(measured, planned):
            value, bound, passed = judged
            found.append(CheckResult(name=name, measured=value, bound=bound, passed=passed))
    return found


def _refuse(result: CheckResult) -> None:
    if not result.passed:
        raise BrokenContract(
            f"the rendered clip fails the check {result.name!r}: "
            f"{result.measured}, {result.bound} wanted"
        )
