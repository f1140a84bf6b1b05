"""docs/adding-a-step.md, followed to the letter in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from steps.model import artifacts
from steps.model.clips import Clips

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "adding-a-step.md"
COPIED = ("steps", "pipelines", "charts", "docs/cli.md", "docs/steps.md", "pyproject.toml")
WRITERS = (
    "__init__.py",
    "bench",
    "engines_page.py",
    "references.py",
    "step_lists.py",
    "styles_page.py",
)
CONTRACT = "Imports go down only, and stages never import each other"
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


class Project:
    """A copy of the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (*COPIED, *(f"tests/{name}" for name in WRITERS)):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, place)

    def run(self, *argv: object) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        words = [str(word) for word in argv]
        return subprocess.run(
            words, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def python(self, *argv: object) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", *argv)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def list_the_step(self) -> None:
        text = self.read("steps/catalogue.py")
        self.write("steps/catalogue.py", text.replace('    "cut",\n', '    "count",\n    "cut",\n'))

    def generate(self) -> None:
        """What `make golden` runs, as far as a step without documents needs it."""
        for argv in (
            ("tests.step_lists",),
            ("tests.references",),
            ("pipelines", "render", "--out", "charts/clipmill/files"),
        ):
            done = self.python(*argv)
            assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The two files of the page, and the entry in the catalogue."""
    project = Project(tmp_path_factory.mktemp("project"))
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    declaration, work = (re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in blocks)
    project.write("steps/count/__init__.py", declaration)
    project.write("steps/count/work.py", work)
    project.list_the_step()
    return project


@pytest.fixture(scope="module")
def layers_before(declared: Project) -> str:
    """What lint-imports says before anything is generated."""
    done = declared.run(LINT_IMPORTS, "--no-cache")
    assert done.returncode == 1
    return done.stdout


@pytest.fixture(scope="module")
def project(declared: Project, layers_before: str) -> Project:
    """The copy with a new step in it, all steps of the page taken."""
    assert layers_before
    declared.generate()
    return declared


def test_a_stage_without_a_layer_fails(layers_before: str) -> None:
    assert f"{CONTRACT} BROKEN" in layers_before
    assert "steps.count" in layers_before


def test_lint_is_clean(project: Project) -> None:
    done = project.python("pipelines", "lint")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_template_runs_it(project: Project) -> None:
    text = project.read("charts/clipmill/files/clipmill.yaml")
    spec = yaml.load(text, yaml.CSafeLoader)["spec"]
    main, *templates = spec["templates"]
    waits = {task["name"]: task.get("depends", "") for task in main["dag"]["tasks"]}
    assert waits["count"] == "highlight.Succeeded"
    assert "count.Succeeded" in waits["publish"]
    (mine,) = (item for item in templates if item["name"] == "count")
    keys = [item["s3"]["key"].rpartition("/")[2] for item in mine["outputs"]["artifacts"]]
    assert keys == ["count.txt", "count.json", "count.json"]


def test_every_list_of_steps_has_it(project: Project) -> None:
    assert "## count\n" in project.read("docs/steps.md")
    assert '"count": {' in project.read("charts/clipmill/values.schema.json")
    assert " | count | cut | " in project.read("pyproject.toml")


def test_it_runs_on_this_machine(project: Project, tmp_path: Path) -> None:
    plan = Clips(asked=3, method="scorer", reason="nothing was said", clips=())
    (tmp_path / artifacts.PLAN.path).write_bytes(plan.canonical_bytes())
    done = project.python("steps", "count", "--in", tmp_path, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "count.txt").read_text() == "0\n"
    assert (tmp_path / "receipts" / "count.json").is_file()


def test_it_may_not_import_another_stage(project: Project) -> None:
    work = project.read("steps/count/work.py")
    project.write("steps/count/work.py", f"{work}\nfrom steps.cut import CutParams  # noqa\n")
    done = project.run(LINT_IMPORTS, "--no-cache")
    project.write("steps/count/work.py", work)
    assert done.returncode == 1
    assert "steps.count is not allowed to import steps.cut" in done.stdout
    assert f"{CONTRACT} KEPT" in project.run(LINT_IMPORTS, "--no-cache").stdout


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ("steps/count", "the package steps/count is missing"),
        ("steps/count/__init__.py", "steps/count/__init__.py declares no STEP 'count'"),
        ("steps/count/work.py", "count: there is no module steps.count.work"),
    ],
)
def test_a_missing_part_is_reported(project: Project, missing: str, line: str) -> None:
    path, aside = project.folder / missing, project.folder / "aside"
    shutil.move(path, aside)
    done = project.python("pipelines", "lint")
    shutil.move(aside, path)
    assert done.returncode == 84
    assert f"{line}: see docs/adding-a-step.md" in done.stderr
