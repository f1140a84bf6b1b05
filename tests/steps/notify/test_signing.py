"""Signatures, against the reference vector of Standard Webhooks."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.errors import BadInput
from steps.notify.signing import headers, parse_secrets, signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIME_S = 1614265330
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_reference_vector() -> None:
    assert signature(parse_secrets(SECRET), ID, TIME_S, BODY) == SIGNED


def test_the_prefix_is_optional() -> None:
    assert parse_secrets(SECRET.removeprefix("whsec_")) == parse_secrets(SECRET)


def test_two_secrets_give_two_signatures_of_which_either_holds() -> None:
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    both = signature(parse_secrets(f"{other}\n{SECRET} "), ID, TIME_S, BODY).split()
    assert len(both) == 2
    assert both[1] == SIGNED


@given(st.binary(min_size=24, max_size=64), st.binary(), st.integers(0, 2**33))
def test_a_receiver_can_check_it(key: bytes, body: bytes, time_s: int) -> None:
    sent = headers(parse_secrets("whsec_" + base64.b64encode(key).decode()), ID, time_s, body)
    content = b".".join([sent["webhook-id"].encode(), sent["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert sent["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("whsec_***", "not base64"),
        ("whsec_" + base64.b64encode(b"short").decode(), "5 bytes"),
        ("whsec_" + base64.b64encode(b"x" * 65).decode(), "65 bytes"),
    ],
)
def test_a_bad_secret_is_named_and_not_shown(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as raised:
        parse_secrets(text)
    assert text.removeprefix("whsec_") not in str(raised.value)


def test_no_secret_is_no_key() -> None:
    assert parse_secrets(" ") == ()
