"""The server of a language model: busy, silent, absent, private, and who gets the key."""

from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from steps.contract import Context
from steps.highlight import STEP, HighlightParams
from steps.highlight.engines import named, openai, vllm
from steps.highlight.engines import server as server_module
from tests.servers import LOOPBACK, free_ports
from tests.steps.highlight.llm_server import LlmServer, highlight, honest


def test_a_server_that_is_busy_for_a_moment_is_asked_again(
    server: LlmServer, tmp_path: Path
) -> None:
    busy = iter([(503, b""), (429, b"")])
    server.answer = lambda body: next(busy, None) or honest(body)
    assert highlight(tmp_path, f"--llm-url={server.address}").degradations == ()


def test_a_server_that_never_answers_is_left(
    server: LlmServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "ANSWER_S", 0.2)
    with socket.create_server((LOOPBACK, 0)) as silent:
        number = silent.getsockname()[1]
        monkeypatch.setattr(server_module, "LIST_S", 0.2)
        receipt = highlight(tmp_path, f"--llm-url=http://{LOOPBACK}:{number}")
    (degradation,) = receipt.degradations
    assert "does not answer" in degradation.message
    assert [one.name for one in receipt.engines if one.param == "chooser"] == ["scorer"]


def test_a_named_server_that_is_not_there_fails_with_the_remedy(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    receipt = highlight(
        tmp_path, "--chooser=openai", f"--llm-url=http://{LOOPBACK}:{port}", code=80
    )
    assert receipt.failure is not None
    assert "start the server, or check --llm-url" in receipt.failure.message


def test_no_server_is_named(tmp_path: Path) -> None:
    receipt = highlight(tmp_path, "--chooser=openai", code=80)
    assert receipt.failure is not None
    assert "give --llm-url, or set CLIPMILL_LLM_URL" in receipt.failure.message


@pytest.mark.parametrize(
    ("models", "wanted", "reason"),
    [
        (["a", "b"], "", "has 2 models: choose by --llm-model (a, b)"),
        (["a"], "c", "has no model 'c': it has a"),
        ([], "", "has 0 models"),
    ],
)
def test_a_model_that_the_server_lacks(
    models: list[str], wanted: str, reason: str, server: LlmServer, tmp_path: Path
) -> None:
    server.models = models
    receipt = highlight(
        tmp_path, "--chooser=openai", f"--llm-url={server.address}", f"--llm-model={wanted}",
        code=80,
    )  # fmt: skip
    assert receipt.failure is not None
    assert reason in receipt.failure.message


def test_a_wrong_key_is_named(server: LlmServer, tmp_path: Path) -> None:
    server.listing = (401, {"error": {"message": "bad key"}})
    receipt = highlight(tmp_path, "--chooser=openai", f"--llm-url={server.address}", code=80)
    assert receipt.failure is not None
    assert "401 Unauthorized" in receipt.failure.message
    assert "CLIPMILL_LLM_KEY" in receipt.failure.message


def test_the_cluster_s_metadata_and_neighbours_are_refused(tmp_path: Path) -> None:
    for url in ("http://10.1.2.3:8000/v1", "http://169.254.169.254", "ftp://x", "https://"):
        receipt = highlight(tmp_path, "--chooser=openai", f"--llm-url={url}", code=80)
        assert receipt.failure is not None
        assert "--llm-url" in receipt.failure.message


@pytest.mark.parametrize(
    ("param", "environment", "key", "private"),
    [
        ("", "http://vllm:8000", "secret", True),
        ("http://vllm:8000", "http://vllm:8000", "secret", True),
        ("http://localhost:11434", "", "secret", True),
        ("http://[::1]:1", "", "secret", True),
        ("https://llm.example", "", "secret", False),
        ("https://llm.example", "http://vllm:8000", "", False),
        ("http://localhost:11434", "http://vllm:8000", "", True),
        ("http://localhost.example", "", "secret", False),
    ],
)
def test_who_may_be_private_and_who_gets_the_key(
    param: str, environment: str, key: str, private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, Any]] = []

    def served(url: str, model: str, **rules: Any) -> None:
        made.append({"url": url, "model": model, **rules})

    monkeypatch.setattr(openai, "ServedModel", served)
    monkeypatch.setattr(openai, "asking", lambda *_: None)
    monkeypatch.setenv("CLIPMILL_LLM_KEY", "secret")
    monkeypatch.setenv("CLIPMILL_LLM_MODEL", "theirs")
    if environment:
        monkeypatch.setenv("CLIPMILL_LLM_URL", environment)
    params = HighlightParams.parse({"llm_url": param})
    openai.openai(Context(STEP, params, Path(), Path(), Path()))
    (rules,) = made
    assert rules["url"] == (param or environment)
    assert (rules["key"], rules["allow_private"], rules["model"]) == (key, private, "theirs")


def test_the_key_is_sent_and_never_shown(
    server: LlmServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIPMILL_LLM_URL", server.address.removesuffix("/v1"))
    monkeypatch.setenv("CLIPMILL_LLM_KEY", "sk-hush")
    highlight(tmp_path)
    assert {one["Authorization"] for one in server.headers} == {"Bearer sk-hush"}
    assert not [path for path in tmp_path.rglob("*.json") if b"sk-hush" in path.read_bytes()]


@pytest.mark.parametrize(
    ("params", "mark"),
    [
        ({}, ""),
        ({"chooser": "scorer", "llm_url": "http://x"}, ""),
        ({"answers": "a.jsonl", "llm_url": "http://x"}, ""),
        ({"llm_url": "http://x"}, None),
        ({"llm_url": "http://x", "llm_model": "m"}, "m"),
        ({"chooser": "openai"}, None),
    ],
)
def test_a_model_that_only_the_server_knows_is_not_cached(
    params: dict[str, str], mark: str | None
) -> None:
    assert named.fingerprint(HighlightParams.parse(params)) == mark


def test_vllm_that_is_not_installed_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steps.contract.engines.installed_version", lambda _: None)
    receipt = highlight(tmp_path, "--chooser=vllm", code=80)
    assert receipt.failure is not None
    assert "clipmill engines install vllm" in receipt.failure.message


@pytest.mark.parametrize(
    ("found", "capability", "expected"),
    [(False, (7, 5), "float32"), (True, (7, 5), "half"), (True, (8, 6), "auto")],
)
def test_a_machine_without_bfloat16_computes_in_another_format(
    found: bool, capability: tuple[int, int], expected: str
) -> None:
    cuda = SimpleNamespace(is_available=lambda: found, get_device_capability=lambda: capability)
    assert vllm.number_format(SimpleNamespace(cuda=cuda)) == expected
