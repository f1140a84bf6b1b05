"""Deliver an event: a signed POST to a judged address, tried a few times."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from steps.contract.errors import BadInput, Refused, StepError, Transient
from steps.notify.event import Event
from steps.notify.signing import headers
from steps.storage.addresses import ALLOW_VARIABLE, resolved

WAITS_S = (1.0, 4.0, 15.0, 45.0)
"""Before each further try; with the time limits below it stays well within the step's own."""

ANSWER_WITHIN_S = 20
"""For one try as a whole, so that a receiver that sends its answer byte by byte ends it too."""

_PASSING = (408, 425, 429)


@dataclass(frozen=True)
class Courier:
    """Sends events.

    Attributes:
        keys: of the signatures; at least one.
        wait: sleeps; a parameter so that a test need not.
        now_s: seconds since the epoch.
        waits_s: how long to wait before each further try.
        within_s: how long one try may take.
    """

    keys: tuple[bytes, ...]
    wait: Callable[[float], None] = time.sleep
    now_s: Callable[[], int] = field(default=lambda: int(time.time()))
    waits_s: tuple[float, ...] = WAITS_S
    within_s: float = ANSWER_WITHIN_S

    def deliver(self, event: Event, callback: str) -> int:
        """Send until the receiver accepts it; returns how many tries that took.

        Every try has the same id and body and a time of its own. No redirect is followed.

        Raises:
            BadInput: the callback is no https:// address (http:// too, where private hosts are
                allowed).
            Refused: the address policy or the receiver says no.
            Transient: the receiver was not reached, or was busy, at every try.
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

    def _post(self, event: Event, url: httpx.URL) -> None:
        body = event.body()
        address = resolved(url.host, url.port or (443 if url.scheme == "https" else 80))[0]
        request = httpx.Request(
            "POST",
            url.copy_with(host=str(address)),
            content=body,
            headers={
                **headers(self.keys, event.message_id(), self.now_s(), body),
                "Host": url.netloc.decode().rpartition("@")[2],
                "Content-Type": "application/json",
                "User-Agent": "clipmill",
            },
            extensions={"sni_hostname": url.host},
        )
        try:
            answer = asyncio.run(_answer(request, self.within_s))
        except TimeoutError as error:
            raise Transient(f"no answer within {self.within_s:g} s") from error
        except httpx.HTTPError as error:
            raise Transient(str(error) or type(error).__name__) from error
        if answer.is_success:
            return
        said = f"answered {answer.status_code} {answer.reason_phrase}".rstrip()
        if answer.status_code in _PASSING or answer.is_server_error:
            raise Transient(said)
        raise Refused(f"{url.host} {said}")


async def _answer(request: httpx.Request, within_s: float) -> httpx.Response:
    """The answer without its body, which nobody needs and which may have no end."""
    async with (
        asyncio.timeout(within_s),
        httpx.AsyncClient(timeout=None, trust_env=False) as client,
    ):
        answer = await client.send(request, stream=True)
        await answer.aclose()
        return answer


def _parsed(callback: str) -> httpx.URL:
    try:
        url = httpx.URL(callback)
    except httpx.InvalidURL as error:
        raise BadInput("--callback is no valid address") from error
    schemes = ("https", "http") if os.environ.get(ALLOW_VARIABLE) == "1" else ("https",)
    if url.scheme not in schemes or not url.host:
        raise BadInput(f"--callback has to be an address of {' or '.join(schemes)}")
    return url
