"""The event that a callback receives: what happened to which job."""

from __future__ import annotations

import hashlib
from typing import Literal

import rfc8785
from pydantic import Field

from steps.contract import Value

EventType = Literal["job.succeeded", "job.failed", "job.cancelled"]


class EventClip(Value):
    """A finished clip; its files are below the job's prefix."""

    id: str
    title: str
    files: tuple[str, ...]


class EventFailure(Value):
    """A task that failed, or a clip that could not be made."""

    task: str
    exit_code: int
    error: str
    message: str


class JobEnd(Value):
    """How a job ended.

    Attributes:
        job: its id.
        owner: who asked for it; may be empty.
        prefix: where its files are in the bucket: `jobs/talk-1`.
        outcome: of the manifest, or `failed` or `cancelled`.
        reason: one line, unless everything went well.
        manifest_sha256: of the commit marker; empty without one.
        clips: what was made.
        failures: what failed, also in a job that succeeded.
    """

    job: str
    owner: str
    prefix: str
    outcome: Literal["complete", "partial", "empty", "failed", "cancelled"]
    reason: str
    manifest_sha256: str
    clips: tuple[EventClip, ...]
    failures: tuple[EventFailure, ...]


class JobEvent(Value):
    """The body of the webhook, in the shape that Standard Webhooks recommends.

    Attributes:
        type: what happened.
        timestamp: RFC 3339, when the event was made.
        data: how the job ended.
        mark: distinguishes this end from another with the same data; not sent.
    """

    type: EventType
    timestamp: str
    data: JobEnd
    mark: str = Field(default="", exclude=True)

    def body(self) -> bytes:
        """The bytes that are signed and sent."""
        return rfc8785.dumps(self.model_dump(mode="json"))

    def message_id(self) -> str:
        """The same id for the same end of the same job, so that a receiver can drop repetitions."""
        parts = [self.type, self.data.model_dump(mode="json"), self.mark]
        return f"msg_{hashlib.sha256(rfc8785.dumps(parts)).hexdigest()[:32]}"


def event_type(end: JobEnd) -> EventType:
    """The type of event for the end of a job."""
    if end.outcome == "cancelled":
        return "job.cancelled"
    return "job.failed" if end.outcome == "failed" else "job.succeeded"
