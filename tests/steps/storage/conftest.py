"""`store`: an empty store of each backend in turn."""

import secrets
from pathlib import Path

import pytest

from steps.storage import Store, open_store

BACKENDS = ("memory", "file", "s3")


def new_uri(backend: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """A URI of that backend under which there is nothing."""
    name = secrets.token_hex(4)
    if backend == "s3":
        server = request.getfixturevalue("s3_environment")
        return f"s3://{server.bucket}/{name}/deeper"
    return f"memory://{name}/deeper" if backend == "memory" else str(folder / name)


@pytest.fixture(params=BACKENDS)
def store_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return new_uri(request.param, tmp_path, request)


@pytest.fixture
def store(store_uri: str) -> Store:
    return open_store(store_uri)
