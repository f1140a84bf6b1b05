"""What must not be shown: secrets in text and addresses, and characters that fool a terminal.

This is the only list of what is secret. Logs, receipts, errors and shown addresses use it.
"""

from __future__ import annotations

import re

_WORDS = (
    r"secret|token(?!s)|passw(?:or)?d|passphrase|pwd|authorization|cookie|signature|credential"
    r"|api[-_]?key|access[-_]?key|private[-_]?key|session[-_]?id|(?<![a-z])auth(?![a-z])"
)
"""A name that contains one of these holds a secret, wherever it is found."""

_SIGNED = rf"[\w.-]*(?:{_WORDS})[\w.-]*|X-(?:Amz|Goog)-[\w-]+|sig|jwt|policy"
_PARAMETERS = rf"{_SIGNED}|key|code"
"""Names of query parameters that hold a secret; `key` and `code` are harmless elsewhere."""

_SECRET_NAME = re.compile(_WORDS, re.IGNORECASE)
_SIGNATURE = re.compile(
    rf"(?:{_SIGNED}|Expires|AWSAccessKeyId|Key-Pair-Id|s[etpvrk])", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    # user:password@ of an address, up to its last @, and a password that holds a slash
    r"(?P<account>://)(?:[^/?#\s\"']*@|[^/:@\s]+:(?!\d*(?:[/?#\s]|$))[^\s\"']*@)"
    # name=value in a query or a fragment, percent-encoded too, and of a telling name anywhere
    rf"|(?P<name>(?:(?:[?&#;]|%3F|%26)(?:{_PARAMETERS})|(?<![\w.-])[\w.-]*(?:{_WORDS})[\w.-]*)"
    r"(?:=|%3D))(?:(?!%26)[^&;#\s\"'])+"
    # a header, a JSON field
    r"|(?P<header>\bBearer\s+|\b(?:Set-)?Cookie:\s*|\bAuthorization:\s*(?!Bearer\b)(?:\w+\s+)?)"
    r"[^\s\"',]+"
    rf"|(?P<field>[\"'][\w.-]*(?:{_WORDS})[\w.-]*[\"']\s*:\s*[\"'])[^\"']+",
    re.IGNORECASE,
)
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # titles, links, device strings
    r"|\x1b[ -/]*[0-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]",
    re.DOTALL,
)
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Control characters but white space, and those that change the direction of writing."""

_POINTER = re.compile(r" (?:@|at) 0x[0-9a-fA-F]{4,16}\b")


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    return bool(_SECRET_NAME.search(name))


def is_signature(name: str) -> bool:
    """Whether a query parameter opens an address or changes each time that it is signed."""
    return bool(_SIGNATURE.fullmatch(name))


def hidden(text: str) -> str:
    """The text with `***` in place of each secret that it seems to hold."""
    return _SECRET_TEXT.sub(_blank, text)


def printable(text: str) -> str:
    """The text without escape sequences, control characters and lone surrogates.

    White space stays, line ends included.
    """
    return _INVISIBLE.sub("", _ESCAPES.sub("", text)).encode(errors="replace").decode()


def one_line(text: str, limit: int = 400) -> str:
    """The text as one line that is safe to show: printable, without secrets, at most `limit` long.

    Every run of white space becomes one space. Addresses of memory (`[mov @ 0x55d0c8]`), which
    differ from run to run, are left out.
    """
    line = " ".join(hidden(_POINTER.sub("", printable(text))).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _blank(found: re.Match[str]) -> str:
    if found["account"]:
        return "://***@"
    return f"{found['name'] or found['header'] or found['field']}***"
