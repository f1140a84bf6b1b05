"""source_meta.json: what the source is, without where it came from on this machine.

What `source.mkv` promises to the steps that read it:

- It has one picture stream and at most one sound stream. The sound is the track that was asked for,
  else the film's own, not a commentary.
- Its time stamps are the source's clock. The first picture is at 0, and no time jumps back. What a
  player does not show, because an edit list hides it, is not there.
- Its sound has one layout and rate, and two channels of it can be added without losing speech. It
  starts within 100 ms of 0, is whole to within 100 ms anywhere, and ends at most a second before
  the source does. Silence fills what the original lacks.
- The picture may end before the sound; then the last one stands. `duration_ms` is the longer of
  both. Pictures may be unevenly spaced and change their form: cuts promise more (see
  `steps.media.cuts`).

Streams that keep the promise are copied, packet by packet. `download` repairs the others, and
reports each repair as a fallback.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document, Value
from steps.model.geometry import Size
from steps.model.timing import Ms, Rate, Span

MAX_CHAPTERS = 10_000
"""A day of chapters of nine seconds."""


class Chapter(Span):
    """A chapter that the creator marked."""

    title: str


class Video(Value):
    """The picture stream.

    Attributes:
        size: of the upright picture, rotation and pixel aspect applied.
        rate: nominal frames per second; where none fits, that of the usual distance of pictures.
        variable_rate: whether frames are unevenly spaced.
        rotation_deg: clockwise turn that makes the stored picture upright: 0, 90, 180 or 270.
    """

    codec: str
    size: Size
    rate: Rate
    variable_rate: bool
    rotation_deg: Literal[0, 90, 180, 270]


class Audio(Value):
    """The chosen sound stream."""

    codec: str
    channels: Annotated[int, Field(gt=0, le=1024)]
    sample_rate_hz: Annotated[int, Field(gt=0, le=10_000_000)]


class SourceMeta(Document):
    """The facts about the source that later steps and editors need.

    Attributes:
        name: the site's id of the video, safe in file names; `source` when it is a file, so that a
            renamed file gives the same job.
        title: as the site or the file's own metadata states it, else empty.
        site: the extractor's name (`youtube`), or `file`.
        page_url: the page of the video, when a site gave it.
        language: of the speech as the source states it (ISO 639), else empty.
        captions: where captions.vtt came from, `none` when there is none.
        timecode: of the first picture, as a camera or an editor stated it: `10:00:00:00`, with `;`
            before the frames where it drops frame numbers; else empty.
        audio: absent from a silent source.
        before_ms: what the original has before the first picture, where all times here are 0. What
            others wrote about the source counts it.
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
    before_ms: Ms = 0
    language: str = ""
    captions: Literal["none", "creator", "sidecar", "embedded"] = "none"
    chapters: Annotated[tuple[Chapter, ...], Field(max_length=MAX_CHAPTERS)] = ()
    timecode: Annotated[str, Field(pattern=r"^(\d\d:\d\d:\d\d[:;]\d\d)?$")] = ""
    source_sha256: str
