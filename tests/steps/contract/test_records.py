"""What a run of a task took."""

import subprocess
import sys

HELD_BYTES = 200_000_000
HOLD = f"held = b'1' * {HELD_BYTES}"
RUN = "import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', {}]).decode())"
TELL = "from steps.contract.records import peak_memory_bytes; print(peak_memory_bytes())"


def told(code: str) -> int:
    return int(subprocess.check_output([sys.executable, "-c", code], text=True).split()[-1])


def test_what_a_parent_holds_is_not_its_child_s() -> None:
    assert told(f"{HOLD}; {RUN.format(repr(TELL))}") < HELD_BYTES


def test_what_a_child_held_counts() -> None:
    assert told(f"{RUN.format(repr(HOLD))}; {TELL}") > HELD_BYTES
