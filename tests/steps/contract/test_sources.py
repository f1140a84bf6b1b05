"""Which files the code digest of a step covers: all that it runs, and nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from steps.catalogue import EXIT_NAMES, NAMES
from steps.contract.cache import cache_key
from steps.contract.sources import ROOT, code_digest, source_files
from tests.steps.contract.example import ECHO, EchoParams

TOY = {
    "steps/__init__.py": "",
    "steps/contract/__init__.py": "",
    "steps/contract/command.py": "from steps.contract import errors",
    "steps/contract/errors.py": "",
    "steps/toy/__init__.py": 'ENGINE = "steps.engines.fast:load"',
    "steps/toy/work.py": (
        "from steps.shapes import (\n    circle,  # round\n    square as box,\n)\n"
        "def run():\n    import steps.late.one, json\n    from .inner import deep\n"
    ),
    "steps/toy/inner/__init__.py": "",
    "steps/toy/inner/deep.py": "",
    "steps/toy/words.txt": "data of the step",
    "steps/shapes/__init__.py": "",
    "steps/shapes/circle.py": "from steps.shapes.point import Point",
    "steps/shapes/square.py": "",
    "steps/shapes/point.py": "",
    "steps/engines/__init__.py": "",
    "steps/engines/fast.py": "",
    "steps/late/__init__.py": "",
    "steps/late/one.py": "",
}
UNRELATED = {
    "steps/other/__init__.py": "",
    "steps/other/work.py": "from steps.shapes import circle",
    "steps/shapes/unused.py": "",
    "steps/late/two.py": "",
    "steps/toy/__pycache__/work.cpython-313.pyc": "compiled",
    "steps/toy/inner/__pycache__/deep.cpython-313.pyc.140012": "half written",
}


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    for name, text in (TOY | UNRELATED).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def digest(root: Path) -> str:
    code_digest.cache_clear()
    return code_digest("steps.toy.work", root)


def test_imports_are_followed_at_any_depth(toy: Path) -> None:
    assert set(source_files("steps.toy.work", toy)) == set(TOY)


@pytest.mark.parametrize("name", [*TOY, "steps/toy/inner/new.py"])
def test_an_edit_of_what_the_step_runs_changes_the_digest(toy: Path, name: str) -> None:
    before = digest(toy)
    with (toy / name).open("a") as stream:
        stream.write("\n# edited\n")
    assert digest(toy) != before


@pytest.mark.parametrize("name", UNRELATED)
def test_an_edit_elsewhere_does_not(toy: Path, name: str) -> None:
    before = digest(toy)
    with (toy / name).open("a") as stream:
        stream.write("\n# edited\n")
    assert digest(toy) == before


def test_a_moved_file_changes_the_digest(toy: Path) -> None:
    before = digest(toy)
    (toy / "steps/toy/words.txt").rename(toy / "steps/toy/texts.txt")
    assert digest(toy) != before


@pytest.mark.parametrize("step", [*NAMES, *EXIT_NAMES])
def test_a_real_step_covers_its_package_and_no_other_stage(step: str) -> None:
    stages = {name for name in (*NAMES, *EXIT_NAMES) if name != step}
    found = source_files(f"steps.{step}.work")
    own = {path.relative_to(ROOT).as_posix() for path in (ROOT / "steps" / step).rglob("*.py")}
    assert own <= found.keys()
    assert "steps/contract/context.py" in found
    assert [name for name in found if name.split("/")[1] in stages] == []


def test_it_reads_what_python_imports() -> None:
    """Every module of the project that the work really loads is covered."""
    program = (
        "import sys, steps.render.work\n"
        "print(*(name for name in sys.modules if name.partition('.')[0] == 'steps'))"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    covered = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in source_files("steps.render.work")
    }
    assert set(asked.stdout.split()) - covered == set()


def test_the_cache_key_changes_with_the_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "steps" / "contract", tmp_path / "steps" / "contract")
    before = cache_key(ECHO, EchoParams(), [], "", ECHO.needs(EchoParams()))
    monkeypatch.setattr(
        "steps.contract.cache.code_digest", lambda work: code_digest(work, tmp_path)
    )
    code_digest.cache_clear()
    assert cache_key(ECHO, EchoParams(), [], "", ECHO.needs(EchoParams())) != before
