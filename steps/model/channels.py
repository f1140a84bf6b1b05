"""channels.json: how loud the two channels of a source are, where each person has one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from steps.contract import Document, param

STEP_MS = 100
FLOOR_DB = 96
"""Loudness is stated in dB over silence, which is this much under full scale."""
MAX_STEPS = 24 * 3600 * 1000 // STEP_MS
"""A day."""

Loudness96 = Annotated[int, Field(ge=0, le=FLOOR_DB)]


def channels_param() -> Any:
    """The param `channels`: of the sound that download measures, and of who says the words."""
    return param(
        "mix",
        description="Tell speakers apart by voice, or by the stereo channel that each is recorded"
        " in (two-track podcasts).",
    )


class Channels(Document):
    """The loudness of both channels in each step of `STEP_MS`, from the start of the source."""

    kind: Literal["clipmill/channels@1"] = "clipmill/channels@1"
    left: Annotated[tuple[Loudness96, ...], Field(max_length=MAX_STEPS)]
    right: Annotated[tuple[Loudness96, ...], Field(max_length=MAX_STEPS)]

    @model_validator(mode="after")
    def _equally_long(self) -> Channels:
        if len(self.left) != len(self.right):
            raise ValueError("left and right differ in length")
        return self
