"""What a step's command sets for its whole process, put back after each test."""

import signal
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def process_settings() -> Iterator[None]:
    """Log configuration, bound fields and the handler of SIGTERM."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
