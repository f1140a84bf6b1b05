"""Words by speech recognition: one run of the recogniser that the params choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from steps.contract import Context
from steps.contract.errors import BadInput
from steps.model.languages import plain_language
from steps.model.source import SourceMeta
from steps.model.timing import Span
from steps.model.transcript import SoundSpan
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.engines.protocol import Recognizer
from steps.transcribe.engines.whisper_models import HEARD_WELL
from steps.transcribe.finishing import Heard
from steps.transcribe.guards import HALF, Guarded, doubtful, guard
from steps.transcribe.languages import (
    ENGLISH,
    ENGLISH_ONLY,
    QUICK_MS,
    QUICK_TRUSTED,
    Vote,
    alike,
    vote,
    voters,
    wanted_language,
)
from steps.transcribe.recording import Recording
from steps.transcribe.sounds import music_share
from steps.transcribe.windows import LONGEST_MS, Window, windows
from steps.transcribe.word_times import RawWord, interpolate, trim_pauses

VOICE_SHARE = 0.1
"""The share of the time that decoding and voice activity take."""
MUSICAL = 0.25
"""From this share of the voice on, music under it decides which model hears a source. Over real
music 12 dB below the voice tiny.en changes 5.4 % of the words and base 2.1 % (docs/voices.md)."""


@dataclass(frozen=True)
class Attempt:
    """What one run of a recogniser gave: the language it was asked for, its model, the words.

    Attributes:
        spoken: the language that is heard instead; empty if nothing speaks against `language`.
    """

    language: str
    model: str
    guarded: Guarded
    spoken: str = ""


@dataclass(frozen=True)
class Listening:
    """One source in front of recognisers.

    Attributes:
        context: of the step.
        meta: of the source.
        recording: its sound.
        activity: where there is voice in it.
        why: why the captions that came with the source are not used, or empty.
        sounds: the speech, music and singing in it.
    """

    context: Context[TranscribeParams]
    meta: SourceMeta
    recording: Recording
    activity: VoiceActivity
    why: str
    sounds: Sequence[SoundSpan] = ()

    def heard(self, recognizer: Recognizer) -> Attempt:
        """The words, in the language that is wanted, else stated, else detected.

        A stated language is doubted, as many files say English of any speech; one that the user
        wants is kept, and only what speaks against it is noted.

        Raises:
            BadInput: the user asked for a language that the model does not know.
        """
        if wanted := wanted_language(self.context.params):
            if not knows(recognizer, wanted):
                raise unknown_language(wanted, recognizer.languages, self.why)
            found = self._in(wanted, recognizer)
            return replace(found, spoken=self._against(found, recognizer))
        stated = plain_language(self.meta.language)
        if not knows(recognizer, stated):
            return self._in(self._voted(recognizer).language, recognizer)
        found = self._in(stated, recognizer)
        if spoken := self._against(found, recognizer):
            message = f"the source states {stated!r}, but the speech is {spoken!r}"
            self.context.degrade("stated-language", message)
            return self._in(spoken, recognizer)
        return found

    def _against(self, found: Attempt, recognizer: Recognizer) -> str:
        """The language that is spoken instead of the one of an attempt; empty if that may be right.

        In the wrong language a multilingual model makes up words that it is sure of, so its own
        confidence is not enough. A sure vote for another language is, if the speech is heard with
        more confidence in that one. A model that knows English only is unsure of other speech.
        """
        if found.model.endswith(ENGLISH_ONLY) and not doubtful(found.guarded):
            return ""
        voted = self.poll(recognizer)
        if not voted.sure or alike(voted.language, found.language):
            return ""
        first = windows(self.activity)[0]
        own = [word for word in found.guarded.words if within(word.span, first)]
        part = VoiceActivity(first.pieces, self.activity.duration_ms)
        other = recognizer.recognize(self.recording, part, voted.language, lambda _: None)
        return voted.language if confidence(other.words) > confidence(own) else ""

    def _voted(self, recognizer: Recognizer) -> Vote:
        """The detected language; reported if it is unsure."""
        voted = self.poll(recognizer)
        if not voted.sure:
            share = f"{voted.share // 10} % sure"
            message = f"the language may be {voted.language!r} ({share}): --language settles it"
            self.context.degrade("unsure-language", message)
        return voted

    def poll(self, recognizer: Recognizer) -> Vote:
        """The vote of short windows if it is clear, else of long ones, which cost more."""
        quick = self._vote_in(QUICK_MS, recognizer)
        return quick if quick.share >= QUICK_TRUSTED else self._vote_in(LONGEST_MS, recognizer)

    def _vote_in(self, longest_ms: int, recognizer: Recognizer) -> Vote:
        chosen = voters(windows(self.activity, longest_ms))
        return vote(chosen, list(recognizer.detect(self.recording, chosen, longest_ms)))

    def _in(self, language: str, recognizer: Recognizer) -> Attempt:
        """The words in a language, without those that nobody says."""
        musical = music_share(self.activity.spans, self.sounds) >= MUSICAL
        found = recognizer.recognize(
            self.recording, self.activity, language, self._on_time_ms, over_music=musical
        )
        words = interpolate(found.words, self.meta.duration_ms)
        guarded = guard(words, self.activity, self.meta.duration_ms)
        return Attempt(language, found.model, guarded)

    def _on_time_ms(self, time_ms: int) -> None:
        done = time_ms / max(1, self.recording.duration_ms)
        self.context.progress.report(VOICE_SHARE + (1 - VOICE_SHARE) * done, 1)


def knows(recognizer: Recognizer, language: str) -> bool:
    """Whether a language can be asked for; English always can, and no model is loaded for it."""
    return language == ENGLISH or language in recognizer.languages


def confidence(words: Sequence[RawWord]) -> float:
    """The mean confidence of words; 0 of none."""
    return sum(word.confidence for word in words) / max(1, len(words))


def within(span: Span, window: Window) -> bool:
    """Whether a word is in a window."""
    middle = (span.in_ms + span.out_ms) // 2
    return any(piece.in_ms <= middle < piece.out_ms for piece in window.pieces)


def recognise(listening: Listening) -> Heard:
    """The words that the chosen recogniser finds, without those that nobody says.

    Raises:
        BadInput: the user asked for a language or a model that there is not.
    """
    context = listening.context
    heard = context.use("asr", listening.heard)
    guarded = heard.guarded
    for item in guarded.dropped:
        context.log.info("word dropped", **item.model_dump())
    if heard.spoken:
        context.degrade("contradicted-language", contradiction(heard))
    elif doubtful(guarded):
        context.degrade("unsure-words", doubt(heard.language))
    elif heard.language not in HEARD_WELL.get(heard.model, heard.language):
        context.degrade("weak-language", weak(heard))
    return Heard(
        engine=context.engines["asr"].name,
        model=heard.model,
        language=heard.language,
        words=trim_pauses(guarded.words, listening.activity),
        dropped=tuple(guarded.dropped),
        doubtful=bool(heard.spoken) or doubtful(guarded, HALF),
    )


def contradiction(heard: Attempt) -> str:
    """What to do about a language that is not spoken."""
    return (
        f"--language={heard.language}, but the speech is {heard.spoken!r}: the words are made up,"
        f" and captions are not burned; use --language={heard.spoken} or leave it out"
    )


def doubt(language: str) -> str:
    """What to do about words that are unsure."""
    return (
        f"much of the speech was not understood, because of noise or because it is not in"
        f" {language!r}: check the words, set --language, or put good captions beside the video"
        " (.vtt, .srt)"
    )


def weak(heard: Attempt) -> str:
    """What to do about a language that the model hears badly."""
    return (
        f"{heard.model} makes many errors in {heard.language!r}: check the words, name a larger"
        " model with --asr-model, or put good captions beside the video (.vtt, .srt)"
    )


def unknown_language(language: str, known: frozenset[str], why: str) -> BadInput:
    """The error for a language that the recogniser does not know, and what to do about it."""
    knows = "English only" if known == {ENGLISH} else f"{len(known)} others"
    advice = "put good captions beside the video (.vtt, .srt)"
    if why:
        advice = f"{why}; put better ones beside the video (.vtt, .srt)"
    return BadInput(
        f"--language={language}: the speech model knows {knows}: use --asr-model=base or {advice}"
    )
