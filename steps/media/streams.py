"""What a media file holds, as values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from steps.media.sniff import Container
from steps.model.geometry import Size
from steps.model.languages import plain_language
from steps.model.source import Chapter

TEXT_SUBTITLES = frozenset({"subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"})
"""Codecs of subtitles that are text, not pictures."""

PICTURE_CODECS = frozenset({"mjpeg", "png", "bmp", "gif", "tiff", "webp"})
"""Codecs of cover pictures; a stream in another codec is the film."""

Rotation = Literal[0, 90, 180, 270]


@dataclass(frozen=True, kw_only=True)
class VideoStream:
    """A picture stream.

    Attributes:
        coded_px: how many pixels the stored picture has.
        size: the upright one, pixel aspect and rotation applied, even.
        rotation_deg: clockwise turn that makes the stored picture upright.
        rate: frames per second as the container states it; None when it does not.
        start_ms: of the first picture, on the file's own timestamps.
        profile: of the codec, empty when unknown.
        is_copied: whether cuts can hold the codec as it is.
        has_reordered: pictures are stored in another order than they are shown.
    """

    index: int
    codec: str
    is_copied: bool
    has_reordered: bool
    profile: str
    coded_px: int
    size: Size
    rotation_deg: Rotation
    rate: Fraction | None
    start_ms: int
    pixel_format: str
    is_default: bool


@dataclass(frozen=True, kw_only=True)
class AudioStream:
    """A sound stream.

    Attributes:
        number: among the sound streams of the file, from 1.
        layout: ffmpeg's name of the channels: `5.1(side)`.
        channel_names: ffmpeg's name of each: `FL`.
        padding_ms: the encoder's padding before the first sample, as the container states it.
        language: as the container states it, empty when it does not.
        title: as the container states it.
        is_special: a commentary, or made for people who cannot see or hear.
        is_dub: a translation, by its flag.
        is_copied: whether cuts can hold the codec as it is.
        mixed_with: the indices of the tracks of other microphones, which are heard with this one.
    """

    index: int
    number: int
    codec: str
    is_copied: bool
    channels: int
    layout: str
    channel_names: tuple[str, ...]
    padding_ms: int
    sample_rate_hz: int
    language: str
    title: str
    is_default: bool
    is_special: bool
    is_dub: bool = False
    mixed_with: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SubtitleStream:
    """A subtitle stream."""

    index: int
    codec: str
    language: str
    is_text: bool
    is_default: bool
    is_forced: bool


@dataclass(frozen=True, kw_only=True)
class Media:
    """A file as its container states it.

    Attributes:
        duration_ms: as stated, 0 when none is.
        start_ms: the first timestamp of any stream.
        video: without cover pictures; the best one is `best_video`.
        tags: the container's metadata, names in lower case.
        timecode: of the first picture, as the container states it; empty where it does not.
    """

    container: Container
    duration_ms: int
    start_ms: int
    video: tuple[VideoStream, ...]
    audio: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...]
    chapters: tuple[Chapter, ...]
    tags: dict[str, str]
    timecode: str = ""

    @property
    def best_video(self) -> VideoStream | None:
        """The largest moving picture; of equal ones the default, then the first."""
        return max(
            self.video,
            key=lambda stream: (
                stream.codec not in PICTURE_CODECS,
                stream.coded_px,
                stream.is_default,
                -stream.index,
            ),
            default=None,
        )

    @property
    def best_audio(self) -> AudioStream | None:
        """The main sound, whatever its language."""
        return next(iter(self.sound_for("")), None)

    def sound_for(self, language: str) -> list[AudioStream]:
        """The sound streams, the best first.

        In the language (ISO 639-1), not a commentary, the default, most channels, the highest rate.
        """
        return sorted(
            self.audio,
            key=lambda stream: (
                bool(language) and plain_language(stream.language) == language,
                not stream.is_special,
                stream.is_default,
                stream.channels,
                stream.sample_rate_hz,
                -stream.index,
            ),
            reverse=True,
        )
