"""The work of transcribe: captions if they are good, else recognition, else no words."""

from __future__ import annotations

from dataclasses import replace

from steps.contract import Context
from steps.formats import webvtt
from steps.model import artifacts
from steps.model.languages import UNKNOWN, plain_language
from steps.model.source import SourceMeta
from steps.model.transcript import Dropped, SoundSpan, Transcript
from steps.model.weights import SILERO
from steps.transcribe import TranscribeParams, kernels
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.agreement import flaw
from steps.transcribe.captions import caption_words
from steps.transcribe.cues import spoken_cues, within
from steps.transcribe.finishing import CAPTIONS, Heard, finish, listen, unheard
from steps.transcribe.given import given_words
from steps.transcribe.glossary import read_glossary, replaced
from steps.transcribe.languages import wanted_language
from steps.transcribe.recognition import VOICE_SHARE, Listening, recognise
from steps.transcribe.recording import Recording, detect_voice
from steps.transcribe.word_times import trim_pauses

MAX_CAPTION_BYTES = 16 << 20
"""The captions of ten hours with a time for every word have about 5 MB."""


def run(context: Context[TranscribeParams]) -> None:
    """Write transcript.json."""
    kernels.pin()
    meta = context.read(artifacts.SOURCE_META)
    context.write(artifacts.TRANSCRIPT, transcript(context, meta))


def transcript(context: Context[TranscribeParams], meta: SourceMeta) -> Transcript:
    """The words of the source, from the best origin that there is; raises as `recognise` does."""
    if not context.has(artifacts.AUDIO):
        if given := given_words(context, meta, VoiceActivity((), meta.duration_ms)):
            return unheard(meta, as_written(context, given))
        return wordless(context, meta, "the source has no sound: clips are chosen without words")
    recording = Recording.decode(context.input(artifacts.AUDIO), context.scratch)
    activity = detect_voice(recording, context.weights(SILERO))
    context.progress.report(VOICE_SHARE, 1)
    sounds = listen(context, recording)
    given = given_words(context, meta, activity)
    if not activity.spans:
        if given:
            return unheard(meta, as_written(context, given))
        message = "nobody speaks: clips are chosen without words"
        return wordless(context, meta, message, sounds=sounds)
    heard, why = (given, "") if given else from_captions(context, meta, activity)
    heard = heard or recognise(Listening(context, meta, recording, activity, why, sounds))
    heard = as_written(context, heard)
    found = finish(context, meta, recording, activity, heard, sounds)
    if not found.words:
        message = "no word was understood: clips are chosen without words"
        return wordless(context, meta, message, found.dropped, sounds)
    context.log.info("transcribed", engine=found.engine, words=len(found.words))
    return found


def wordless(
    context: Context[TranscribeParams],
    meta: SourceMeta,
    message: str,
    dropped: tuple[Dropped, ...] = (),
    sounds: tuple[SoundSpan, ...] = (),
) -> Transcript:
    """A transcript without words, reported as a fallback."""
    context.degrade("no-speech", message)
    return Transcript(
        engine="none",
        language=wanted_language(context.params) or plain_language(meta.language) or UNKNOWN,
        duration_ms=meta.duration_ms,
        words=(),
        dropped=dropped,
        sounds=sounds,
    )


def as_written(context: Context[TranscribeParams], heard: Heard) -> Heard:
    """The words as the user's glossary writes them."""
    words, places = replaced(heard.words, read_glossary(context.content("glossary")))
    speakers = [heard.speakers[place] for place in places] if heard.speakers else ()
    return replace(heard, words=words, speakers=speakers)


def from_captions(
    context: Context[TranscribeParams], meta: SourceMeta, activity: VoiceActivity
) -> tuple[Heard | None, str]:
    """The words of the captions that came with the source, or why they are not used."""
    if context.params.subtitles == "ignore" or not context.has(artifacts.SUBTITLES):
        return None, ""
    path = context.input(artifacts.SUBTITLES)
    if path.stat().st_size > MAX_CAPTION_BYTES:
        size = f"their file is over {MAX_CAPTION_BYTES >> 20} MiB"
        return None, _unused(context, f"the captions are not used: {size}")
    file = webvtt.read(path.read_text(encoding="utf-8", errors="replace"))
    wanted, stated = wanted_language(context.params), plain_language(file.language)
    if wanted and stated and wanted != stated:
        return None, _unused(context, f"the captions are in {stated!r}, not in {wanted!r}")
    cues = within(spoken_cues(file.subtitles), meta.duration_ms)
    if flawed := flaw(cues, activity):
        return None, _unused(context, f"the captions are not used: {flawed}")
    words = trim_pauses(caption_words(cues, activity), activity)
    words = [word for word in words if word.span.in_ms < meta.duration_ms]
    language = wanted or stated or plain_language(meta.language) or UNKNOWN
    return Heard(CAPTIONS, language, words), ""


def _unused(context: Context[TranscribeParams], why: str) -> str:
    context.degrade("captions-to-asr", f"{why}; speech recognition gives the words instead")
    return why
