"""Whether the two channels of a source have a person each, and how loud they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.contract import Context
from steps.download import DownloadParams
from steps.media import ffmpeg
from steps.media.channels import are_apart
from steps.media.opening import address
from steps.media.streams import AudioStream
from steps.model import artifacts
from steps.model.channels import FLOOR_DB, STEP_MS, Channels

RATE_HZ = 8000
STEP_SAMPLES = RATE_HZ * STEP_MS // 1000
BLOCK_STEPS = 6000
"""Ten minutes at once."""
LOUD_DB = 51
"""A step in which a channel is louder counts: 45 dB under full scale."""
LEAST_SIDE = 0.02
"""Share in which each of them must be the louder one."""

Steps = NDArray[np.int64]


def measure_sides(
    context: Context[DownloadParams], source: Path, audio: AudioStream | None
) -> None:
    """Write channels.json, if it is wanted and both channels have a voice of their own."""
    if context.params.channels != "split" or audio is None:
        return
    if audio.channels != 2:
        count = f"the sound has {audio.channels} channel{'s' if audio.channels > 1 else ''}, not 2"
        context.degrade("channels-alike", f"--channels=split: {count}: voices tell who speaks")
        return
    raw = context.scratch / "sides.s16"
    ffmpeg.run(sides_arguments(source, raw))
    left, right = loudness(raw)
    raw.unlink()
    if not apart(left, right):
        context.degrade(
            "channels-alike",
            "--channels=split: both channels have the same voices: voices tell who speaks",
        )
        return
    context.write(
        artifacts.CHANNELS, Channels(left=tuple(left.tolist()), right=tuple(right.tolist()))
    )


def sides_arguments(source: Path, into: Path) -> list[str]:
    """The arguments that decode the sound as raw stereo, laid out in time."""
    return [
        *ffmpeg.SAME_ON_ALL_CPUS,
        "-i", address(source),
        "-map", "0:a:0",
        "-vn",
        "-af", f"aresample={RATE_HZ}:async=1:first_pts=0,aformat=sample_fmts=s16:"
        "channel_layouts=stereo",
        "-f", "s16le",
        address(into),
    ]  # fmt: skip


def loudness(raw: Path) -> tuple[Steps, Steps]:
    """The loudness of each channel in each step, shape (n,), 0 to FLOOR_DB, of raw stereo."""
    found = []
    size = BLOCK_STEPS * STEP_SAMPLES * 2
    with raw.open("rb") as file:
        while len(block := np.fromfile(file, "<i2", count=size)):
            steps = -(-len(block) // (2 * STEP_SAMPLES))
            padded = np.zeros(steps * STEP_SAMPLES * 2)
            padded[: len(block)] = block / 32768
            power = (padded.reshape(steps, STEP_SAMPLES, 2) ** 2).mean(axis=1)
            levels = FLOOR_DB + 10 * np.log10(np.maximum(power, 10 ** (-FLOOR_DB / 10)))
            found.append(np.clip(np.round(levels), 0, FLOOR_DB).astype(np.int64))
    whole = np.concatenate(found) if found else np.zeros((0, 2), np.int64)
    return whole[:, 0], whole[:, 1]


def apart(left: Steps, right: Steps) -> bool:
    """Whether each channel has a voice of its own."""
    levels = np.stack([left, right])
    return are_apart(levels[:, levels.max(axis=0) >= LOUD_DB], LEAST_SIDE)
