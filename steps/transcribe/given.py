"""The transcript that a user gives with `--transcript`: words with times, or cues to be aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from steps.contract import Context
from steps.contract.errors import BadInput, one_line
from steps.formats import ass, encodings, spoken_json, srt, webvtt
from steps.formats.spoken_json import SpokenFile, SpokenWord
from steps.formats.subtitles import Subtitle, TimedText
from steps.formats.written import language_of
from steps.model.languages import UNKNOWN, plain_language
from steps.model.source import SourceMeta
from steps.model.transcript import MAX_WORD_CHARACTERS
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.agreement import excess, flaw
from steps.transcribe.captions import caption_words
from steps.transcribe.cues import SpokenCue, spoken_cues, within
from steps.transcribe.finishing import GIVEN, Heard
from steps.transcribe.languages import wanted_language
from steps.transcribe.word_times import RawWord, interpolate, trim_pauses

MAX_BYTES = 64 << 20
"""Ten hours with a time, a speaker and a confidence for every word have about 20 MB."""
SAMPLE_WORDS = 2000
KINDS = (
    ".srt, .vtt, .ass, or .json of WhisperX, Whisper, whisper.cpp, Deepgram, AssemblyAI, ElevenLabs"
    " or ours"
)


def check_transcript(data: bytes) -> None:
    """Check that a transcript can be used; raises BadInput."""
    if data:
        read_transcript(data)


def read_transcript(data: bytes) -> SpokenFile:
    """The words or cues of a file, which its content tells the format of.

    Raises:
        BadInput: it is too large, in no known format, damaged, or has no words.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(f"the transcript has over {MAX_BYTES >> 20} MiB: give a smaller one")
    try:
        found = _read(encodings.decoded(data))
    except ValueError as error:
        raise BadInput(one_line(f"the transcript is not usable: {error}: give {KINDS}")) from error
    timed = any(word.in_ms is not None for word in found.words)
    if not timed and not spoken_cues(found.cues):
        raise BadInput(f"the transcript has no words with times: give {KINDS}")
    return found


def _read(text: str) -> SpokenFile:
    start = text.lstrip()[:200]
    if start.startswith(("{", "[{")):
        return spoken_json.read(text)
    if start.startswith("WEBVTT"):
        file = webvtt.read(text)
    elif "[script info]" in start.lower():
        file = ass.read(text)
    elif "-->" in text:
        file = srt.read(text)
    else:
        raise ValueError("its format is unknown")
    return SpokenFile(cues=file.subtitles, language=file.language)


def given_words(
    context: Context[TranscribeParams], meta: SourceMeta, activity: VoiceActivity
) -> Heard | None:
    """The words of the user's file, if there is one; it is used even if it does not fit the voice.

    Raises:
        BadInput: the file cannot be used.
    """
    data = context.content("transcript")
    if not data:
        return None
    file = read_transcript(data)
    if meta.before_ms and not file.is_ours:
        file = _earlier(file, meta.before_ms)
    words = [word for word in file.words if (word.in_ms or 0) < meta.duration_ms]
    cues = within(_cues_of(words) if file.words else spoken_cues(file.cues), meta.duration_ms)
    if not cues:
        raise BadInput("--transcript: all its times are outside the video: give its own")
    if too_much := excess(cues):
        raise BadInput(f"--transcript: {too_much}: give a smaller one")
    if activity.spans and (why := flaw(cues, activity)):
        context.degrade("transcript-doubtful", f"the transcript is used, but {why}")
    if file.words:
        raw, speakers = _timed(words, meta.duration_ms), [word.speaker for word in words]
    else:
        raw, speakers = caption_words(cues, activity), []
        raw = trim_pauses(raw, activity) if activity.spans else raw
        raw = [word for word in raw if word.span.in_ms < meta.duration_ms]
    language = (
        wanted_language(context.params)
        or plain_language(file.language)
        or plain_language(meta.language)
        or language_of(" ".join(word.text for word in raw[:SAMPLE_WORDS]))
        or UNKNOWN
    )
    return Heard(GIVEN, language, raw, speakers=speakers if any(speakers) else ())


def _earlier(file: SpokenFile, by_ms: int) -> SpokenFile:
    """A file with all its times earlier; what is over before 0 is left out."""

    def earlier(time_ms: int | None) -> int | None:
        return None if time_ms is None else max(0, time_ms - by_ms)

    def moved(cue: Subtitle) -> Subtitle:
        lines = (
            tuple(replace(one, in_ms=earlier(one.in_ms)) for one in line) for line in cue.lines
        )
        return Subtitle(max(0, cue.in_ms - by_ms), cue.out_ms - by_ms, tuple(lines), cue.speaker)

    def is_over(word: SpokenWord) -> bool:
        end_ms = word.in_ms if word.out_ms is None else word.out_ms
        return end_ms is not None and end_ms <= by_ms

    words = (
        replace(word, in_ms=earlier(word.in_ms), out_ms=earlier(word.out_ms))
        for word in file.words
        if not is_over(word)
    )
    cues = (moved(cue) for cue in file.cues if cue.out_ms > by_ms)
    return replace(file, words=tuple(words), cues=tuple(cues))


def _timed(words: Sequence[SpokenWord], duration_ms: int) -> list[RawWord]:
    """Words with their own times; those that have none get one from their neighbours."""
    raw, latest = [], 0
    for word in words:
        in_ms, out_ms = word.in_ms, word.out_ms
        if in_ms is not None:
            in_ms = latest = max(latest, in_ms)
            out_ms = min(max(in_ms, in_ms if out_ms is None else out_ms), duration_ms)
        else:
            out_ms = None
        text = word.text[:MAX_WORD_CHARACTERS]
        raw.append(RawWord(text, in_ms, out_ms, word.confidence, aligned=in_ms is not None))
    return interpolate(raw, duration_ms)


def _cues_of(words: Sequence[SpokenWord]) -> list[SpokenCue]:
    """Each word with a time as a cue, to be judged against the voice."""
    return [
        SpokenCue(word.in_ms, max(word.out_ms or 0, word.in_ms + 1), (TimedText(word.text),))
        for word in words
        if word.in_ms is not None
    ]
