import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONFTEST = "from tests.comparisons import pytest_terminal_summary  # noqa: F401\n"
TESTS = """
import pytest
from tests.comparisons import needs, not_compared

@needs("no-such-program", "the chart")
@pytest.mark.parametrize("n", [1, 2])
def test_one(n): ...

def test_other(): not_compared("the client", "install node")

def test_skipped_for_another_reason(): pytest.skip("root may read everything")
"""


def end_of_run(folder: Path, tests: str, *options: str) -> list[str]:
    """The last lines of a run of these tests, from the summary's heading on."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(tests)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, str(folder)],
        cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    headings = [place for place, line in enumerate(lines) if " NOT COMPARED " in line]
    return [line for line in lines[headings[0] + 1 : -1] if line] if headings else []


def test_what_is_skipped_is_listed_with_its_remedy(tmp_path: Path) -> None:
    assert end_of_run(tmp_path, TESTS) == [
        "the chart: install no-such-program (tests skipped: 2)",
        "the client: install node (tests skipped: 1)",
    ]


def test_a_run_without_the_cluster_says_so(tmp_path: Path) -> None:
    (line,) = end_of_run(tmp_path, "def test_one(): ...\n", "-m", "not e2e")
    assert "make e2e" in line


def test_a_run_that_compares_all_says_nothing(tmp_path: Path) -> None:
    assert end_of_run(tmp_path, "def test_one(): ...\n") == []
