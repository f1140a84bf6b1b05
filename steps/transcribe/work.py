"""The work of transcribe: captions when they are good, else recognition, else no words."""

from __future__ import annotations

from pathlib import Path

from steps.contract import Context
from steps.contract.errors import BadInput, UnsupportedMedia
from steps.model import artifacts
from steps.model.languages import UNKNOWN, plain_language
from steps.model.source import SourceMeta
from steps.model.transcript import Transcript
from steps.model.weights import SILERO, TINY_EN_FILES
from steps.transcribe import TranscribeParams, captions, webvtt
from steps.transcribe.activity import Activity
from steps.transcribe.agreement import flaw
from steps.transcribe.cues import cues
from steps.transcribe.guards import doubtful, guard
from steps.transcribe.heard import Engine
from steps.transcribe.settling import fill, part_at_pauses, settle
from steps.transcribe.sound import Sound
from steps.transcribe.voice import voice

ENGLISH = "en"
DOUBT = (
    "much of the speech was not understood, for noise or because it is not English: check the"
    " words, or put good captions beside the video (.vtt, .srt)"
)
VOICE_SHARE = 0.1
"""Of the time that recognition takes, about this much goes to decoding and voice activity."""


def run(context: Context[TranscribeParams]) -> None:
    """Write transcript.json."""
    meta = context.read(artifacts.SOURCE_META)
    context.write(artifacts.TRANSCRIPT, transcript(context, meta))


def transcript(context: Context[TranscribeParams], meta: SourceMeta) -> Transcript:
    """The words of the source, from the best origin that there is.

    Raises:
        BadInput: the user asked for a language that no installed model knows.
        UnsupportedMedia: the source states such a language.
    """
    if not context.has(artifacts.AUDIO):
        return wordless(context, meta, "the source has no sound: clips are chosen without words")
    sound = Sound.decode(context.input(artifacts.AUDIO), context.scratch)
    activity = voice(sound, context.weights(SILERO))
    context.progress.report(VOICE_SHARE, 1)
    if not activity.spans:
        return wordless(context, meta, "nobody speaks: clips are chosen without words")
    found, why = captioned(context, meta, activity)
    found = found or recognized(context, meta, sound, activity, why)
    if not found.words:
        message = "no word was understood: clips are chosen without words"
        return wordless(context, meta, message, found)
    context.log.info("transcribed", engine=found.engine, words=len(found.words))
    return found


def wordless(
    context: Context[TranscribeParams],
    meta: SourceMeta,
    message: str,
    found: Transcript | None = None,
) -> Transcript:
    """A transcript without words, said out loud."""
    context.degrade("no-speech", message)
    return Transcript(
        engine="none",
        language=asked(context.params) or plain_language(meta.language) or UNKNOWN,
        duration_ms=meta.duration_ms,
        words=(),
        dropped=found.dropped if found else (),
    )


def captioned(
    context: Context[TranscribeParams], meta: SourceMeta, activity: Activity
) -> tuple[Transcript | None, str]:
    """The words of the captions that came with the source, or why they are not used."""
    if context.params.subtitles == "ignore" or not context.has(artifacts.SUBTITLES):
        return None, ""
    text = context.input(artifacts.SUBTITLES).read_text(encoding="utf-8", errors="replace")
    subtitles = webvtt.read(text)
    spoken = cues(subtitles.cues)
    wanted, stated = asked(context.params), plain_language(subtitles.language)
    if wanted and stated and wanted != stated:
        why = f"the captions are in {stated!r}, not in {wanted!r}"
    elif why_not := flaw(spoken, activity):
        why = f"the captions are not used: {why_not}"
    else:
        heard = part_at_pauses(captions.words(spoken, activity), activity)
        return Transcript(
            engine="captions",
            language=wanted or stated or plain_language(meta.language) or UNKNOWN,
            duration_ms=meta.duration_ms,
            words=settle([w for w in heard if w.span.in_ms < meta.duration_ms], meta.duration_ms),
        ), ""
    context.degrade("captions-to-asr", f"{why}; speech recognition gives the words instead")
    return None, why


def recognized(
    context: Context[TranscribeParams],
    meta: SourceMeta,
    sound: Sound,
    activity: Activity,
    why: str,
) -> Transcript:
    """The words that an engine hears, guarded against those that nobody said."""
    language = asked(context.params) or plain_language(meta.language) or ENGLISH
    engine = embedded_engine(context)
    if not engine.knows(language):
        raise unknown_language(context.params, language, why)

    def on_time_ms(time_ms: int) -> None:
        done = time_ms / max(1, sound.duration_ms)
        context.progress.report(VOICE_SHARE + (1 - VOICE_SHARE) * done, 1)

    heard = fill(engine.transcribe(sound, activity, on_time_ms), meta.duration_ms)
    guarded = guard(heard, activity, meta.duration_ms)
    for item in guarded.dropped:
        context.log.info("word dropped", **item.model_dump())
    if doubtful(guarded):
        context.degrade("unsure-words", DOUBT)
    return Transcript(
        engine=engine.name,
        language=language,
        duration_ms=meta.duration_ms,
        words=settle(part_at_pauses(guarded.words, activity), meta.duration_ms),
        dropped=tuple(guarded.dropped),
    )


def embedded_engine(context: Context[TranscribeParams]) -> Engine:
    """faster-whisper with the bundled model; it sees the checked files and no others."""
    from steps.transcribe.faster_whisper import FasterWhisper

    folder = context.scratch / "model"
    folder.mkdir()
    for weights in TINY_EN_FILES:
        (folder / Path(weights.member).name).symlink_to(context.weights(weights).absolute())
    return FasterWhisper(folder)


def unknown_language(
    params: TranscribeParams, language: str, why: str
) -> BadInput | UnsupportedMedia:
    """The error for a language that the engine does not know, and what to do about it."""
    advice = "put good captions beside the video (.vtt, .srt)"
    if why:
        advice = f"{why}; put better ones beside the video (.vtt, .srt)"
    if asked(params):
        return BadInput(
            f"--language={language}: the installed speech model knows English only: {advice}"
        )
    return UnsupportedMedia(
        f"the source says that its language is {language!r}, and the installed speech model knows"
        f" English only: {advice}, or say --language=en where the source is wrong"
    )


def asked(params: TranscribeParams) -> str:
    """The language that the user named, or empty."""
    return plain_language(params.language)
