"""Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from steps.contract.errors import BadInput

PREFIX = "whsec_"
VERSION = "v1"
SHORTEST_KEY_BYTES = 24
LONGEST_KEY_BYTES = 64


def parse_secrets(text: str) -> tuple[bytes, ...]:
    """The keys in a text of `whsec_` secrets, separated by white space.

    While a new secret replaces an old one there are two, and each message is signed with both.

    Raises:
        BadInput: a secret is not `whsec_` and base64, or its key does not have 24 to 64 bytes.
    """
    return tuple(_key(secret) for secret in text.split())


def signature(keys: tuple[bytes, ...], message_id: str, timestamp_s: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature per key, separated by spaces."""
    signed = f"{message_id}.{timestamp_s}.".encode() + body
    digests = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    return " ".join(f"{VERSION},{base64.b64encode(digest).decode()}" for digest in digests)


def headers(
    keys: tuple[bytes, ...], message_id: str, timestamp_s: int, body: bytes
) -> dict[str, str]:
    """The three headers of a signed message."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": signature(keys, message_id, timestamp_s, body),
    }


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise BadInput("a webhook secret is not base64: make one as whsec_BASE64") from error
    if not SHORTEST_KEY_BYTES <= len(key) <= LONGEST_KEY_BYTES:
        raise BadInput(
            f"a webhook secret has {len(key)} bytes: "
            f"use {SHORTEST_KEY_BYTES} to {LONGEST_KEY_BYTES} random ones"
        )
    return key
