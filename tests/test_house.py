"""House rules that linters do not check, for every file."""

import ast
import json
import re
import statistics
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("steps", "pipelines", "tests")
LONGEST_FILE_LINES = 300
SHORT_FILE_LINES = 40
MOST_SHORT_FILES = 0.1
"""Share of the product's files that may be shorter than `SHORT_FILE_LINES`."""
MEDIAN_FILE_LINES = (100, 130)
VAGUE_NAMES = {
    "base", "common", "core", "helper", "helpers", "lib", "manager", "managers", "misc",
    "shared", "stuff", "tools", "util", "utils",
}  # fmt: skip
HEAVY_MODULES = (
    "av", "boto3", "botocore", "ctranslate2", "cv2", "faster_whisper", "hera", "httpx",
    "imageio_ffmpeg", "kubernetes", "mediapipe", "nudenet", "numpy", "onnxruntime", "scenedetect",
    "torch", "ultralytics", "vllm", "whisperx", "yt_dlp",
)  # fmt: skip
PATHS_OF_A_MACHINE = re.compile(r"(?<![\w.$}])/(?:(?:home|Users)/[a-z]\w*|root)/")
TEXT_SUFFIXES = {
    ".cfg", ".in", ".json", ".md", ".py", ".sh", ".tf", ".toml", ".txt", ".yaml", ".yml",
}  # fmt: skip


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file, parsed once for all rules."""
    return ast.parse(path.read_text())


def calls(path: Path, *words: str) -> list[ast.Call]:
    """The calls in a file whose text has one of the words: only such a file is parsed."""
    if not any(word in path.read_text() for word in words):
        return []
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def dotted(function: ast.expr) -> str:
    """The name of what is called, as `a.b`; empty where it is not so simple."""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def declared_stages() -> set[str]:
    """The packages of `steps` that declare a `STEP`."""
    return {
        path.parent.name
        for path in (ROOT / "steps").glob("*/__init__.py")
        if any(
            isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "STEP"
            for node in tree(path).body
        )
    }


def project_files() -> list[Path]:
    """What a checkout holds: git's list, untracked files that are not ignored included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return sorted(path for name in listed.stdout.split("\0") if (path := ROOT / name).is_file())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_the_limit() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in python_files(*CODE)}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE_LINES} == {}


def product_modules() -> dict[str, list[str]]:
    """The lines of each product file, without the declarations and name lists of packages."""
    return {
        name_of(path): path.read_text().splitlines()
        for path in python_files("steps", "pipelines")
        if path.name != "__init__.py"
    }


def test_few_files_are_short_and_the_median_is_near_a_page() -> None:
    """Code that is read together is kept in one file, and no file is long."""
    lengths = {name: len(lines) for name, lines in product_modules().items()}
    short = sorted(name for name, length in lengths.items() if length < SHORT_FILE_LINES)
    assert len(short) < MOST_SHORT_FILES * len(lengths), short
    least, most = MEDIAN_FILE_LINES
    assert least <= statistics.median(lengths.values()) <= most


def test_a_class_name_means_one_class() -> None:
    found: dict[str, list[str]] = {}
    for path in python_files("steps", "pipelines"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(f"{name_of(path)}:{node.lineno}")
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_no_module_has_a_vague_name() -> None:
    parts = {
        name_of(path): set(path.relative_to(ROOT).with_suffix("").parts)
        for path in python_files(*CODE)
    }
    assert [name for name, words in parts.items() if words & VAGUE_NAMES] == []


def test_no_step_prints() -> None:
    """Standard output belongs to the caller: steps log."""
    offenders = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("steps")
        for node in calls(path, "print")
        if dotted(node.func) == "print"
    ]
    assert offenders == []


def test_no_command_is_a_shell_string() -> None:
    shells = {"os.system", "os.popen", "subprocess.getoutput"}
    offenders = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*CODE)
        for node in calls(path, "shell", "system", "popen", "getoutput")
        if any(word.arg == "shell" for word in node.keywords) or dotted(node.func) in shells
    ]
    assert offenders == []


def test_no_file_names_the_machine_it_was_made_on() -> None:
    here = re.compile(re.escape(str(ROOT)) + r"\b") if len(ROOT.parts) > 2 else None
    offenders = []
    for path in project_files():
        if path.suffix not in TEXT_SUFFIXES and path.name not in {"Makefile", "Dockerfile", "run"}:
            continue
        text = path.read_text()
        if PATHS_OF_A_MACHINE.search(text) or (here and here.search(text)):
            offenders.append(name_of(path))
    assert offenders == []


@pytest.fixture(scope="module")
def loaded_by_declaration() -> dict[str, list[str]]:
    """The heavy modules that each stage's declaration pulls in, asked of a fresh interpreter."""
    program = (
        "import importlib, json, sys\n"
        "from steps import catalogue\n"
        f"heavy = {HEAVY_MODULES!r}\n"
        "found = {'catalogue': [name for name in heavy if name in sys.modules]}\n"
        "for stage in (*catalogue.NAMES, *catalogue.EXIT_NAMES):\n"
        "    before = set(sys.modules)\n"
        "    importlib.import_module(f'steps.{stage}')\n"
        "    found[stage] = [name for name in heavy if name in set(sys.modules) - before]\n"
        "print(json.dumps(found))\n"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    found: dict[str, list[str]] = json.loads(asked.stdout)
    return found


def test_declarations_import_nothing_heavy(loaded_by_declaration: dict[str, list[str]]) -> None:
    assert {stage: names for stage, names in loaded_by_declaration.items() if names} == {}


def test_the_catalogue_lists_every_stage() -> None:
    from steps import catalogue

    assert declared_stages() == {*catalogue.NAMES, *catalogue.EXIT_NAMES}


def locked(name: str) -> dict[str, str]:
    """The pinned version of each distribution in a lock file."""
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", "\n".join(lines), flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["setup.txt", "run.txt", "youtube.txt", "dev.txt"])
def test_locks_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    assert re.findall(r"https?:|file:|--(?:extra-)?index|--find-links| @ ", text) == []
    entries = re.split(r"\n(?=[\w.-]+==)", text)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_locks_agree_with_each_other() -> None:
    run, dev = locked("run.txt"), locked("dev.txt")
    assert {name for name in run if dev.get(name) != run[name]} == set()
    youtube = locked("youtube.txt")
    assert {name for name in run if youtube.get(name) != run[name]} == set()


def test_locks_hold_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[^\w.-]", line)[0].lower() for line in project["dependencies"]}
    assert names - set(locked("run.txt")) == set()


def test_a_test_of_an_engine_names_its_environment() -> None:
    """`make engines` finds files and tests by that name: a test without one would never run."""
    named = re.compile(r'\.engines\(environment=("\w+"|name)\)')
    unnamed = [
        f"{name_of(path)}: {line.strip()}"
        for path in python_files("tests")
        if path.name.startswith("test_") and path != Path(__file__)
        for line in path.read_text().splitlines()
        if "pytest.mark.engines" in line and not named.search(line)
    ]
    assert unnamed == []
