"""transcribe: the words of the source with their times."""

from typing import Literal

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts
from steps.model.weights import SILERO, TINY_EN_FILES


class TranscribeParams(Params):
    """How to get the words."""

    language: str = param(
        "auto",
        pattern=r"^(auto|[a-z]{2,3})$",
        description="Spoken language, ISO 639-1, or auto.",
    )
    subtitles: Literal["auto", "ignore"] = param(
        "auto",
        description="Use captions that came with the source when they are good, or never.",
    )


STEP = Step(
    name="transcribe",
    summary="Turn speech into words with times, from good captions or by recognition.",
    params=TranscribeParams,
    reads=(artifacts.SOURCE_META, artifacts.AUDIO.maybe(), artifacts.SUBTITLES.maybe()),
    writes=(artifacts.TRANSCRIPT,),
    work="steps.transcribe.work:run",
    weights=(SILERO, *TINY_EN_FILES),
    packages=("ctranslate2", "faster-whisper", "numpy", "onnxruntime"),
    kernels="steps.transcribe.kernels:classes",
    resources=Resources(cpu=2, memory_mib=4096),
)
