"""No document, however wrong, makes a step crash, hang or fill the memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from steps.contract.errors import BadInput, BrokenContract, OverLimit
from tests.steps.hostile import READS, Accepted

COUNTS = {"detect": 60, "reframe": 120, "render": 100, "publish": 100}
EXPECTED = {
    0,
    Accepted.exit_code,
    BadInput.exit_code,
    OverLimit.exit_code,
    BrokenContract.exit_code,
}
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("step", READS)
def test_changed_documents_end_in_one_clear_line(step: str, tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tests.steps.hostile", step, str(COUNTS[step]), str(tmp_path)]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True)
    cases = [json.loads(line) for line in ended.stdout.splitlines()]
    assert (ended.returncode, len(cases)) == (0, COUNTS[step]), ended.stderr[-2000:]
    assert [case for case in cases if case[2] not in EXPECTED] == []
    assert BrokenContract.exit_code in {case[2] for case in cases}
    assert "Traceback" not in ended.stderr
