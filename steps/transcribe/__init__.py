"""transcribe: the words of the source with their times."""

from typing import Annotated, Literal

from steps.contract import Engines, FileParam, Params, Resources, Step, param
from steps.model import artifacts
from steps.model.channels import channels_param
from steps.model.languages import language_param
from steps.model.weights import SILERO
from steps.transcribe.engines import ALIGNERS, DIARIZERS, RECOGNIZERS, SOUND_CLASSIFIERS


class TranscribeParams(Params):
    """How to get the words."""

    language: str = language_param()
    subtitles: Literal["auto", "ignore"] = param(
        "auto",
        description="Use captions that came with the source when they are good, or never.",
    )
    transcript: Annotated[
        str, FileParam(artifacts.TRANSCRIPT_FILE, check="steps.transcribe.given:check_transcript")
    ] = param(
        "",
        max_length=4000,
        description="A transcript of the source to use as it is, a file or s3:// address: .srt,"
        " .vtt, .ass, or .json of WhisperX, whisper.cpp, Deepgram, AssemblyAI or clipmill.",
    )
    glossary: Annotated[
        str,
        FileParam(artifacts.GLOSSARY_FILE, check="steps.transcribe.glossary:check_glossary"),
    ] = param(
        "",
        max_length=4000,
        description="A file of terms, one a line, and replacements: clip mill -> clipmill.",
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
    channels: Literal["mix", "split"] = channels_param()
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
    asr_model: str = param(
        "auto",
        max_length=1024,
        description="Whisper model: auto, tiny.en, base, a name of `clipmill models list`, or the"
        " folder of one in CTranslate2's format.",
    )
    asr_precision: Literal["float16", "int8_float16", "float32"] = param(
        "float16", description="Numbers that a GPU recognises speech in."
    )
    batch_size: int = param(
        8, ge=1, le=128, description="Stretches of speech (30 s) that are recognised at once."
    )


STEP = Step(
    name="transcribe",
    summary="Turn speech into words with times, from good captions or by recognition.",
    params=TranscribeParams,
    reads=(
        artifacts.SOURCE_META,
        artifacts.AUDIO.maybe(),
        artifacts.SUBTITLES.maybe(),
        artifacts.CHANNELS,
    ),
    writes=(artifacts.TRANSCRIPT, artifacts.TRANSCRIPT_FILE, artifacts.GLOSSARY_FILE),
    work="steps.transcribe.work:run",
    weights=(SILERO,),
    packages=("faster-whisper", "numpy", "onnxruntime"),
    resources=Resources(cpu=2, memory_mib=4096),
)
