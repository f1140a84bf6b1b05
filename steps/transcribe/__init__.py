"""transcribe: the words of the source with their times."""

from typing import Annotated, Literal

from steps.contract import Engines, Params, Resources, Step, param
from steps.model import artifacts
from steps.model.weights import SILERO
from steps.transcribe.engines import RECOGNIZERS


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
    asr: Annotated[str, Engines(*RECOGNIZERS)] = param("auto", description="Speech recogniser.")


STEP = Step(
    name="transcribe",
    summary="Turn speech into words with times, from good captions or by recognition.",
    params=TranscribeParams,
    reads=(artifacts.SOURCE_META, artifacts.AUDIO.maybe(), artifacts.SUBTITLES.maybe()),
    writes=(artifacts.TRANSCRIPT,),
    work="steps.transcribe.work:run",
    weights=(SILERO,),
    packages=("faster-whisper", "numpy", "onnxruntime"),
    resources=Resources(cpu=2, memory_mib=4096),
)
