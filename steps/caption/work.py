"""The work of caption: cues for every clip, and their files."""

from __future__ import annotations

from collections.abc import Sequence

from steps.caption import CaptionParams
from steps.caption.boxes import BOXES
from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.caption.layout import Typesetter, render_ass
from steps.caption.metrics import read_metrics
from steps.caption.styles import read_style
from steps.contract import Context
from steps.contract.errors import OverLimit
from steps.formats import srt, webvtt
from steps.formats.subtitles import Subtitle
from steps.model import artifacts
from steps.model.captions import MAX_CUES, Captions, ClipCaptions, Cue
from steps.model.phrases import join
from steps.model.weights import MONTSERRAT


def run(context: Context[CaptionParams]) -> None:
    """Write captions.json, and .ass, .srt and .vtt of each clip."""
    style = read_style(context.content("style"))
    metrics = read_metrics(context.weights(MONTSERRAT))
    typesetter = Typesetter(style, metrics, BOXES[context.params.platform])
    limits = Limits(style.words_per_line, style.characters_per_line, style.lines)
    transcript = context.read(artifacts.TRANSCRIPT)
    clips = context.read(artifacts.CLIPS).clips
    folder = context.output(artifacts.CAPTION_FILES)
    made = []
    for clip in clips:
        cues = build_cues(transcript.words, clip, limits, typesetter.fill)
        if len(cues) > MAX_CUES:
            raise OverLimit(
                f"{clip.id} has {len(cues):,} cues (at most {MAX_CUES:,}): choose a shorter clip"
            )
        entries = subtitles(cues, clip.in_ms)
        made.append(ClipCaptions(id=clip.id, cues=cues))
        for suffix, text in (
            ("ass", render_ass(cues, clip.in_ms, typesetter)),
            ("srt", srt.write(entries)),
            ("vtt", webvtt.write(entries)),
        ):
            (folder / f"{clip.id}.{suffix}").write_text(text, encoding="utf-8", newline="\n")
        context.progress.report(len(made), len(clips))
    words = (word.text for clip in made for cue in clip.cues for word in cue.words)
    if not all(metrics.covers(typesetter.shown(word)) for word in words):
        context.degrade(
            "caption-font",
            "the captions have characters that the pinned font lacks: a font of the machine "
            "that renders draws them, so the picture may differ between machines",
        )
    burned = context.params.captions == "burn"
    context.write(
        artifacts.CAPTIONS,
        Captions(language=transcript.language, burned=burned, clips=tuple(made)),
    )


def subtitles(cues: Sequence[Cue], offset_ms: int) -> list[Subtitle]:
    """Cues as entries of a subtitle file on the clip's clock, which starts at `offset_ms`."""
    return [
        Subtitle.of(
            cue.in_ms - offset_ms,
            cue.out_ms - offset_ms,
            filter(None, (join(word.text for word in cue.words if word.line == n) for n in (0, 1))),
        )
        for cue in cues
    ]
