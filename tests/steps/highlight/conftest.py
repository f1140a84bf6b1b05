"""Fixtures of tests that ask a language model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from steps.highlight.engines import server as server_module
from steps.storage.addresses import ALLOW_VARIABLE
from tests.steps.highlight.llm_server import LlmServer, llm_server


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with llm_server() as found:
        yield found


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "PAUSE_S", 0.0)
    for name in ("URL", "KEY", "MODEL", "WAIT_S"):
        monkeypatch.delenv(f"CLIPMILL_LLM_{name}", raising=False)
    monkeypatch.delenv(ALLOW_VARIABLE, raising=False)
