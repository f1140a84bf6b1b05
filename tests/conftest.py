"""Fixtures, hooks and settings for every test."""

import gc
import os
import signal

from hypothesis import settings

from steps.startup import GC_THRESHOLD
from tests.comparisons import pytest_terminal_summary
from tests.isolation import process_settings
from tests.longest_first import pytest_collection_modifyitems
from tests.media.fixtures import media, sample, talk_opening, talk_start
from tests.servers import s3_environment, s3_server

__all__ = [
    "media",
    "process_settings",
    "pytest_collection_modifyitems",
    "pytest_terminal_summary",
    "s3_environment",
    "s3_server",
    "sample",
    "talk_opening",
    "talk_start",
]

# A busy machine fails no test: no example has a deadline. CI runs the same examples each time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# Collection makes many objects that stay: looking through them for garbage again and again took a
# seventh of its time.
gc.set_threshold(GC_THRESHOLD)


def pytest_collection_finish() -> None:
    """Leave what the collection made out of every search for garbage."""
    gc.freeze()


# A shell's background jobs ignore Ctrl-C, and so would every process that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
