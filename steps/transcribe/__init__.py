"""transcribe: the words of the source with their times."""

from typing import Annotated, Literal

from steps.contract import Engines, Params, Resources, Step, param
from steps.model import artifacts
from steps.model.weights import SILERO
from steps.transcribe.engines import ALIGNERS, DIARIZERS, RECOGNIZERS, SOUND_CLASSIFIERS


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
    aligner: Annotated[str, Engines(*ALIGNERS)] = param(
        "auto",
        description="What places the words in time.",
    )
    diarizer: Annotated[str, Engines(*DIARIZERS, off=True)] = param(
        "auto",
        description="What tells the speakers apart.",
    )
    speakers: int = param(
        0,
        ge=0,
        le=20,
        description="How many people speak; 0 to estimate it.",
    )
    sounds: Annotated[str, Engines(*SOUND_CLASSIFIERS, off=True)] = param(
        "auto",
        description="What finds music and singing.",
    )


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
