from __future__ import annotations

import pytest

from tests.references import FOLDER, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_generated_docs_are_fresh(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run: make golden"
