"""source_meta.json: what the source is, without where it came from on this machine."""

from __future__ import annotations

from typing import Literal

from steps.contract import Document, Value
from steps.model.geometry import Size
from steps.model.timing import Ms, Rate, Span


class Chapter(Span):
    """A chapter that the creator marked."""

    title: str


class Video(Value):
    """The picture stream.

    Attributes:
        size: of the upright picture, rotation and pixel aspect applied.
        rate: nominal frames per second; the exact average when the rate varies.
        variable_rate: whether frames are unevenly spaced.
        rotation_deg: clockwise turn that makes the stored picture upright: 0, 90, 180 or 270.
    """

    codec: str
    size: Size
    rate: Rate
    variable_rate: bool
    rotation_deg: Literal[0, 90, 180, 270]


class Audio(Value):
    """The sound stream that is used."""

    codec: str
    channels: int
    sample_rate_hz: int


class SourceMeta(Document):
    """The facts about the source that later steps and editors need.

    Attributes:
        name: the file's name without its extension, or the site's id; safe in file names.
        site: the extractor's name (`youtube`), or `file`.
        page_url: the page of the video, when a site gave it.
        language: of the speech as the source states it (ISO 639), else empty.
        captions: where captions.vtt came from, `none` when there is none.
        audio: absent from a silent source.
    """

    kind: Literal["clipmill/source-meta@1"] = "clipmill/source-meta@1"
    name: str
    title: str
    site: str
    page_url: str = ""
    uploader: str = ""
    duration_ms: Ms
    video: Video
    audio: Audio | None
    language: str = ""
    captions: Literal["none", "creator", "sidecar", "embedded"] = "none"
    chapters: tuple[Chapter, ...] = ()
    source_sha256: str
