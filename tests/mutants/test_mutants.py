from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from tests.mutants.__main__ import report
from tests.mutants.mutant import ROOT, Mutant, Stale
from tests.mutants.table import MUTANTS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_finds_its_text_once_and_changes_what_the_code_does(mutant: Mutant) -> None:
    before = mutant.find().read_text()
    after = mutant.mutated(before)
    assert ast.dump(ast.parse(after)) != ast.dump(ast.parse(before))


def test_names_are_unique() -> None:
    names = [mutant.name for mutant in MUTANTS]
    assert sorted(set(names)) == sorted(names)


def test_every_part_of_the_product_that_keeps_promises_has_mutants() -> None:
    assert len(MUTANTS) >= 40
    places = {path.relative_to(ROOT).parts[:2] for path in (item.find() for item in MUTANTS)}
    assert places >= {
        ("steps", "contract"), ("steps", "storage"), ("steps", "model"), ("steps", "render"),
        ("pipelines", "local"), ("pipelines", "verify.py"), ("pipelines", "lint.py"),
    }  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one function, with a test of half of what it does, which needs no plugin."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    root = tmp_path / "project"
    (root / "product").mkdir(parents=True)
    (root / "product/__init__.py").write_text("")
    (root / "product/sums.py").write_text("def add(a, b):\n    return a + b if a else b\n")
    (root / "test_sums.py").write_text(
        "from product.sums import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n"
    )
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def test_the_runner_reports_who_notices_what(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = ("test_sums.py",)
    mutants = [
        Mutant("subtracts", "product", "a + b", "a - b", tests),
        Mutant("forgets b where a is 0", "product/sums.py", "else b", "else 0", tests),
        Mutant("moved away", "product", "a * b", "a / b", tests),
        Mutant("does not compile", "product", "def add", "def", tests),
    ]
    assert report(mutants, tmp_path / "copies", 2, project) == 1
    lines = sorted(capsys.readouterr().out.splitlines())
    assert lines[0] == "1 killed, 1 survived, 1 stale, 1 broken"
    assert [line.split()[0] for line in lines[1:]] == ["broken", "killed", "stale", "survived"]
    assert lines[2].endswith("subtracts: test_sums.py::test_add")
    assert "a + b" in (project / "product/sums.py").read_text()
    assert report(mutants[:1], tmp_path / "again", 1, project) == 0


def test_tests_that_fail_anyway_prove_nothing(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "test_sums.py").write_text("def test_add():\n    assert False\n")
    mutant = Mutant("subtracts", "product", "a + b", "a - b", ("test_sums.py",))
    assert report([mutant], tmp_path / "copies", 1, project) == 2
    assert "test_sums.py::test_add" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "tests", "why"),
    [
        ("b", ("test_sums.py",), "holds its text 3 times, not once"),
        ("a + b", ("test_gone.py",), "its test test_gone.py is missing"),
        ("a + b", ("test_sums.py::test_gone",), "has no test test_gone"),
    ],
)
def test_a_stale_mutant_says_why(
    project: Path, text: str, tests: tuple[str, ...], why: str
) -> None:
    with pytest.raises(Stale, match=why):
        Mutant("stale", "product", text, "x", tests).find(project)
