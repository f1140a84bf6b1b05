"""Turn yt-dlp's errors into leaves of the error tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import (
    ContentTooShortError,
    GeoRestrictedError,
    UnsupportedError,
    UserNotLive,
)

from steps.contract.errors import (
    BadInput,
    Refused,
    StepError,
    Transient,
    UnsupportedMedia,
    host_fault_in,
)
from steps.download.sites import plain_reason, unknown_site

_PASSING_STATUS = (408, 425, 429)
_NO_FORMAT = re.compile(r"Requested format is not available|No video formats found", re.IGNORECASE)
_PROTECTED = re.compile(r"\bDRM\b")
_ROBOT = re.compile(r"not a bot|captcha", re.IGNORECASE)
_LIMITED = re.compile(r"rate.?limit|too many requests", re.IGNORECASE)
_PASSING = re.compile(
    r"timed? ?out|connection (reset|refused|aborted)|temporar|network is unreachable"
    r"|name resolution|remote end closed|Failed to resolve|HTTP Error 5\d\d",
    re.IGNORECASE,
)


def leaf_for(error: BaseException, host: str) -> StepError:
    """The leaf for an error of yt-dlp and what caused it."""
    chain = list(_causes(error))
    message = str(error)
    reason = plain_reason(message)
    if "[Errno" in message and (fault := host_fault_in(message, "the download")):
        return fault  # a site may say "Permission denied" too
    for cause in chain:
        if isinstance(cause, UnsupportedError):
            return unknown_site(host)
        if isinstance(cause, UserNotLive):
            return BadInput(f"{host}: {reason}")
        if isinstance(cause, GeoRestrictedError):
            return Refused(f"{host} does not show this video in this country: give the file itself")
    if "No suitable extractor" in message or "Unsupported URL" in message:
        return unknown_site(host)
    passing = next(
        (cause for cause in chain if isinstance(cause, HTTPError) and _passes(cause)), None
    )
    if _PROTECTED.search(message):
        return Refused(f"{host}: the video is protected by DRM: use another copy")
    if _ROBOT.search(message) or (_LIMITED.search(message) and not passing):
        return Refused(
            f"{host} asks for a login or a proof that you are not a robot: "
            "download the video yourself and give the file"
        )
    if passing:
        return Transient(f"{host} answered {passing.status}: {reason}")
    for cause in chain:
        if isinstance(cause, HTTPError):
            return Refused(f"{host} answered {cause.status}: {reason}")
        if isinstance(cause, TransportError | ContentTooShortError | TimeoutError):
            return Transient(f"{host} cannot be reached ({reason}): try again")
    if _NO_FORMAT.search(message):
        return UnsupportedMedia(
            f"{host} offers no format of this video that can be fetched: give the file itself"
        )
    if _PASSING.search(message):
        return Transient(f"{host} cannot be reached ({reason}): try again")
    return Refused(f"{host} refuses this video: {reason}")


def _passes(error: HTTPError) -> bool:
    """Whether the same request may succeed later; a busy site often says no more than that."""
    return error.status in _PASSING_STATUS or error.status >= 500


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps: yt-dlp keeps causes in `exc_info`, `cause` and `orig_exc`."""
    waiting: list[BaseException] = [error]
    seen: list[BaseException] = []
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.append(current)
        yield current
        inner = [
            (getattr(current, "exc_info", None) or (None, None))[1],
            getattr(current, "cause", None),
            getattr(current, "orig_exc", None),
            current.__cause__,
        ]
        waiting += [item for item in inner if isinstance(item, BaseException)]
