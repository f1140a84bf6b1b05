"""The facts of a rendered clip, as its container and its packets state them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from steps.contract.errors import BrokenContract
from steps.media.opening import opened
from steps.model.geometry import Size


@dataclass(frozen=True)
class RenderedFile:
    """A rendered clip as its container and its packets state it.

    Attributes:
        colours: matrix, primaries, transfer and range, as H.273 numbers them; 1 is BT.709, and
            limited range.
        size: coded picture.
        frames: video packets.
        start_s: the video's and the sound's first timestamps, in seconds.
        duration_s: the video's and the sound's lengths, in seconds.
        widest_key_gap: most frames from a key frame to the next.
    """

    video_codec: str
    profile: str
    pixel_format: str
    colours: tuple[int, int, int, int]
    size: Size
    rate: Fraction
    frames: int
    widest_key_gap: int
    audio_codec: str
    audio_profile: str
    sample_rate_hz: int
    channels: int
    start_s: tuple[Fraction, Fraction]
    duration_s: tuple[Fraction, Fraction]


def read_rendered(path: Path) -> RenderedFile:
    """Read a clip's facts without decoding it.

    Raises:
        BrokenContract: it lacks a picture or a sound.
    """
    with opened(path) as (container, _):
        if not container.streams.video or not container.streams.audio:
            raise BrokenContract(f"{path.name} lacks its picture or its sound: a bug in render")
        video, audio = container.streams.video[0], container.streams.audio[0]
        keys = [packet.is_keyframe for packet in container.demux(video) if packet.pts is not None]
        places = [place for place, is_key in enumerate(keys) if is_key]
        gaps = [after - before for before, after in pairwise(places)]
        context = video.codec_context
        assert video.time_base is not None
        assert audio.time_base is not None
        return RenderedFile(
            video_codec=context.name,
            profile=context.profile or "",
            pixel_format=context.pix_fmt or "",
            colours=(
                int(context.colorspace),
                int(context.color_primaries),
                int(context.color_trc),
                int(context.color_range),
            ),
            size=Size(width_px=context.width, height_px=context.height),
            rate=video.average_rate or Fraction(0),
            frames=len(keys),
            widest_key_gap=max([*gaps, len(keys) - places[-1]]) if places else len(keys),
            audio_codec=audio.codec_context.name,
            audio_profile=audio.codec_context.profile or "",
            sample_rate_hz=audio.codec_context.sample_rate,
            channels=audio.codec_context.channels,
            start_s=(
                (video.start_time or 0) * video.time_base,
                (audio.start_time or 0) * audio.time_base,
            ),
            duration_s=(
                (video.duration or 0) * video.time_base,
                (audio.duration or 0) * audio.time_base,
            ),
        )
