"""checks/clip_NN.json: the rendered file as measured, against what was planned."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from steps.contract import Document, Value
from steps.model.clips import RenditionId
from steps.model.geometry import Size
from steps.model.timing import MAX_MS, Ms, Rate


class Loudness(Value):
    """EBU R 128 of the whole clip: thousandths of LUFS, and of dBTP."""

    integrated_mlufs: int
    true_peak_mdbtp: int


class CheckResult(Value):
    """One check of a finished file.

    Attributes:
        measured: what was found, with its unit.
        bound: what it may be.
    """

    name: str
    measured: str
    bound: str
    passed: bool

    @model_validator(mode="before")
    @classmethod
    def _named_only(cls, given: Any) -> Any:
        """Take the mere name of a check that passed, as jobs before 0.2 state it."""
        if isinstance(given, str):
            return {"name": given, "measured": "", "bound": "", "passed": True}
        return given


class RenderCheck(Document):
    """Measured facts of one rendered clip in one aspect; a broken one is not delivered.

    Attributes:
        loudness: absent when the clip has no sound, or is silent.
        encoder: the value of `--encoder` that made the picture.
        burned: whether the captions are drawn into the picture.
        checks: those that apply to the clip; docs/job.md says what each means.
    """

    kind: Literal["clipmill/render-check@1"] = "clipmill/render-check@1"
    id: RenditionId
    size: Size
    rate: Rate
    frames: Annotated[int, Field(ge=0, le=MAX_MS)]
    duration_ms: Ms
    video_codec: str
    audio_codec: str
    loudness: Loudness | None
    encoder: str = "x264"
    burned: bool = True
    checks: tuple[CheckResult, ...]

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)
