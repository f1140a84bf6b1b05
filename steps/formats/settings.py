"""Settings that a user writes as TOML or JSON, and what a wrong name may mean. Pure."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from steps.contract.errors import BadInput, one_line
from steps.formats.encodings import by_mark


def settings_text(data: bytes) -> str:
    """The text of a file: UTF-8, or what its byte order mark says, as editors of Windows write."""
    marked = by_mark(data)
    return data.decode(errors="replace") if marked is None else marked


def read_settings(text: str, what: str) -> dict[str, Any]:
    """The fields of a JSON object, which begins with a brace, or of TOML.

    Raises:
        BadInput: the text is neither; the line begins with `what`, such as "the style".
    """
    try:
        if text.lstrip().startswith("{"):
            found: dict[str, Any] = json.loads(text)
            return found
        return tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{what} is not valid JSON: {error.msg} at character {error.pos}: correct it"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(one_line(f"{what} is not valid TOML: {error}: correct it")) from error
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{what} cannot be read: a number is too long or lists are too deep: correct it"
        ) from error


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that a wrong one may have meant, or empty."""
    return next(iter(get_close_matches(name, list(known), 1, 0.5)), "")
