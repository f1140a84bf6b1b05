"""The ffmpeg arguments that make `source.mkv` and `captions.vtt`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.media.edits import Part, in_runs
from steps.media.ffmpeg import BITEXACT, SAME_ON_ALL_CPUS
from steps.media.stamped import SoundForm
from steps.media.streams import AudioStream, VideoStream
from steps.model.timing import clock

STEREO = SoundForm(48_000, 2)
"""What repaired sound becomes, as FLAC."""

PCM = ("-c:a", "pcm_s16le")
TO_STEREO = f"aformat=sample_fmts=fltp:channel_layouts=stereo,aresample={STEREO.rate_hz}"
PLAIN_STEREO = (*PCM, "-af", TO_STEREO)
"""Output options; the chain of filters has no state that a change of the input would lose."""

NEARLY_LOSSLESS = (
    "-fps_mode", "passthrough",
    "-c:v", "libx264",
    "-preset", "superfast",
    "-qp", "12",
    "-x264-params", "cpu-independent=1:keyint=48:bframes=0",
    "-threads:v", "4",
)  # fmt: skip
"""Output options; a fixed number of threads gives the same bytes on any machine."""

HALF_MS = "0.0005"
"""Half a millisecond: Matroska rounds times, so what is less than that before 0 is at 0."""

QUEUED_PACKETS = "64"
"""Between ffmpeg's reader and its writer: with its own number, an eighth more work goes into
switching between the two."""


@dataclass(frozen=True, kw_only=True)
class Recoding:
    """What of a source is not copied.

    Attributes:
        picture: why the pictures are encoded, nearly without loss; empty to copy them.
        sound: why the sound is decoded, to stereo at 48 kHz; empty to copy it.
        kept_pictures: how many packets of pictures are copied; None for all.
        most_ms: a copy keeps pictures from here on, but nobody is to see them; None without any.
        parts: which pictures are encoded, and when each is shown; empty for all, as ffmpeg has it.
    """

    picture: str = ""
    sound: str = ""
    kept_pictures: int | None = None
    most_ms: int | None = None
    parts: tuple[Part, ...] = ()


def remux_arguments(
    original: Sequence[str],
    shift_ms: int | None,
    video: VideoStream,
    audio: AudioStream | None,
    into: Path,
    recoding: Recoding,
) -> list[str]:
    """Copy one picture stream and one sound stream, or encode what may not be copied.

    Args:
        original: the arguments that open the input, from `opening.input_arguments`.
        shift_ms: how far to move the streams, beyond ffmpeg's own shift, so that the first picture
            is at 0 and sound before it is dropped; None leaves both to
            `excerpt.start_at_key_frame`.
        video: the stream to keep.
        audio: the sound to keep.
        into: the file to write.
        recoding: what is not copied.
    """
    runs = in_runs(recoding.parts)
    before = -(audio.padding_ms if audio and not recoding.sound else 0) / 1000
    as_stored = [
        *(["-noautorotate"] if recoding.picture else []),
        "-fflags", "+discardcorrupt" if recoding.picture else "+genpts+discardcorrupt",
        *(["-itsoffset", _seconds(shift_ms)] if shift_ms else []),
    ]  # fmt: skip
    return [
        *(SAME_ON_ALL_CPUS if recoding.sound else ()),
        *(["-copyts"] if runs else []),
        *(part for _ in runs for part in (*as_stored, "-ignore_editlist", "1", *original)),
        *([] if runs else as_stored),
        *original,
        *_picture_map(runs, video),
        *_sound_map(len(runs), audio),
        "-c", "copy",
        *(NEARLY_LOSSLESS if recoding.picture else ()),
        *((PCM if audio and audio.mixed_with else PLAIN_STEREO) if recoding.sound else ()),
        *_only_first(recoding.kept_pictures),
        *(["-bsf:a", _dropping(before)] if audio and (runs or shift_ms is not None) else []),
        "-map_chapters", "-1",
        *BITEXACT,
        "-thread_queue_size", QUEUED_PACKETS,
        "-f", "matroska",
        f"file:{into}",
    ]  # fmt: skip


def _sound_map(opened: int, audio: AudioStream | None) -> list[str]:
    """The map of the sound; of several tracks, each from the same moment on, their mean."""
    if audio is None:
        return []
    tracks = (audio.index, *audio.mixed_with)
    if len(tracks) == 1:
        return ["-map", f"{opened}:{audio.index}"]
    timed = "".join(
        f"[{opened}:{track}]aresample=async=1:first_pts=0[track{track}];" for track in tracks
    )
    names = "".join(f"[track{track}]" for track in tracks)
    share = " ".join([f"{1 / len(tracks):.6f}"] * len(tracks))
    mix = f"amix=inputs={len(tracks)}:normalize=0:weights={share}"
    return ["-filter_complex", f"{timed}{names}{mix},{TO_STEREO}[sound]", "-map", "[sound]"]


def _picture_map(runs: Sequence[Sequence[Part]], video: VideoStream) -> list[str]:
    """The map of the pictures; those of several runs are each of an input, and put in order."""
    if not runs:
        return ["-map", f"0:{video.index}"]
    placed = "".join(
        f"[{number}:{video.index}]{_placed(parts)}[run{number}];"
        for number, parts in enumerate(runs)
    )
    names = "".join(f"[run{number}]" for number in range(len(runs)))
    together = f"interleave=n={len(runs)}" if len(runs) > 1 else "null"
    return ["-filter_complex", f"{placed}{names}{together}[picture]", "-map", "[picture]"]


def _placed(parts: Sequence[Part]) -> str:
    """The filters that show each part at its time."""
    chosen = [f"gte({{0}},{part.first})*lt({{0}},{part.end})" for part in parts]
    times = [
        f"{here}*max({{0}}+{part.later},{part.start})"
        for here, part in zip(chosen, parts, strict=True)
    ]
    select, place = "+".join(chosen).format("pts"), "+".join(times).format("PTS")
    return f"select='{select}',setpts='{place}'"


def _only_first(count: int | None) -> list[str]:
    return [] if count is None else ["-bsf:v", f"noise=drop='gte(n,{count})'"]


def raw_aac_arguments(source: Sequence[str], audio: AudioStream, into: Path) -> list[str]:
    """Copy the AAC of a transport stream with the header that each packet has there."""
    return [*source, "-map", f"0:{audio.index}", "-c", "copy", "-f", "adts", f"file:{into}"]


def level_arguments(source: Path, pan: str, into: Path) -> list[str]:
    """Decode the sound of a source to stereo at 48 kHz, with its time stamps, as NUT.

    Args:
        source: the file.
        pan: filters for its channels as they are stored, or nothing.
        into: the file to write.
    """
    *coding, chain = PLAIN_STEREO
    return [
        *SAME_ON_ALL_CPUS,
        "-copyts",
        "-i", f"file:{source}",
        "-map", "0:a:0",
        *coding, f"{pan},{chain}" if pan else chain,
        *BITEXACT,
        "-f", "nut",
        f"file:{into}",
    ]  # fmt: skip


def flac_arguments(raw: Path, into: Path) -> list[str]:
    """Encode such sound, laid out in time, as FLAC in Matroska."""
    return [
        *SAME_ON_ALL_CPUS,
        *STEREO.arguments,
        "-i", f"file:{raw}",
        "-c:a", "flac",
        *BITEXACT,
        "-f", "matroska",
        f"file:{into}",
    ]  # fmt: skip


def join_arguments(picture: Path, sound: Path, into: Path) -> list[str]:
    """Put the picture of one file and the sound of another into a new one."""
    return [
        "-copyts",
        "-i", f"file:{picture}",
        "-i", f"file:{sound}",
        "-map", "0:v",
        "-map", "1:a",
        "-c", "copy",
        *BITEXACT,
        "-f", "matroska",
        f"file:{into}",
    ]  # fmt: skip


def embedded_arguments(
    original: Sequence[str], shift: int, stream_index: int, into: Path
) -> list[str]:
    """Write a text subtitle stream as WebVTT, on the source's clock."""
    return [
        "-itsoffset", _seconds(shift),
        *original,
        "-map", f"0:{stream_index}",
        "-f", "webvtt",
        *BITEXACT,
        f"file:{into}",
    ]  # fmt: skip


def _dropping(before_s: float) -> str:
    return f"noise=drop='lt(pts*tb,{before_s:.3f}-{HALF_MS})'"


def _seconds(time_ms: int) -> str:
    return f"{'-' if time_ms < 0 else ''}{clock(abs(time_ms))}"
