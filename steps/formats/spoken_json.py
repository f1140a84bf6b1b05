"""Transcripts in JSON: of WhisperX, Whisper, whisper.cpp, Deepgram, AssemblyAI, ElevenLabs, ours.

Each reader takes what is there and skips entries without text; what has no usable shape raises
ValueError with a line for the user. Files come from strangers: every value is checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from steps.formats.subtitles import Subtitle
from steps.model.languages import ENGLISH_NAMES

MAX_WORDS = 300_000
LATEST_MS = 100 * 3_600_000
"""A later time is no time."""


@dataclass(frozen=True)
class SpokenWord:
    """A word of a file: its times where it has them, in milliseconds, and who says it."""

    text: str
    in_ms: int | None = None
    out_ms: int | None = None
    confidence: int = 1000
    speaker: str = ""


@dataclass(frozen=True)
class SpokenFile:
    """Words with times, or else cues without.

    Attributes:
        language: as the file states it, or empty.
        is_ours: whether a job wrote it, so that 0 is the first picture.
    """

    words: tuple[SpokenWord, ...] = ()
    cues: tuple[Subtitle, ...] = ()
    language: str = ""
    is_ours: bool = False


def read(text: str) -> SpokenFile:
    """Parse a transcript.

    Raises:
        ValueError: it is not JSON, in no known shape, or has too many words.
    """
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise ValueError("its lists are too deep") from error
    except ValueError as error:
        raise ValueError(f"it is not valid JSON ({error})") from error
    if isinstance(data, dict):
        for key, reader in READERS:
            if key in data:
                found = reader(data)
                if len(found.words) > MAX_WORDS:
                    raise ValueError(f"it has over {MAX_WORDS:,} words")
                if found.words or found.cues:
                    return found
                raise ValueError("it has no words with times")
    known = ", ".join(f"{key!r}" for key, _ in READERS)
    raise ValueError(f"its shape is unknown: none of {known} is at its top")


def _ours(data: Mapping[str, Any]) -> SpokenFile:
    words = [
        SpokenWord(
            text, _ms(item, "in_ms", 1), _ms(item, "out_ms", 1), _share(item, 1, "confidence"),
            _text(item.get("speaker")),
        )
        for item in _items(data.get("words"))
        if (text := _text(item.get("text")))
    ]  # fmt: skip
    return SpokenFile(tuple(words), language=_text(data.get("language")), is_ours=True)


def _whisper(data: Mapping[str, Any]) -> SpokenFile:
    """WhisperX, faster-whisper and OpenAI's: `segments`, most with `words`; seconds."""
    segments = list(_items(data.get("segments")))
    found = [list(_seconds(segment.get("words"))) for segment in segments]
    language = _language(data.get("language"))
    if any(found):
        words = [
            replace(word, speaker=word.speaker or _text(segment.get("speaker")))
            for segment, timed in zip(segments, found, strict=True)
            for word in timed or _untimed(segment)
        ]
    else:
        words = list(_seconds(data.get("words")))
    if words:
        return SpokenFile(tuple(words), language=language)
    cues = (_cue(item, _ms(item, "start", 1000), _ms(item, "end", 1000)) for item in segments)
    return SpokenFile(cues=tuple(filter(None, cues)), language=language)


def _untimed(segment: Mapping[str, Any]) -> Iterator[SpokenWord]:
    """The words of a segment that WhisperX could not align: it has only a text and two times.

    The first and the last word get their share of its time; those between them have none.
    """
    texts = [text for text in _text(segment.get("text")).split() if any(map(str.isalnum, text))]
    in_ms, out_ms = _ms(segment, "start", 1000), _ms(segment, "end", 1000)
    total, done = sum(map(len, texts)), 0
    for place, text in enumerate(texts):
        word, done = SpokenWord(text), done + len(text)
        if in_ms is not None and out_ms is not None and place in (0, len(texts) - 1):
            start, end = ((out_ms - in_ms) * at // total for at in (done - len(text), done))
            word = SpokenWord(text, in_ms + start, in_ms + end)
        yield word


def _whisper_cpp(data: Mapping[str, Any]) -> SpokenFile:
    """whisper.cpp: `offsets` in milliseconds; with `-ojf` each segment has its tokens."""
    segments = list(_items(data.get("transcription")))
    words = [word for segment in segments for word in _tokens(segment.get("tokens"))]
    result = data.get("result")
    language = _text(result.get("language")) if isinstance(result, dict) else ""
    if words:
        return SpokenFile(tuple(words), language=language)
    cues = []
    for item in segments:
        times = item.get("offsets")
        if isinstance(times, dict):
            cues.append(_cue(item, _ms(times, "from", 1), _ms(times, "to", 1)))
    return SpokenFile(cues=tuple(filter(None, cues)), language=language)


def _tokens(value: object) -> Iterator[SpokenWord]:
    """Words of tokens: one that begins with a space begins a word."""
    word: SpokenWord | None = None
    for item in _items(value):
        text, times = item.get("text"), item.get("offsets")
        if not isinstance(text, str) or not isinstance(times, dict) or text.startswith("[_"):
            continue
        in_ms, out_ms = _ms(times, "from", 1), _ms(times, "to", 1)
        if word is None or text.startswith(" "):
            if word and word.text:
                yield word
            word = SpokenWord(text.strip(), in_ms, out_ms, _share(item, 1000, "p"))
        else:
            word = replace(word, text=word.text + text.strip(), out_ms=out_ms)
    if word and word.text:
        yield word


def _deepgram(data: Mapping[str, Any]) -> SpokenFile:
    """Deepgram: the first alternative of the first channel that has words."""
    results = data.get("results")
    for channel in _items(results.get("channels")) if isinstance(results, dict) else ():
        for alternative in _items(channel.get("alternatives")):
            if words := tuple(_seconds(alternative.get("words"))):
                return SpokenFile(words, language=_text(channel.get("detected_language")))
    return SpokenFile()


def _assembly(data: Mapping[str, Any]) -> SpokenFile:
    """AssemblyAI: `words` in milliseconds, as `text`; or OpenAI's, in seconds, as `word`.

    Those of ElevenLabs have a `type`: they are `_typed`.
    """
    language = _text(data.get("language_code")) or _language(data.get("language"))
    words = list(_typed(data.get("words"))) or [
        SpokenWord(
            text, _ms(item, "start", 1), _ms(item, "end", 1), _share(item, 1000, "confidence"),
            _text(item.get("speaker")),
        )
        for item in _items(data.get("words"))
        if (text := _text(item.get("text")))
    ] or list(_seconds(data.get("words")))  # fmt: skip
    return SpokenFile(tuple(words), language=language.replace("_", "-"))


def _typed(value: object) -> Iterator[SpokenWord]:
    """The words of ElevenLabs, in seconds; between them are its spaces and sounds."""
    for item in _items(value):
        if item.get("type") == "word" and (text := _text(item.get("text"))):
            times = _ms(item, "start", 1000), _ms(item, "end", 1000)
            yield SpokenWord(text, *times, speaker=_text(item.get("speaker_id")))


READERS: Sequence[tuple[str, Callable[[Mapping[str, Any]], SpokenFile]]] = (
    ("kind", _ours),
    ("segments", _whisper),
    ("transcription", _whisper_cpp),
    ("results", _deepgram),
    ("words", _assembly),
)
"""By the key that only their files have at the top."""


def _seconds(value: object) -> Iterator[SpokenWord]:
    for item in _items(value):
        text = _text(item.get("punctuated_word")) or _text(item.get("word"))
        if text:
            yield SpokenWord(
                text,
                _ms(item, "start", 1000),
                _ms(item, "end", 1000),
                _share(item, 1000, "score", "probability", "confidence"),
                _text(item.get("speaker")),
            )


def _cue(item: Mapping[str, Any], in_ms: int | None, out_ms: int | None) -> Subtitle | None:
    text = _text(item.get("text"))
    if not text or in_ms is None or out_ms is None or out_ms <= in_ms:
        return None
    return Subtitle.of(in_ms, out_ms, [text], _text(item.get("speaker")))


def _items(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def _text(value: object) -> str:
    """A text without white space around it; Deepgram numbers its speakers."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:20]
    return value.strip() if isinstance(value, str) else ""


def _language(value: object) -> str:
    """A code, also for the English name that OpenAI's service writes."""
    language = _text(value)
    return ENGLISH_NAMES.get(language.lower(), language)


def _ms(item: Mapping[str, Any], name: str, scale: int) -> int | None:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_moderate(value):
        return None
    time_ms = round(value * scale)
    return time_ms if 0 <= time_ms <= LATEST_MS else None


def _share(item: Mapping[str, Any], scale: int, *names: str) -> int:
    """A confidence in thousandths; 1000 where the file states none."""
    for name in names:
        value = item.get(name)
        if isinstance(value, int | float) and _is_moderate(value):
            return min(1000, max(0, round(value * scale)))
    return 1000


def _is_moderate(value: float) -> bool:
    """Whether a number is one to count with: not NaN, infinite, or an integer past any float."""
    return -LATEST_MS <= value <= LATEST_MS
