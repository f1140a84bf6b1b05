"""Fixtures for every test."""

from tests.media.fixtures import media, sample
from tests.servers import s3_environment, s3_server

__all__ = ["media", "s3_environment", "s3_server", "sample"]
