"""What CI runs: a part that fails is a failure, wherever it stands."""

import re
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parent.parent / ".ci" / "run"


@pytest.mark.parametrize(
    ("line", "code", "last"),
    [
        ("part browser false || echo none", 0, "none"),
        ("part test false; echo went on", 1, "== test: 0 s"),
        ("part test true; echo went on", 0, "went on"),
    ],
)
def test_a_part_ends_with_the_code_of_its_command(line: str, code: int, last: str) -> None:
    part = re.search(r"^part\(\) \{.*?^\}", RUN.read_text(), re.MULTILINE | re.DOTALL)
    assert part is not None
    script = f"set -euo pipefail\n{part[0]}\n{line}\n"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stdout.splitlines()[-1] == last
