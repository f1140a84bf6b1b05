"""manifest.json: the commit marker of a job, and all that is needed to prove it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from steps.contract import Document, Value
from steps.contract.receipt import Degradation, Failure, Fingerprint, Used, UsedEngine
from steps.model.clips import RenditionId

FAILED = "check-"
"""The beginning of the code of a fallback that names a failed check of a clip."""


class Delivered(Value):
    """A clip that was rendered, in one aspect.

    Attributes:
        failed_checks: names of the checks that it did not pass; checks/ID.json has them all.
        masked_words: how many swear words --profanity masked in it.
    """

    id: RenditionId
    title: str
    files: tuple[str, ...]
    failed_checks: tuple[str, ...] = ()
    masked_words: int = 0


class Missing(Value):
    """A clip of the plan that was not rendered in one aspect, and why."""

    id: RenditionId
    failure: Failure


class TaskRecord(Value):
    """One task of the job: which code, params and engines, on which class of CPU kernels."""

    task: str
    step: str
    version: int
    params: dict[str, str]
    engines: tuple[UsedEngine, ...] = ()
    packages: dict[str, str]
    kernels: dict[str, str] = Field(default_factory=dict)


class TaskDegradation(Degradation):
    """A fallback and the task that took it."""

    task: str


class Manifest(Document):
    """What a job made, from what, and how; no clock, host, path or duration in it.

    Attributes:
        outcome: `complete`, `partial` (some clips are missing) or `empty` (no clip was chosen).
        reason: why the outcome is not complete, in one line; else empty.
        artifacts: every file of the job but this one and the run records, by content.
    """

    kind: Literal["clipmill/manifest@1"] = "clipmill/manifest@1"
    clipmill: str
    outcome: Literal["complete", "partial", "empty"]
    reason: str
    source_sha256: str
    clips: tuple[Delivered, ...]
    missing: tuple[Missing, ...]
    tasks: tuple[TaskRecord, ...]
    models: tuple[Used, ...]
    degradations: tuple[TaskDegradation, ...]
    artifacts: tuple[Fingerprint, ...]
