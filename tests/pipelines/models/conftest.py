"""A hub on loopback for the real client, a model folder, and models of a list of our own."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from steps.contract import Weights, WeightsFile
from steps.contract.weights import WEIGHTS_DIR_VARIABLE
from steps.model import weights
from tests.pipelines.models.hub_server import Hub, hub_server

LARGE = bytes(range(256)) * 400
SHA256 = hashlib.sha256(LARGE).hexdigest()
REPOSITORY = "someone/net"


@pytest.fixture(scope="session")
def running() -> Iterator[Hub]:
    with hub_server() as hub:
        yield hub


@pytest.fixture
def hub(running: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The hub with one repository, without faults."""
    running.__init__(running.url)  # type: ignore[misc]
    running.files[REPOSITORY] = {
        "config.json": b"{}",
        "model.bin": LARGE,
        "README.md": b"# net",
        ".gitattributes": b"",
    }
    template = f"{running.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "ENDPOINT", running.url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1024)  # what a broken download keeps
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model folder, which does not exist yet."""
    monkeypatch.setenv(WEIGHTS_DIR_VARIABLE, str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Weights]:
    """The list of models, to which a test may add."""
    models = {
        "net": Weights(
            name="net",
            about="a net",
            use="detect: for this test",
            licence="MIT",
            repository=REPOSITORY,
            include=("*.json", "*.bin"),
        ),
        "pinned": Weights(
            name="pinned",
            use="transcribe: for this test",
            repository=REPOSITORY,
            files=(WeightsFile(path="model.bin", sha256=SHA256, size_bytes=len(LARGE)),),
        ),
        "by-hand": Weights(
            name="by-hand",
            home="https://example.org/net",
            files=(WeightsFile(path="net.onnx", sha256=SHA256),),
        ),
    }
    for name, model in models.items():
        monkeypatch.setitem(weights.MODELS, name, model)
    return weights.MODELS
