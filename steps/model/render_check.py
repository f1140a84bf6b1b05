"""clip_NN.check.json: the rendered file as measured, against what was planned."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document, Value
from steps.model.clips import ClipId
from steps.model.geometry import Size
from steps.model.timing import MAX_MS, Ms, Rate


class Loudness(Value):
    """EBU R 128 of the whole clip: thousandths of LUFS, and of dBTP."""

    integrated_mlufs: int
    true_peak_mdbtp: int


class RenderCheck(Document):
    """Measured facts of one rendered clip; a clip that fails a check is not delivered.

    Attributes:
        loudness: absent when the clip has no sound, or is silent.
        checks: name of each check that passed.
    """

    kind: Literal["clipmill/render-check@1"] = "clipmill/render-check@1"
    id: ClipId
    size: Size
    rate: Rate
    frames: Annotated[int, Field(ge=0, le=MAX_MS)]
    duration_ms: Ms
    video_codec: str
    audio_codec: str
    loudness: Loudness | None
    checks: tuple[str, ...]
