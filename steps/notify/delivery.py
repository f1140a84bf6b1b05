"""Deliver an event: a signed POST to a checked address, tried a few times."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from steps.contract.errors import BadInput, Refused, StepError, Transient
from steps.notify.event import JobEvent
from steps.notify.signing import headers
from steps.storage.addresses import ALLOW_VARIABLE
from steps.storage.http import checked_address, client, status_text

WAITS_S = (1.0, 4.0, 15.0, 45.0)
"""Before each further try; with the limits below, all tries fit the step's own time limit."""

ANSWER_WITHIN_S = 20
"""For one try as a whole: a receiver that sends its answer byte by byte ends it too."""

_PASSING = (408, 425, 429)


@dataclass(frozen=True)
class Courier:
    """Sends events.

    Attributes:
        keys: of the signatures, at least one.
        wait: sleeps; tests replace it.
        now_s: seconds since the epoch.
        waits_s: how long to wait before each further try.
        within_s: how long one try may take.
    """

    keys: tuple[bytes, ...]
    wait: Callable[[float], None] = time.sleep
    now_s: Callable[[], int] = field(default=lambda: int(time.time()))
    waits_s: tuple[float, ...] = WAITS_S
    within_s: float = ANSWER_WITHIN_S

    def deliver(self, event: JobEvent, callback: str) -> int:
        """Send until the receiver accepts the event; return how many tries that took.

        Every try has the same id and body, and its own time. No redirect is followed.

        Raises:
            BadInput: the callback is not an https:// address (http:// is accepted only where
                private hosts are allowed).
            Refused: the address policy or the receiver says no.
            Transient: the receiver was out of reach or busy at every try.
        """
        url = _parsed(callback)
        reason: StepError = Transient("not tried")
        for tries, pause in enumerate((0.0, *self.waits_s), start=1):
            if pause:
                self.wait(pause)
            try:
                self._post(event, url)
            except Transient as error:
                reason = error
                continue
            return tries
        raise Transient(f"{url.host} did not accept the event: {reason}")

    def _post(self, event: JobEvent, url: httpx.URL) -> None:
        body = event.body()
        sent = {
            **headers(self.keys, event.message_id(), self.now_s(), body),
            "Content-Type": "application/json",
            "User-Agent": "clipmill",
        }
        try:
            with (
                client(self.within_s) as web,
                web.stream("POST", url, content=body, headers=sent) as answer,
            ):
                code = answer.status_code  # the body is not needed, and may have no end
        except httpx.HTTPError as error:
            raise Transient(str(error) or type(error).__name__) from error
        if 200 <= code < 300:
            return
        reason = f"answered {status_text(code)}"
        if code in _PASSING or code >= 500:
            raise Transient(reason)
        raise Refused(f"{url.host} {reason}: check --callback")


def _parsed(callback: str) -> httpx.URL:
    try:
        url = checked_address(callback)
    except BadInput as error:
        raise BadInput(f"--callback: {error}") from error
    if url.scheme != "https" and os.environ.get(ALLOW_VARIABLE) != "1":
        raise BadInput(f"--callback: {url.scheme}:// is not encrypted: use https://")
    return url
