"""Each clipmill command on the pages can be typed as it stands, and does what it can do here."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli.command import NAMES
from pipelines.cli.door import parser_of
from steps.model.answers import Answers, Asked
from steps.model.weights import MONTSERRAT
from tests.pipelines.clipmill import Said
from tests.pipelines.conftest import TalkJob

ROOT = Path(__file__).parents[2]
GENERATED = ("cli.md", "steps.md")
"""Their usage lines come from the parsers themselves."""
PAGES = [
    ROOT / "README.md",
    *(one for one in sorted((ROOT / "docs").glob("*.md")) if one.name not in GENERATED),
]

PLACES = {"JOB": "jobs/talk", "jobs/ID": "jobs/talk"}
"""What the pages write for a job."""
HERE = {
    "run": ("--dry-run",),
    "styles": (),
    "models list": (),
    "models": (),
    "engines": (),
    "doctor": (),
    "verify": (),
    "report": (),
    "explain": (),
    "cost": (),
    "edits": (),
}
"""Commands that need no cluster and no download, by their first words, with what they get too.
tests/e2e has the others of a cluster, tests/pipelines/models and `make engines` what is fetched."""


def commands(text: str) -> list[list[str]]:
    """The words of each command in code blocks and in lines of code within a sentence."""
    text = text.replace("\\\n", " ")
    lines = re.findall(r"^\s*(clipmill [a-z].*)$", text, re.MULTILINE)
    lines += [one.replace("\n", " ") for one in re.findall(r"`(clipmill [a-z][^`]*)`", text)]
    found = [
        shlex.split(re.sub(r" >.*", "", line), comments=True) for line in lines if "`" not in line
    ]
    return [words[1:] for words in found if words[1] in NAMES and _is_typed(words)]


def _is_typed(words: list[str]) -> bool:
    """Whether it is a command with what it needs, and no mention of one by its name."""
    return len(words) > 2 or words[1] in ("doctor", "models", "styles", "engines", "list")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_are_accepted(page: Path) -> None:
    for name, *rest in commands(page.read_text(encoding="utf-8")):
        parser_of(name).parse_args(rest)


def test_commands_are_found() -> None:
    found = [one for page in PAGES for one in commands(page.read_text(encoding="utf-8"))]
    assert len(found) > 40
    assert ["run", "talk.mp4", "--chooser", "vllm"] in [one[:4] for one in found]


@pytest.fixture
def home(tmp_path: Path, talk_start: Path, talk_job: TalkJob, called: Callable[..., Said]) -> Path:
    """A folder with the files that the pages speak of."""
    shutil.copytree(talk_job.folder, tmp_path / "jobs" / "talk")
    recording = Answers(asked=Asked(engine="vllm", model="small"), prompts="0" * 64, answers=())
    (tmp_path / "jobs" / "talk" / "answers.jsonl").write_bytes(recording.canonical_bytes())
    model = tmp_path / "models" / "Qwen3-4B-AWQ"
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    shutil.copy(talk_start, tmp_path / "talk.mp4")
    shutil.copy(tmp_path / "jobs/talk/clips/clip_01.jpg", tmp_path / "still.jpg")
    shutil.copy(MONTSERRAT.locate(), tmp_path / "Mine.ttf")
    (tmp_path / "mine.toml").write_text(called("styles", "show", "neon").out)
    return tmp_path


def kind_of(words: list[str]) -> str:
    """The key in HERE of a command; empty where it is not tried here."""
    if any(word.startswith(("s3://", "--cluster")) for word in words):
        return ""
    kind = " ".join(words[:2]) if words[0] in ("models", "engines") else words[0]
    return kind if kind in HERE else ""


@pytest.mark.slow
def test_the_commands_of_the_pages_work(home: Path, called: Callable[..., Said]) -> None:
    done = set()
    for page in PAGES:
        for words in commands(page.read_text(encoding="utf-8")):
            if not (kind := kind_of(words)):
                continue
            typed = [PLACES.get(word, word).replace("~", str(home)) for word in words]
            said = called(*typed, *HERE[kind])
            assert said.code == 0, (page.name, words, said.err)
            done.add(kind)
    assert done == set(HERE)
    assert (home / "jobs/talk/report.html").is_file()
