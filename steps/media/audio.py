"""The 16 kHz mono sound of `audio.flac`, in blocks or as a loudness envelope."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from numpy.typing import NDArray

from steps.contract.errors import BrokenContract
from steps.media.opening import address
from steps.model.timing import Span

SAMPLE_RATE_HZ = 16_000
"""Of `audio.flac`: sample n sounds at n/16 ms on the source's clock."""

SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1000

ENVELOPE_STEP_MS = 10

_RERUN = "rerun the job to recreate it"


def blocks(path: Path, block_ms: int = 10_000) -> Iterator[NDArray[np.int16]]:
    """The samples in blocks of `block_ms`, int16 of shape (n,); the last may be shorter.

    Raises:
        BrokenContract: it is not 16 kHz mono, or cannot be read.
    """
    length = block_ms * SAMPLES_PER_MS
    waiting: list[NDArray[np.int16]] = []
    count = 0
    for piece in _pieces(path):
        waiting.append(piece)
        count += piece.size
        while count >= length:
            joined = np.concatenate(waiting)
            yield joined[:length]
            waiting = [joined[length:]]
            count -= length
    if count:
        yield np.concatenate(waiting)


def samples(path: Path, span: Span | None = None) -> NDArray[np.int16]:
    """All samples, or those of a span; int16 of shape (n,). An hour is 115 MB.

    Raises:
        BrokenContract: it is not 16 kHz mono, or cannot be read.
    """
    found: list[NDArray[np.int16]] = []
    first = span.in_ms * SAMPLES_PER_MS if span else 0
    last = span.out_ms * SAMPLES_PER_MS if span else None
    at = 0
    for block in blocks(path):
        if last is not None and at >= last:
            break
        found.append(block[max(0, first - at) : None if last is None else last - at])
        at += block.size
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int16)


def as_float(pcm: NDArray[np.int16]) -> NDArray[np.float32]:
    """The same samples as float32 in [-1, 1), as speech models take them."""
    return pcm.astype(np.float32) / np.float32(32768)


def loudness(path: Path, step_ms: int = ENVELOPE_STEP_MS) -> NDArray[np.int32]:
    """RMS of every `step_ms`, in sample units (0..32768), int32 of shape (n,).

    Item k covers `[k*step_ms, (k+1)*step_ms)` of the source's clock; a shorter last part is left
    out. The file is read in blocks: a long source needs only the memory of its envelope.

    Raises:
        BrokenContract: it is not 16 kHz mono, or cannot be read.
    """
    size = step_ms * SAMPLES_PER_MS
    parts = []
    for block in blocks(path, block_ms=step_ms * 1000):
        whole = block[: block.size // size * size].reshape(-1, size).astype(np.int64)
        mean = (whole * whole).sum(axis=1) // size
        parts.append(np.sqrt(mean.astype(np.float64)).astype(np.int32))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def _pieces(path: Path) -> Iterator[NDArray[np.int16]]:
    try:
        with av.open(address(path), format="flac") as container:
            stream = container.streams.audio[0]
            if (stream.sample_rate, stream.channels) != (SAMPLE_RATE_HZ, 1):
                raise BrokenContract(
                    f"{path.name} is not 16 kHz mono: rerun the job to recreate it"
                )
            for frame in container.decode(stream):
                yield _mono(frame)
    except (FFmpegError, IndexError) as error:
        raise BrokenContract(f"{path.name} cannot be read: {_RERUN}") from error


def _mono(frame: AudioFrame) -> NDArray[np.int16]:
    pcm = frame.to_ndarray().reshape(-1)
    if pcm.dtype != np.int16:
        raise BrokenContract(f"audio.flac is not 16 bit: {_RERUN}")
    return pcm.astype(np.int16, copy=False)
