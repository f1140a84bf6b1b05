"""The work of caption: cues for every clip, and their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from steps.caption import CaptionParams
from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.caption.fallbacks import fallbacks
from steps.caption.layout import render_ass
from steps.caption.metrics import FAMILY, read_metrics
from steps.caption.styles import read_style
from steps.caption.typesetting import Typesetter
from steps.contract import Context
from steps.contract.errors import OverLimit
from steps.formats import srt, webvtt
from steps.formats.subtitles import Subtitle
from steps.model import artifacts
from steps.model.canvas import Canvas
from steps.model.captions import MAX_CUES, Captions, ClipCaptions, Cue
from steps.model.clips import Clip
from steps.model.phrases import join
from steps.model.transcript import Word
from steps.model.weights import MONTSERRAT, NOTO, NOTO_CJK

MOST_NAMED = 20
"""Characters in a message."""


def run(context: Context[CaptionParams]) -> None:
    """Write captions.json, and .ass, .srt and .vtt of each clip."""
    style = read_style(context.content("style"))
    if style.font.casefold() != FAMILY.casefold():
        context.degrade(
            "caption-font", f"the font {style.font!r} is not bundled: {FAMILY} draws the captions"
        )
    metrics = read_metrics(context.weights(MONTSERRAT))
    limits = Limits(style.words_per_line, style.characters_per_line, style.lines)
    transcript = context.read(artifacts.TRANSCRIPT)
    clips = context.read(artifacts.CLIPS).clips
    fonts = fallbacks(
        metrics.lacking(texts_in(transcript.words, clips)),
        transcript.language,
        lambda: context.weights(NOTO),
        lambda: context.weights(NOTO_CJK),
    )
    canvas = Canvas(context.read(artifacts.CROPS).output)
    typesetter = Typesetter(style, metrics, canvas, canvas.safe(context.params.platform), fonts)
    names = voice_names(transcript.words, context.params.speaker_names)
    folder = context.output(artifacts.CAPTION_FILES)
    made = []
    for clip in clips:
        cues = build_cues(transcript.words, clip, limits, typesetter.fill)
        if len(cues) > MAX_CUES:
            raise OverLimit(
                f"{clip.id} has {len(cues):,} cues (at most {MAX_CUES:,}): choose a shorter clip"
            )
        entries = subtitles(cues, clip.in_ms, names)
        made.append(ClipCaptions(id=clip.id, cues=cues))
        for suffix, text in (
            ("ass", render_ass(cues, clip.in_ms, typesetter)),
            ("srt", srt.write(entries)),
            ("vtt", webvtt.write(entries)),
        ):
            (folder / f"{clip.id}.{suffix}").write_text(text, encoding="utf-8", newline="\n")
        context.progress.report(len(made), len(clips))
    words = (word.text for clip in made for cue in clip.cues for word in cue.words)
    undrawn = "".join(
        sorted({part for word in words for part in word if not typesetter.draws(part)})
    )
    if undrawn:
        context.degrade(
            "caption-font",
            f"no bundled font has {undrawn[:MOST_NAMED]!r}: the picture shows the captions without"
            " them, and the .srt and .vtt files have them",
        )
    burned = context.params.captions == "burn"
    context.write(
        artifacts.CAPTIONS,
        Captions(language=transcript.language, burned=burned, clips=tuple(made)),
    )


def texts_in(words: Sequence[Word], clips: Sequence[Clip]) -> Iterator[str]:
    """The words that are said in a clip."""
    for word in words:
        if any(clip.in_ms < word.out_ms and word.in_ms < clip.out_ms for clip in clips):
            yield word.text


def voice_names(words: Sequence[Word], given: str) -> dict[str, str]:
    """The name to show for each speaker, in order of appearance.

    Args:
        words: of the source.
        given: names with commas between them; who has none is `Speaker N`.

    Returns:
        Nothing for a single voice without a name: it needs no tag.
    """
    speakers = list(dict.fromkeys(word.speaker for word in words if word.speaker))
    names = [name.strip() for name in given.split(",")] if given.strip() else []
    if len(speakers) < 2 and not names:
        return {}
    shown = dict(zip(speakers, names, strict=False))
    return {
        speaker: shown.get(speaker) or f"Speaker {number}"
        for number, speaker in enumerate(speakers, start=1)
    }


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
