"""Fixtures for every test."""

from tests.isolation import process_settings
from tests.media.fixtures import media, sample
from tests.servers import s3_environment, s3_server

__all__ = ["media", "process_settings", "s3_environment", "s3_server", "sample"]
