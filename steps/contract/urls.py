"""Web addresses: whether they have a host, and how to show them without their secrets."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from steps.contract.errors import BadInput
from steps.contract.redaction import hidden, is_signature

_WEB = re.compile(r"https?://", re.IGNORECASE)


def is_web(text: str) -> bool:
    """Whether a text begins as an http(s) address."""
    return bool(_WEB.match(text))


def without_signature(url: str) -> str:
    """The URL without what changes each time that it is signed, and without a password."""
    parts = urlsplit(url)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not is_signature(name)
    ]
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query=urlencode(kept), fragment="").geturl()


def shown(source: str) -> str:
    """A source as others may see it: of a web address neither password nor signature."""
    if not is_web(source):
        return source
    try:
        return hidden(without_signature(source))
    except ValueError:  # no address after all
        return hidden(source)


def checked_url(text: str) -> str:
    """The address, when it is valid and has a host.

    Raises:
        BadInput: it is not, or has none.
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadInput(f"the address is not valid ({error}): check it") from error
    if not host:
        raise BadInput("the address has no host: check it")
    return text
