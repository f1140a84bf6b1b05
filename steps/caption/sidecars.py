"""The files beside a clip that carry its words: .srt, .vtt, .txt and .words.json. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from steps.formats import srt, webvtt
from steps.formats.subtitles import Subtitle
from steps.model.captions import ClipWord, ClipWords, Cue
from steps.model.clips import Clip
from steps.model.phrases import ends_sentence, join, split_where
from steps.model.transcript import Word

PARAGRAPH_PAUSE_MS = 1500
"""In the .txt, a longer pause after a sentence begins a paragraph, as another speaker does."""


def sidecars(
    clip: Clip, cues: Sequence[Cue], words: Sequence[Word], names: Mapping[str, str], language: str
) -> Iterator[tuple[str, bytes]]:
    """The suffix and the content of each file.

    Args:
        clip: the files are on its clock.
        cues: of the clip.
        words: said in the clip.
        names: of the speakers, where they are shown.
        language: of the words.
    """
    entries = subtitles(cues, clip.in_ms, names)
    yield "srt", srt.write(entries).encode()
    yield "vtt", webvtt.write(entries).encode()
    yield "txt", plain_text(words, names).encode()
    yield "words.json", clip_words(clip, words, language).canonical_bytes() + b"\n"


def said_in(words: Sequence[Word], clip: Clip) -> list[Word]:
    """The words with their middle in a clip, as its cues have them."""
    return [word for word in words if clip.in_ms <= (word.in_ms + word.out_ms) // 2 < clip.out_ms]


def plain_text(words: Sequence[Word], names: Mapping[str, str]) -> str:
    """The words as paragraphs, with the name of who says them where there are names."""

    def parts(before: Word, after: Word) -> bool:
        pause_ms = after.in_ms - before.out_ms
        ended = ends_sentence(before.text) and pause_ms > PARAGRAPH_PAUSE_MS
        return ended or before.speaker != after.speaker

    lines = []
    for run in split_where(words, parts):
        name = names.get(run[0].speaker, "")
        text = " ".join(join(word.text for word in run).split())
        lines.append(f"{name}: {text}\n" if name else f"{text}\n")
    return "\n".join(lines)


def clip_words(clip: Clip, words: Sequence[Word], language: str) -> ClipWords:
    """The words of a clip, cut at its edges."""
    found = []
    for word in words:
        span = word.clamp(clip)
        found.append(
            ClipWord(
                in_ms=span.in_ms - clip.in_ms,
                out_ms=span.out_ms - clip.in_ms,
                text=word.text,
                speaker=word.speaker,
            )
        )
    return ClipWords(id=clip.id, language=language, words=tuple(found))


def subtitles(
    cues: Sequence[Cue], offset_ms: int, names: Mapping[str, str] | None = None
) -> list[Subtitle]:
    """Cues as entries of a subtitle file on the clip's clock, which starts at `offset_ms`."""
    shown = names or {}
    return [
        Subtitle.of(
            cue.in_ms - offset_ms,
            cue.out_ms - offset_ms,
            filter(None, (join(word.text for word in cue.words if word.line == n) for n in (0, 1))),
            shown.get(cue.speaker, ""),
        )
        for cue in cues
    ]
