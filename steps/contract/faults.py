"""What pydantic finds wrong with a value, in plain words."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "missing",
    "extra_forbidden": "not known here",
    "string_unicode": "not UTF-8",
    "string_type": "{input!r} is not text",
    "string_too_short": "{input!r} is too short: at least {min_length} characters",
    "string_too_long": "too long: at most {max_length} characters",
    "greater_than_equal": "{input} is too small: at least {ge}",
    "greater_than": "{input} is too small: more than {gt}",
    "less_than_equal": "{input} is too large: at most {le}",
    "less_than": "{input} is too large: less than {lt}",
    "int_type": "{input!r} is not a whole number",
    "int_parsing": "{input!r} is not a whole number",
    "int_from_float": "{input!r} is not a whole number",
    "float_type": "{input!r} is not a number",
    "float_parsing": "{input!r} is not a number",
    "bool_type": "{input!r} is not true or false",
    "bool_parsing": "{input!r} is not true or false",
    "literal_error": "{input!r} is not {expected}",
    "too_short": "too few: {actual_length} of at least {min_length}",
    "too_long": "too many: at most {max_length}",
}
"""By pydantic's type of the error; the names are the value's and those of the error's context."""


def in_words(fault: ErrorDetails) -> str:
    """What is wrong, to follow the name of the field: `0 is too small: at least 1`."""
    words = _WORDS.get(fault["type"])
    if words is None:
        return fault["msg"].removeprefix("Value error, ")
    return words.format_map({**fault.get("ctx", {}), "input": fault["input"]})
