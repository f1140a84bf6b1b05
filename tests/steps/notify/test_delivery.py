"""Delivery to a real receiver: signed, retried, never to a private address unasked."""

import base64
import itertools
import json
import time
from collections.abc import Iterator

import pytest

from steps.contract.errors import BadInput, Refused, Transient
from steps.notify.delivery import Courier
from steps.notify.event import JobEnd, JobEvent
from steps.notify.signing import signature
from steps.storage.addresses import ALLOW_VARIABLE
from tests.servers import free_ports
from tests.steps.notify.receiver import misbehaving, receiver

KEYS = (b"k" * 32, b"o" * 24)
EVENT = JobEvent(
    type="job.failed",
    timestamp="2026-01-01T00:00:00+00:00",
    data=JobEnd(
        job="talk-1", owner="", prefix="jobs/talk-1", outcome="failed", reason="café",
        manifest_sha256="", clips=(), failures=(),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _private_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, "1")


def courier(waited: list[float] | None = None) -> Courier:
    waits: list[float] = [] if waited is None else waited
    times = iter(range(1_700_000_000, 1_700_000_100))
    return Courier(KEYS, wait=waits.append, now_s=lambda: next(times))


def test_one_message_signed_over_what_arrives() -> None:
    with receiver(204) as there:
        assert courier().deliver(EVENT, there.address) == 1
    ((headers, body),) = there.messages
    assert json.loads(body)["data"]["reason"] == "café"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == EVENT.message_id()
    time_s = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature(KEYS, EVENT.message_id(), time_s, body)
    assert headers["host"] == there.address.split("/")[2]


def test_a_busy_receiver_is_tried_again_with_the_same_id_and_a_new_time() -> None:
    waited: list[float] = []
    with receiver(503, 429, 500, 200) as there:
        assert courier(waited).deliver(EVENT, there.address) == 4
    assert len({headers["webhook-id"] for headers, _ in there.messages}) == 1
    assert len({body for _, body in there.messages}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in there.messages}) == 4
    assert waited == sorted(waited)
    assert len(waited) == 3


def test_it_gives_up() -> None:
    with receiver(503) as there:
        with pytest.raises(Transient, match="503"):
            courier().deliver(EVENT, there.address)
        assert len(there.messages) == len(Courier(KEYS).waits_s) + 1


@pytest.mark.parametrize("code", [400, 401, 404, 410, 301])
def test_a_refusal_is_not_tried_again(code: int) -> None:
    with receiver(code) as there:
        with pytest.raises(Refused, match=str(code)):
            courier().deliver(EVENT, there.address)
        assert len(there.messages) == 1


def test_nobody_listens() -> None:
    (port,) = free_ports(1)
    with pytest.raises(Transient, match="did not accept"):
        courier().deliver(EVENT, f"http://127.0.0.1:{port}/")


def test_an_accepted_event_is_told_whatever_the_answers_body_is() -> None:
    with misbehaving([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnone"]) as address:
        assert courier().deliver(EVENT, address) == 1


def test_an_answer_without_end_is_not_read() -> None:
    sent = itertools.count()
    endless = (b"x" * 65536 for _ in sent)
    with misbehaving(itertools.chain([b"HTTP/1.1 200 OK\r\n\r\n"], endless)) as address:
        assert courier().deliver(EVENT, address) == 1
    assert next(sent) < 1000


def test_an_answer_that_takes_for_ever_is_not_waited_for() -> None:
    def drops() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while True:  # until the courier hangs up
            time.sleep(0.02)
            yield b"a: b\r\n"

    with misbehaving(drops()) as address, pytest.raises(Transient, match=r"within 0\.1 s"):
        Courier(KEYS, waits_s=(), within_s=0.1).deliver(EVENT, address)


@pytest.mark.parametrize(
    "callback",
    [
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://10.0.0.1/",
    ],
)
def test_private_addresses_are_refused(callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOW_VARIABLE)
    with pytest.raises(Refused, match="private"):
        courier().deliver(EVENT, callback)


@pytest.mark.parametrize(
    "callback", ["http://example.com/", "ftp://example.com/", "file:///etc/passwd", "https://", "x"]
)
def test_only_https_in_the_open(callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOW_VARIABLE)
    with pytest.raises(BadInput, match="--callback"):
        courier().deliver(EVENT, callback)


def test_waits_fit_the_steps_own_limit() -> None:
    from steps.notify import STEP
    from steps.notify.delivery import ANSWER_WITHIN_S, WAITS_S

    assert sum(WAITS_S) + ANSWER_WITHIN_S * (len(WAITS_S) + 1) < STEP.timeout_s


def test_keys_are_never_shown() -> None:
    assert base64.b64encode(KEYS[0]).decode() not in repr(EVENT)
