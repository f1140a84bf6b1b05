"""What the captions of all aspects are made from: words, texts, their languages and fonts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from steps.caption import CaptionParams
from steps.caption.emoji_words import emoji_of
from steps.caption.faces import Bundled, Faces, faces
from steps.caption.metrics import FAMILY, read_metrics
from steps.caption.styles import FONT_SUFFIXES, Style, read_style
from steps.caption.translation import Shown
from steps.contract import Context
from steps.model import artifacts
from steps.model.clips import Clip, ClipSummary, Summary
from steps.model.profanity import masked, swear_words
from steps.model.transcript import Transcript, Word
from steps.model.weights import MONTSERRAT, NOTO, NOTO_CJK, TWEMOJI


@dataclass(frozen=True)
class Material:
    """What the captions of all aspects are made from.

    Attributes:
        style: how they look.
        found: the fonts of all that is drawn.
        heard: the words as they were recognised.
        swearing: the places of those that are masked.
        transcript: the words with these masked.
        shown: the words that the captions show.
        clips: the clips of the job.
        about: what they are about, by id.
        hooks: by id.
        titles: for the thumbnails, by id.
    """

    style: Style
    found: Faces
    heard: Transcript
    swearing: set[int]
    transcript: Transcript
    shown: Shown
    clips: tuple[Clip, ...]
    about: Mapping[str, ClipSummary]
    hooks: Mapping[str, str]
    titles: Mapping[str, str]

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """Of the source, in order of appearance."""
        return tuple(dict.fromkeys(word.speaker for word in self.transcript.words if word.speaker))


def material_of(context: Context[CaptionParams]) -> Material:
    """Read it, mask it, and find its fonts; what is missing is reported."""
    style = read_style(context.content("style"))
    font = context.content("font")
    if not font and style.font.casefold() != FAMILY.casefold():
        context.degrade("caption-font", _not_bundled(style.font))
    heard = context.read(artifacts.TRANSCRIPT)
    swearing = _swearing(context, heard)
    transcript = heard.model_copy(update={"words": masked(heard.words, swearing)})
    clips = context.read(artifacts.CLIPS).clips
    summary = _summary(context)
    about = {clip.id: clip for clip in summary.clips} if summary else {}
    translation = summary.translation if summary else None
    shown = Shown.of(transcript, translation, context.params.translate_show)
    hooks = {clip.id: about[clip.id].hook for clip in clips if clip.id in about}
    titles: dict[str, str] = {}
    if context.params.thumbnail_text == "on":
        titles = {clip.id: clip.title for clip in clips}
    texts = list(texts_in((*shown.words, *shown.under), clips))
    if style.emoji == "keywords":
        texts += sorted(set(emoji_of(texts, shown.language)))
    drawn_hooks = hooks.values() if style.hook_s else ()
    found = faces(
        [*texts, *drawn_hooks, *titles.values()],
        shown.drawn_as,
        Bundled(
            read_metrics(context.weights(MONTSERRAT)),
            lambda: context.weights(NOTO),
            lambda: context.weights(NOTO_CJK),
            lambda: context.weights(TWEMOJI),
        ),
        font,
    )
    return Material(style, found, heard, swearing, transcript, shown, clips, about, hooks, titles)


def _swearing(context: Context[CaptionParams], transcript: Transcript) -> set[int]:
    """The places of the words to mask."""
    if context.params.profanity == "keep" or not transcript.words:
        return set()
    known = swear_words(transcript.language)
    if known is None:
        context.degrade(
            "no-swear-words",
            f"there is no list of swear words in {transcript.language!r}: --profanity masks none",
        )
        return set()
    return known.found([word.text for word in transcript.words])


def _not_bundled(font: str) -> str:
    if Path(font).suffix.casefold() in FONT_SUFFIXES:
        return (
            f"the style's font {font!r} is not beside the style's file: put it there, or name it"
            f" with --font (a file or its s3:// address); {FAMILY} draws instead"
        )
    return f"the font {font!r} is not bundled: {FAMILY} draws the captions"


def _summary(context: Context[CaptionParams]) -> Summary | None:
    """What the clips are about, if anybody said."""
    has = context.has(artifacts.SUMMARY.maybe())
    return context.read(artifacts.SUMMARY.maybe()) if has else None


def texts_in(words: Sequence[Word], clips: Sequence[Clip]) -> Iterator[str]:
    """The words that are said in a clip."""
    for word in words:
        if any(clip.in_ms < word.out_ms and word.in_ms < clip.out_ms for clip in clips):
            yield word.text
