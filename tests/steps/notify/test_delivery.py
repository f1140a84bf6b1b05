"""Delivery to a real receiver: signed, retried, never to a private address unasked."""

import base64
import json

import pytest

from steps.contract.errors import BadInput, Refused, Transient
from steps.notify.delivery import Courier
from steps.notify.event import Event, JobEnd
from steps.notify.signing import signature
from steps.storage.addresses import ALLOW_VARIABLE
from tests.servers import free_ports
from tests.steps.notify.receiver import receiver

KEYS = (b"k" * 32, b"o" * 24)
EVENT = Event(
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
    from steps.notify.delivery import TIMEOUT, WAITS_S

    each = (TIMEOUT.connect or 0) + (TIMEOUT.read or 0)
    assert sum(WAITS_S) + each * (len(WAITS_S) + 1) < STEP.timeout_s


def test_keys_are_never_shown() -> None:
    assert base64.b64encode(KEYS[0]).decode() not in repr(EVENT)
