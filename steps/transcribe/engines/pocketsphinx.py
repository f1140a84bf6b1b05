"""The aligner `pocketsphinx`: forced alignment of English words with CMU Sphinx.

A passage of words is placed as a whole or keeps its times: where a word has no letters, where the
search loses the words (noise, music, words that nobody says), or where a word would move too far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pocketsphinx import Decoder

from steps.contract import Context
from steps.media.audio import SAMPLE_RATE_HZ
from steps.model.timing import Span
from steps.model.weights import G2P_EN, POCKETSPHINX_EN
from steps.transcribe import TranscribeParams
from steps.transcribe.alignment import Passage, passages
from steps.transcribe.pronunciation import Pronouncer
from steps.transcribe.recording import Recording
from steps.transcribe.spoken import spoken
from steps.transcribe.word_times import RawWord

FRAME_MS = 10
FARTHEST_MS = 1500
"""How far a measured word may move; more says that something else was aligned."""
_NOT_A_WORD = re.compile(r"[<(\[].*")
_VARIANT = re.compile(r"\(\d+\)$")


class Pocketsphinx:
    """An `Aligner`.

    Args:
        model: the folder with `en-us/` (the acoustic model) and `cmudict-en-us.dict`.
        letters: weights of the `Pronouncer`, for words outside the dictionary.
    """

    def __init__(self, model: Path, letters: Path) -> None:
        self._decoder = Decoder(
            hmm=str(model / "en-us"),
            dict=str(model / "cmudict-en-us.dict"),
            lm=None,
            samprate=SAMPLE_RATE_HZ,
            loglevel="FATAL",
        )
        self._pronouncer = Pronouncer(letters)

    def knows(self, language: str) -> bool:
        """Whether it can align a language."""
        return language == "en"

    def align(self, recording: Recording, words: Sequence[RawWord]) -> list[RawWord]:
        """The words, passage by passage."""
        found: list[RawWord] = []
        for passage in passages(words, recording.duration_ms):
            found += self._placed(recording, passage) or passage.words
        return found

    def _placed(self, recording: Recording, passage: Passage) -> list[RawWord]:
        """The words of a passage with their new times, or nothing."""
        texts = [spoken(word.text) for word in passage.words]
        if not all(texts) or not all(self._learn(text) for said in texts for text in said):
            return []
        said = [text for group in texts for text in group]
        for sound in (passage.sound, passage.wide):
            spans = self._spans(recording, sound, said)
            if spans and (placed := _moved(passage.words, texts, spans)):
                return placed
        return []

    def _learn(self, text: str) -> bool:
        """Make sure that the dictionary has a word; False if nothing can be said for it."""
        if self._decoder.lookup_word(text) is None:
            phones = self._pronouncer.phones(text)
            if not phones:
                return False
            self._decoder.add_word(text, " ".join(phones), True)
        return True

    def _spans(self, recording: Recording, sound: Span, texts: Sequence[str]) -> list[Span]:
        """The time range of each word, or nothing where the search does not find them all."""
        pcm = recording.pcm(sound)
        try:
            self._decoder.set_align_text(" ".join(texts))
            self._decoder.start_utt()
            self._decoder.process_raw(pcm, full_utt=True)
            self._decoder.end_utt()
            segments = list(self._decoder.seg() or ())
        except RuntimeError:  # all that it raises where the words do not fit the sound
            return []
        heard = [item for item in segments if not _NOT_A_WORD.fullmatch(item.word)]
        if [_VARIANT.sub("", item.word) for item in heard] != list(texts):
            return []
        return [
            Span(
                in_ms=sound.in_ms + item.start_frame * FRAME_MS,
                out_ms=sound.in_ms + (item.end_frame + 1) * FRAME_MS,
            )
            for item in heard
        ]


def aligner(context: Context[TranscribeParams]) -> Pocketsphinx:
    """The aligner with its pinned models."""
    return Pocketsphinx(context.weights(POCKETSPHINX_EN), context.weights(G2P_EN))


def _moved(
    words: Sequence[RawWord], texts: Sequence[Sequence[str]], spans: Sequence[Span]
) -> list[RawWord]:
    """Words at the spans of what is said for them; nothing if one would move too far."""
    found, at = [], 0
    for word, said in zip(words, texts, strict=True):
        start, end = spans[at].in_ms, spans[at + len(said) - 1].out_ms
        at += len(said)
        if not word.interpolated and abs(start - word.span.in_ms) > FARTHEST_MS:
            return []
        found.append(replace(word, in_ms=start, out_ms=end, interpolated=False, aligned=True))
    return found
