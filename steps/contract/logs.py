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

_SECRET_NAME = re.compile(r"secret|token|password|authorization|cookie|signature", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    r"://[^/\s@]+@"
    r"|(?P<name>[?&](?:X-Amz-[A-Za-z-]+|sig|signature|token|key)=|\bBearer )[^&\s\"']+"
)


def hidden(text: str) -> str:
    """The text with what looks like a credential blanked: parts of URLs, and bearer tokens."""
    return _SECRET_TEXT.sub(
        lambda found: f"{found['name']}***" if found["name"] else "://***@", text
    )


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank what looks like a credential: fields by their names, and text by its shape."""
    for name, value in event.items():
        event[name] = "***" if _SECRET_NAME.search(name) else _hide(value)
    return event


def _hide(value: object) -> object:
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, dict):
        return {
            name: "***" if _SECRET_NAME.search(str(name)) else _hide(item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_hide(item) for item in value]
    if isinstance(value, BaseException | os.PathLike):
        return hidden(str(value))
    return value


def configure(level: str = "info", **bound: Any) -> None:
    """Send all logs to stderr in the format of `$CLIPMILL_LOG`, with these fields on every line."""
    default = "console" if sys.stderr.isatty() else "json"
    console = os.environ.get(FORMAT_VARIABLE, default) == "console"
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console),
        structlog.processors.format_exc_info,  # a traceback can quote a secret too
        hide_secrets,
    ]
    last: Any = (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        if console
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, force=True)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**bound)
