from __future__ import annotations

import re

import pytest

from steps.contract.errors import INTERRUPTED_EXIT_CODE, LEAVES, StepError
from steps.download.sites import unknown_site
from tests.references import FOLDER, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_generated_docs_are_fresh(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run: make golden"


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{path.name}" for path in FOLDER.glob("*.md"))]
)
def test_links_lead_somewhere(page: str) -> None:
    path = FOLDER.parent / page
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_readme_is_short() -> None:
    assert len((FOLDER.parent / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_every_exit_code_has_advice() -> None:
    text = (FOLDER / "troubleshooting.md").read_text(encoding="utf-8")
    codes = sorted({StepError.exit_code, INTERRUPTED_EXIT_CODE, *(one.exit_code for one in LEAVES)})
    assert [int(code) for code in re.findall(r"^## (\d+): ", text, re.MULTILINE)] == codes
    assert text.count("\nWhat: ") == text.count("\nDo: ") == len(codes)


def test_advice_names_options_that_there_are() -> None:
    text = (FOLDER / "troubleshooting.md").read_text(encoding="utf-8")
    known = PAGES["cli.md"]()
    assert [flag for flag in re.findall(r"`(--[a-z-]+)", text) if flag not in known] == []


def test_limits_that_can_be_raised_are_those_that_messages_name() -> None:
    text = (FOLDER / "troubleshooting.md").read_text(encoding="utf-8")
    advice = text.partition("raise the limit that the line names (")[2].partition(")")[0]
    code = "".join(
        path.read_text("utf-8") for path in (FOLDER.parent / "steps/download").glob("*.py")
    )
    assert set(re.findall(r"--[a-z-]+", advice)) == set(re.findall(r"raise (--[a-z-]+)", code))


def test_the_sites_are_those_that_the_refusal_names() -> None:
    text = (FOLDER / "sources.md").read_text(encoding="utf-8")
    named = str(unknown_site("here")).partition("(")[2].partition("...")[0]
    assert "YouTube, " in named
    assert named in text
