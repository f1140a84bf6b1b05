"""download: fetch a URL or a path as source.mkv, audio.flac and the facts about them."""

from typing import Literal

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts
from steps.model.channels import channels_param
from steps.model.languages import language_param
from steps.model.time_ranges import at_param, range_param


class DownloadParams(Params):
    """What to fetch, and within which bounds."""

    source: str = param(
        min_length=1,
        max_length=4000,
        description="A path, an https:// or s3:// file, or the page of a video on a known site.",
    )
    max_duration_s: int = param(
        7200, ge=1, le=86_400, description="Refuse a longer source, in seconds."
    )
    max_size_mib: int = param(8192, ge=1, le=262_144, description="Refuse a larger source, in MiB.")
    max_height_px: int = param(
        1080,
        ge=144,
        le=2160,
        description="Largest height to ask a site for, in pixels.",
    )
    at: str = at_param()
    range: str = range_param()
    language: str = language_param()
    channels: Literal["mix", "split"] = channels_param()
    audio_track: str = param(
        "auto",
        pattern=r"^(auto|[1-9]\d?|[a-z]{2,3})$",
        description="Sound track to take: its number from 1, its language, or auto.",
    )


STEP = Step(
    name="download",
    summary="Fetch the source, remux it to Matroska, extract 16 kHz mono sound and the facts.",
    params=DownloadParams,
    writes=(
        artifacts.SOURCE,
        artifacts.AUDIO,
        artifacts.SUBTITLES,
        artifacts.CHANNELS,
        artifacts.SOURCE_META,
    ),
    work="steps.download.work:run",
    version=3,
    fingerprint="steps.download.versions:fingerprint",
    locators=("source", "at", "range"),
    packages=(
        "av",
        "charset-normalizer",
        "imageio-ffmpeg",
        "numpy",
        "py3langid",
        "pysubs2",
        "yt-dlp",
    ),
    resources=Resources(cpu=1, memory_mib=1024),
)
