"""The diarizer `pyannote`: pyannote.audio's pipeline community-1, run through WhisperX."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from steps.contract import Context
from steps.contract.engines import Unusable
from steps.model.timing import Span
from steps.model.weights import PYANNOTE
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.engines.protocol import VoiceTurn

if TYPE_CHECKING:  # it loads numpy, and `is_fetched` is asked by commands that run nothing
    from steps.transcribe.recording import Recording


class Pyannote:
    """A `Diarizer`.

    Args:
        pipeline: `whisperx.diarize.DiarizationPipeline`; holds the whole sound in memory, 230 MB an
            hour.
    """

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline

    def turns(
        self, recording: Recording, activity: VoiceActivity, speakers: int
    ) -> list[VoiceTurn]:
        """Who speaks when; speech that pyannote does not hear has no turn."""
        samples = recording.samples(Span(in_ms=0, out_ms=recording.duration_ms))
        found = self._pipeline(samples, num_speakers=speakers or None)
        return turns_of(found[["start", "end", "speaker"]].itertuples(index=False, name=None))


def diarizer(context: Context[TranscribeParams]) -> Pyannote:
    """The diarizer on a GPU if there is one.

    Raises:
        Unusable: the environment lacks a package, or the files are not a pipeline.
    """
    folder = context.weights(PYANNOTE)
    try:
        import torch
        from whisperx.diarize import DiarizationPipeline
    except ImportError as error:
        raise Unusable(
            f"the environment whisperx lacks {error.name}: run `clipmill engines install whisperx`"
        ) from error
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if not (folder / "config.yaml").is_file():
        raise Unusable(
            f"{PYANNOTE.name} has no config.yaml: run `clipmill models fetch {PYANNOTE.name}`"
        )
    return Pyannote(DiarizationPipeline(model_name=str(folder), device=device))


def is_fetched(_params: TranscribeParams) -> bool:
    """Whether the model is on this machine: it is gated, so most have it not."""
    return PYANNOTE.is_here


def turns_of(rows: Iterable[tuple[float, float, str]]) -> list[VoiceTurn]:
    """Turns without overlaps from rows of (start in s, end in s, speaker).

    Where two voices overlap, the one that began first keeps the time.
    """
    numbers: dict[str, int] = {}
    found: list[VoiceTurn] = []
    for start, end, speaker in sorted(rows):
        floor = found[-1].span.out_ms if found else 0
        in_ms, out_ms = max(floor, round(start * 1000)), round(end * 1000)
        if out_ms > in_ms:
            number = numbers.setdefault(speaker, len(numbers))
            found.append(VoiceTurn(Span(in_ms=in_ms, out_ms=out_ms), number))
    return found
