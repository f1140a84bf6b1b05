"""The work of caption: cues for every clip, and their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from steps.caption import CaptionParams
from steps.caption.cues import build_cues
from steps.caption.emoji_words import decorated, emoji_of
from steps.caption.faces import Bundled, Faces, faces
from steps.caption.layout import render_ass
from steps.caption.metrics import FAMILY, read_metrics
from steps.caption.overlays import overlays, title_cards
from steps.caption.placement import placed_cues
from steps.caption.sidecars import said_in, sidecars
from steps.caption.styles import FONT_SUFFIXES, Style, read_style
from steps.caption.translation import Shown, doubled
from steps.caption.typesetting import Typesetter
from steps.contract import Context
from steps.contract.errors import OverLimit
from steps.model import artifacts
from steps.model.canvas import Canvas
from steps.model.captions import MAX_CUES, Captions, ClipCaptions
from steps.model.clips import Clip, ClipSummary, Summary, Translation
from steps.model.crop import Crops, ShotCrop
from steps.model.phrases import bare_word, graphemes
from steps.model.profanity import masked, masked_text, swear_words, to_silence
from steps.model.transcript import Transcript, Word
from steps.model.weights import MONTSERRAT, NOTO, NOTO_CJK, TWEMOJI

MOST_NAMED = 20
"""Characters in a message."""


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
        hooks: masked, by id.
        titles: for the thumbnails, masked, by id.
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


def run(context: Context[CaptionParams]) -> None:
    """Write captions.json, and .ass, .srt, .vtt, .txt and .words.json of each clip and aspect."""
    material = _material(context)
    burned = _burned(context, material.heard)
    context.write(
        artifacts.CAPTIONS, _captions(context, material, context.read(artifacts.CROPS), "", burned)
    )
    for path in sorted(context.input(artifacts.MORE_CROPS).glob("*.json")):
        crops, further = Crops.from_file(path), path.stem
        captions = _captions(context, material, crops, f"_{further}", burned)
        place = context.output(artifacts.MORE_CAPTIONS) / f"{further}.json"
        place.write_bytes(captions.canonical_bytes())


def _burned(context: Context[CaptionParams], heard: Transcript) -> bool:
    """Whether the captions are drawn into the picture."""
    if context.params.captions != "burn":
        return False
    if heard.doubtful:
        context.degrade(
            "captions-not-burned",
            "most words are doubtful (transcribe says why): the clips are without captions, and the"
            " .srt and .vtt files have them",
        )
        return False
    return True


def _material(context: Context[CaptionParams]) -> Material:
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
    kept = partial(
        _kept, context, languages=(transcript.language, summary.language if summary else "")
    )
    shown = Shown.of(transcript, _translation(context, summary), context.params.translate_show)
    hooks = {clip.id: kept(about[clip.id].hook) for clip in clips if clip.id in about}
    titles: dict[str, str] = {}
    if context.params.thumbnail_text == "on":
        titles = {clip.id: kept(clip.title) for clip in clips}
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


def _captions(
    context: Context[CaptionParams], material: Material, crops: Crops, ending: str, burned: bool
) -> Captions:
    """The captions in one aspect, and their files; `ending` is that of the renditions' ids."""
    canvas = Canvas(crops.output)
    plain = Typesetter(
        material.style,
        material.found.metrics,
        canvas,
        canvas.safe(context.params.platform),
        material.found.others,
        material.found.own,
        speakers=material.speakers,
        emoji=material.found.emoji,
        language=material.shown.language,
    )
    names = voice_names(material.speakers, context.params.speaker_names)
    shots = {clip.id: clip.shots for clip in crops.clips}
    folder = context.output(artifacts.CAPTION_FILES)
    made = []
    for clip in material.clips:
        captions, files = _of_clip(material, clip, shots.get(clip.id, ()), plain, names)
        made.append(captions)
        for suffix, content in files:
            (folder / f"{clip.id}{ending}.{suffix}").write_bytes(content)
        context.progress.report(len(made), len(material.clips))
    words = (word.text for clip in made for cue in clip.cues for word in cue.words)
    undrawn = "".join(
        sorted({one for word in words for one in graphemes(word) if not plain.draws(one)})
    )
    if undrawn:
        context.degrade(
            "caption-font",
            f"no bundled font has {undrawn[:MOST_NAMED]!r}: the picture shows the captions without"
            " them, and the .srt and .vtt files have them",
        )
    return Captions(
        language=material.shown.language,
        burned=burned,
        safe=canvas.in_pixels(plain.box),
        profanity=context.params.profanity,
        clips=tuple(made),
    )


def _of_clip(
    material: Material,
    clip: Clip,
    shots: Sequence[ShotCrop],
    plain: Typesetter,
    names: Mapping[str, str],
) -> tuple[ClipCaptions, list[tuple[str, bytes]]]:
    """The captions of a clip, and its files by their suffix."""
    style, shown = material.style, material.shown
    typesetter = replace(plain, keywords=key_words(material.about.get(clip.id)))
    limits, cuts = shown.limits(style), [shot.in_ms for shot in shots[1:]]
    build = partial(build_cues, cuts=cuts, dashes=style.speaker_dash)
    cues = build(shown.words, clip, limits, typesetter.fill)
    if shown.under:
        cues = doubled(cues, shown.under)
    if len(cues) > MAX_CUES:
        raise OverLimit(
            f"{clip.id} has {len(cues):,} cues (at most {MAX_CUES:,}): choose a shorter clip"
        )
    written = build(shown.written, clip, limits, typesetter.fill) if shown.written else cues
    if style.emoji == "keywords":
        cues = decorated(cues, shown.language, typesetter.fill, typesetter.keywords)
    cues = placed_cues(cues, shots, typesetter)
    hook = material.hooks.get(clip.id, "")
    others = overlays(hook, clip.duration_ms, typesetter, cues, clip.in_ms)
    script = render_ass(cues, clip.in_ms, typesetter, others)
    said = said_in(material.transcript.words, clip)
    files = sidecars(clip, written, said, names, material.transcript.language)
    captions = ClipCaptions(
        id=clip.id,
        cues=cues,
        swearing=to_silence(material.heard.words, material.swearing, clip),
        titles=title_cards(material.titles.get(clip.id, ""), typesetter),
    )
    return captions, [("ass", script.encode()), *files]


def _kept(context: Context[CaptionParams], text: str, languages: Sequence[str]) -> str:
    """A text without the swear words that are to be masked."""
    return text if context.params.profanity == "keep" else masked_text(text, *languages)


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
            f"the style's font {font!r} is not beside the style's file on this machine: give it"
            f" with --font; {FAMILY} draws instead"
        )
    return f"the font {font!r} is not bundled: {FAMILY} draws the captions"


def _summary(context: Context[CaptionParams]) -> Summary | None:
    """What the clips are about, if anybody said."""
    has = context.has(artifacts.SUMMARY.maybe())
    return context.read(artifacts.SUMMARY.maybe()) if has else None


def _translation(context: Context[CaptionParams], summary: Summary | None) -> Translation | None:
    """The translation of the clips, with its swear words as they are to be shown."""
    found = summary.translation if summary else None
    if found is None or context.params.profanity == "keep":
        return found
    lines = (
        line.model_copy(update={"text": masked_text(line.text, found.language)})
        for line in found.lines
    )
    return found.model_copy(update={"lines": tuple(lines)})


def key_words(summary: ClipSummary | None) -> frozenset[str]:
    """The words of a clip's tags."""
    tags = summary.tags if summary else ()
    return frozenset(filter(None, (bare_word(word) for tag in tags for word in tag.split())))


def texts_in(words: Sequence[Word], clips: Sequence[Clip]) -> Iterator[str]:
    """The words that are said in a clip."""
    for word in words:
        if any(clip.in_ms < word.out_ms and word.in_ms < clip.out_ms for clip in clips):
            yield word.text


def voice_names(speakers: Sequence[str], given: str) -> dict[str, str]:
    """The name to show for each speaker, in order of appearance.

    Args:
        speakers: of the source, in order of appearance.
        given: names with commas between them; who has none is `Speaker N`.

    Returns:
        Nothing for a single voice without a name: it needs no tag.
    """
    names = [name.strip() for name in given.split(",")] if given.strip() else []
    if len(speakers) < 2 and not names:
        return {}
    shown = dict(zip(speakers, names, strict=False))
    return {
        speaker: shown.get(speaker) or f"Speaker {number}"
        for number, speaker in enumerate(speakers, start=1)
    }
