"""From the words as they were heard to the transcript: their times, who says them, the sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from steps.contract import Context
from steps.contract.engines import AUTO
from steps.model import artifacts
from steps.model.source import SourceMeta
from steps.model.transcript import Dropped, SoundSpan, Transcript, Word
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.engines import MODEL_TIMES
from steps.transcribe.recording import Recording
from steps.transcribe.sounds import over_music
from steps.transcribe.speakers import assign, by_channel, named
from steps.transcribe.word_times import RawWord, remove_overlaps

CAPTIONS = "captions"
GIVEN = "given"
WRITTEN = (CAPTIONS, GIVEN)
"""Somebody wrote these words: a recogniser did not invent them."""


@dataclass(frozen=True)
class Heard:
    """Words with times from one origin.

    Attributes:
        engine: `captions`, `given` for the user's transcript, or the recogniser.
        language: ISO 639-1.
        words: in order.
        dropped: what the guards took out.
        model: of the recogniser; empty for captions.
        speakers: who says each word, if the origin states it.
        doubtful: most words may not be what is said.
    """

    engine: str
    language: str
    words: Sequence[RawWord]
    dropped: tuple[Dropped, ...] = ()
    model: str = ""
    speakers: Sequence[str] = ()
    doubtful: bool = False


def finish(
    context: Context[TranscribeParams],
    meta: SourceMeta,
    recording: Recording,
    activity: VoiceActivity,
    heard: Heard,
    sounds: Sequence[SoundSpan],
) -> Transcript:
    """The transcript of the source; raises Unusable for an engine that was named."""
    kept, invented = _without_music(heard, sounds)
    aligner, words = _align(context, recording, heard, kept)
    placed = sum(word.aligned for word in words)
    spans = remove_overlaps(words, meta.duration_ms)
    return Transcript(
        engine=heard.engine,
        model=heard.model,
        language=heard.language,
        doubtful=heard.doubtful,
        duration_ms=meta.duration_ms,
        words=(
            named(spans, heard.speakers)
            if heard.speakers
            else _with_speakers(context, recording, activity, spans)
        ),
        dropped=tuple(sorted((*heard.dropped, *invented), key=lambda item: item.in_ms)),
        aligner=aligner,
        aligned=1000 * placed // len(words) if words else 0,
        sounds=tuple(sounds),
    )


def unheard(meta: SourceMeta, heard: Heard) -> Transcript:
    """The transcript of words without sound: nothing can place or judge them."""
    words = remove_overlaps(heard.words, meta.duration_ms)
    return Transcript(
        engine=heard.engine,
        language=heard.language,
        duration_ms=meta.duration_ms,
        words=named(words, heard.speakers) if heard.speakers else words,
    )


def listen(context: Context[TranscribeParams], recording: Recording) -> tuple[SoundSpan, ...]:
    """What is heard when; nothing if no sound classifier is wanted or usable."""
    found = context.use_if_any("sounds", lambda engine: tuple(engine.sounds(recording)))
    return tuple(span for span in found or () if span.duration_ms)


def _without_music(
    heard: Heard, sounds: Sequence[SoundSpan]
) -> tuple[list[RawWord], list[Dropped]]:
    """The words without those that a recogniser invents over music; captions keep theirs."""
    refused = set() if heard.engine in WRITTEN else set(over_music(heard.words, sounds))
    dropped = [
        Dropped(
            in_ms=heard.words[at].span.in_ms,
            out_ms=heard.words[at].span.out_ms,
            text=heard.words[at].text,
            guard="music",
        )
        for at in sorted(refused)
    ]
    return [word for at, word in enumerate(heard.words) if at not in refused], dropped


def _align(
    context: Context[TranscribeParams],
    recording: Recording,
    heard: Heard,
    words: list[RawWord],
) -> tuple[str, list[RawWord]]:
    """The aligner that placed words, or empty, and the words."""

    def work(engine: Any) -> list[RawWord]:
        if engine.knows(heard.language):
            return list(engine.align(recording, words))
        if context.params.aligner != AUTO:
            context.degrade(
                "aligner-language",
                f"--aligner={context.params.aligner} does not know the language {heard.language!r}:"
                " the words keep the times of their recogniser",
            )
        return words

    if not words:
        return "", []
    if context.params.aligner == AUTO and any(word.aligned for word in words):
        return heard.engine, words  # the recogniser aligned them itself
    found = context.use("aligner", work)
    moved = any(word.aligned for word in found)
    name = context.engines["aligner"].name
    return (name if moved and name != MODEL_TIMES.name else ""), found


def _with_speakers(
    context: Context[TranscribeParams],
    recording: Recording,
    activity: VoiceActivity,
    words: tuple[Word, ...],
) -> tuple[Word, ...]:
    """The words with their speakers; without, if no diarizer is wanted or usable."""
    wanted = context.params.speakers
    if words and context.params.channels == "split" and context.has(artifacts.CHANNELS):
        return by_channel(words, context.read(artifacts.CHANNELS))
    if not words or not activity.spans:
        return words
    turns = context.use_if_any("diarizer", lambda engine: engine.turns(recording, activity, wanted))
    if not turns:
        return words
    found = assign(words, turns)
    voices = len({word.speaker for word in found})
    if wanted and voices != wanted:
        context.degrade(
            "fewer-speakers",
            f"--speakers={wanted}: only {voices} {'voice' if voices == 1 else 'voices'} could be"
            " told apart",
        )
    return found
