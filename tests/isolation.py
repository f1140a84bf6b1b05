"""Restores, after each test, what a step's command sets for its whole process."""

import signal
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def process_settings() -> Iterator[None]:
    """Restore the log configuration, bound fields and the handler of SIGTERM."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
