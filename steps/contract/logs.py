"""Logs: structlog to stderr, readable on a terminal, one JSON object a line elsewhere."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any, TextIO

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


def wants_console() -> bool:
    """Whether lines on stderr are for people: `$CLIPMILL_LOG` says so, or it is a terminal."""
    default = "console" if sys.stderr.isatty() else "json"
    return os.environ.get(FORMAT_VARIABLE, default) == "console"


def configure(level: str = "info", **bound: Any) -> None:
    """Send all logs to stderr in the format of `$CLIPMILL_LOG`, with these fields on every line."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=_processors(console=wants_console()),
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, force=True)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**bound)


def logger_to(stream: TextIO, *, console: bool, **bound: Any) -> Any:
    """A logger that writes to a stream as a step does to stderr, with these fields on every line.

    Args:
        stream: where the lines go.
        console: whether they are for people, else JSON.
        bound: the fields.
    """
    return structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=_processors(console=console),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        **bound,
    )


def _processors(*, console: bool) -> list[Any]:
    """What makes a line of an event, in order."""
    last: Any = (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty() and not os.environ.get(NO_COLOR_VARIABLE),
            exception_formatter=structlog.dev.plain_traceback,
        )
        if console
        else structlog.processors.JSONRenderer()
    )
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console),
        structlog.processors.format_exc_info,  # a traceback can quote a secret too
        hide_secrets,
        last,
    ]
