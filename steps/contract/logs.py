"""Logs: structlog to stderr, readable on a terminal, one JSON object a line elsewhere."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from steps.contract.redaction import hidden, is_secret, printable

FORMAT_VARIABLE = "CLIPMILL_LOG"
NO_COLOR_VARIABLE = "NO_COLOR"
"""`console` or `json`; without it a terminal gets `console`."""


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank secrets, in fields by their names and in text by its shape; drop escape sequences."""
    for name, value in event.items():
        event[name] = "***" if is_secret(name) else _shown(value)
    return event


def _shown(value: object) -> object:
    if isinstance(value, str):
        return hidden(printable(value))
    if isinstance(value, dict):
        return {
            name: "***" if is_secret(str(name)) else _shown(item) for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_shown(item) for item in value]
    if isinstance(value, BaseException | os.PathLike):
        return hidden(printable(str(value)))
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
            colors=sys.stderr.isatty() and not os.environ.get(NO_COLOR_VARIABLE),
            exception_formatter=structlog.dev.plain_traceback,
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
