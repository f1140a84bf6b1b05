"""Windows of speech in batches: what every Whisper engine does around its model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from steps.contract import Context
from steps.transcribe import TranscribeParams
from steps.transcribe.recording import Recording, Samples
from steps.transcribe.windows import Window
from steps.transcribe.word_times import RawWord

FULL = "out of memory"
"""What torch and CTranslate2 say when a GPU's memory is full."""


def in_batches(
    context: Context[TranscribeParams],
    planned: Sequence[Window],
    work: Callable[[Sequence[Window]], list[RawWord]],
) -> Iterator[tuple[Sequence[Window], list[RawWord]]]:
    """Do work on the windows in batches of `--batch-size`; a full memory halves the batch.

    Raises:
        RuntimeError: of the engine; also when a single window is too much for the memory.
    """
    size = context.params.batch_size
    first = 0
    while first < len(planned):
        batch = planned[first : first + size]
        try:
            found = work(batch)
        except RuntimeError as error:
            if FULL not in str(error).lower() or len(batch) == 1:
                raise
            size = len(batch) // 2
            message = f"the GPU's memory is too small for --batch-size={len(batch)}: using {size}"
            context.degrade("smaller-batch", message)
            continue
        yield batch, found
        first += len(batch)


def sound(recording: Recording, window: Window) -> Samples:
    """The samples of a window, shape [n]."""
    return np.concatenate([recording.samples(piece) for piece in window.pieces])


def placed(words: Sequence[RawWord], window: Window, late_ms: int = 0) -> Iterator[RawWord]:
    """Words of a window on the source's clock, moved back by how late the model is."""
    for word in words:
        if word.in_ms is None or word.out_ms is None:
            yield word
            continue
        in_ms, out_ms = word.in_ms - late_ms, word.out_ms - late_ms
        span = window.source_span(in_ms, max(in_ms, out_ms))
        yield replace(word, in_ms=span.in_ms, out_ms=span.out_ms)
