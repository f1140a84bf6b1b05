"""Logs: structlog to stderr, readable on a terminal, one JSON object a line elsewhere."""

from __future__ import annotations

import logging
import os
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

FORMAT_VARIABLE = "CLIPMILL_LOG"
"""`console` or `json`; without it a terminal gets `console`."""

_SECRET_NAME = re.compile(
    r"secret|token|password|authorization|cookie|signature", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    r"(?P<keep>://)[^/\s@]+@|(?P<name>[?&](?:X-Amz-[A-Za-z-]+|sig|signature|token|key)=)[^&\s]+"
)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank what looks like a credential: fields by name, and parts of URLs by shape."""
    for name, value in event.items():
        if _SECRET_NAME.search(name):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = _SECRET_TEXT.sub(
                lambda found: f"{found['name']}***" if found["name"] else "://***@",
                value,
            )
    return event


def configure(level: str = "info", **bound: Any) -> None:
    """Send all logs to stderr in the format of `$CLIPMILL_LOG`, with these fields on every line."""
    default = "console" if sys.stderr.isatty() else "json"
    console = os.environ.get(FORMAT_VARIABLE, default) == "console"
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(
            fmt="%H:%M:%S" if console else "iso", utc=not console
        ),
        hide_secrets,
    ]
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, force=True)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**bound)
