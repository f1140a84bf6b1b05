"""Every wait of the one HTTP client has an end, and its connections go to checked addresses."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from steps.contract.errors import BadInput, Refused
from steps.storage.addresses import ALLOW_VARIABLE
from steps.storage.http import checked_address, client, status_text
from tests.steps.notify.receiver import misbehaving

Answer = Callable[[threading.Event], Iterator[bytes]]


@pytest.fixture(autouse=True)
def _loopback_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, "1")


def silent(over: threading.Event) -> Iterator[bytes]:
    over.wait(60)
    yield b""


def early_hints(over: threading.Event) -> Iterator[bytes]:
    """Answers 103 without end."""
    while not over.wait(0.01):
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


def dripping_headers(over: threading.Event) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    while not over.wait(0.02):
        yield b"a: b\r\n"


def dripping_body(over: threading.Event) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while not over.wait(0.02):
        yield b"x"


@pytest.mark.parametrize("answer", [silent, early_hints, dripping_headers, dripping_body])
def test_an_exchange_without_end_is_ended(answer: Answer) -> None:
    over = threading.Event()
    with misbehaving(answer(over)) as address:
        with (
            client(0.5) as web,
            pytest.raises(httpx.TransportError, match=r"no complete answer within 0\.5 s"),
        ):
            web.get(address)
        over.set()


def test_silence_ends_before_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steps.storage.http.SILENCE_S", 0.2)
    over = threading.Event()
    with misbehaving(silent(over)) as address:
        with client(3600) as web, pytest.raises(httpx.ReadTimeout, match=r"silent for 0\.2 s"):
            web.get(address)
        over.set()


def test_a_body_may_take_longer_than_the_headers() -> None:
    body = (b"x" for _ in itertools.repeat(None, 30) if not time.sleep(0.05))
    parts = itertools.chain([b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n"], body)
    with misbehaving(parts) as address, client(600, headers_s=1) as web:
        assert web.get(address).content == b"x" * 30


@pytest.mark.parametrize("allowed", ["0", "1"])
@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[fe80::1]",
        "[2002:a9fe:a9fe::]", "168.63.129.16", "100.100.100.200", "192.0.0.192",
        "[fd00:ec2::254]", "2852039166", "0xa9fea9fe",
    ],
)  # fmt: skip
def test_metadata_services_are_refused_always(
    host: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, allowed)
    with client(60) as web, pytest.raises(Refused, match="always refused"):
        web.get(f"http://{host}/latest/")


@pytest.mark.parametrize(
    "text",
    ["http://0177.0.0.1/", "http://xn--zz.example/", "http://\uff11\uff12\uff17.0.0.1/",
     "http:///a", "javascript:alert(1)", "data:text/html,x", "ftp://a/", "a", ""],
)  # fmt: skip
def test_what_is_not_a_web_address(text: str) -> None:
    with pytest.raises(BadInput):
        checked_address(text)


def test_a_status_is_told_in_our_words() -> None:
    assert (status_text(404), status_text(299)) == ("404 Not Found", "299")
