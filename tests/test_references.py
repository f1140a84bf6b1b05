from __future__ import annotations

import re

import pytest

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
