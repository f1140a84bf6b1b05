"""Words by speech recognition: one run of the recogniser that the params choose."""

from __future__ import annotations

from steps.contract import Context
from steps.contract.errors import BadInput, UnsupportedMedia
from steps.model.languages import plain_language
from steps.model.source import SourceMeta
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.engines.protocol import Recognized, Recognizer
from steps.transcribe.finishing import Heard
from steps.transcribe.guards import doubtful, guard
from steps.transcribe.recording import Recording
from steps.transcribe.word_times import interpolate, trim_pauses

ENGLISH = "en"
DOUBT = (
    "much of the speech was not understood, because of noise or because it is not English: check"
    " the words, or put good captions beside the video (.vtt, .srt)"
)
VOICE_SHARE = 0.1
"""The share of the time that decoding and voice activity take."""


def recognise(
    context: Context[TranscribeParams],
    meta: SourceMeta,
    recording: Recording,
    activity: VoiceActivity,
    why: str,
) -> Heard:
    """The words that a recogniser finds, without those that nobody says.

    Args:
        context: of the step.
        meta: of the source.
        recording: its sound.
        activity: where there is voice in it.
        why: why the captions that came with the source are not used, or empty.

    Raises:
        BadInput: the user asked for a language that no installed model knows.
        UnsupportedMedia: the source states such a language.
    """
    language = wanted_language(context.params) or plain_language(meta.language) or ENGLISH

    def on_time_ms(time_ms: int) -> None:
        done = time_ms / max(1, recording.duration_ms)
        context.progress.report(VOICE_SHARE + (1 - VOICE_SHARE) * done, 1)

    def work(recognizer: Recognizer) -> Recognized:
        if language not in recognizer.languages:
            raise unknown_language(context.params, language, why)
        return recognizer.recognize(recording, activity, language, on_time_ms)

    heard = context.use("asr", work)
    guarded = guard(interpolate(heard.words, meta.duration_ms), activity, meta.duration_ms)
    for item in guarded.dropped:
        context.log.info("word dropped", **item.model_dump())
    if doubtful(guarded):
        context.degrade("unsure-words", DOUBT)
    return Heard(
        engine=context.engines["asr"].name,
        model=heard.model,
        language=language,
        words=trim_pauses(guarded.words, activity),
        dropped=tuple(guarded.dropped),
    )


def unknown_language(
    params: TranscribeParams, language: str, why: str
) -> BadInput | UnsupportedMedia:
    """The error for a language that the recogniser does not know, and what to do about it."""
    advice = "put good captions beside the video (.vtt, .srt)"
    if why:
        advice = f"{why}; put better ones beside the video (.vtt, .srt)"
    if wanted_language(params):
        return BadInput(
            f"--language={language}: the installed speech model knows English only: {advice}"
        )
    return UnsupportedMedia(
        f"the source states the language {language!r}, but the installed speech model knows"
        f" English only: {advice}, or use --language=en if the source is wrong"
    )


def wanted_language(params: TranscribeParams) -> str:
    """The language that the user named, or empty."""
    return plain_language(params.language)
