"""The work of caption: cues for every clip, and their files."""

from __future__ import annotations

from steps.caption import CaptionParams
from steps.caption.ass import Look, render_ass
from steps.caption.boxes import BOXES
from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.caption.metrics import read_metrics
from steps.caption.sidecars import render_srt, render_vtt
from steps.caption.styles import parse_style
from steps.contract import Context
from steps.model import artifacts
from steps.model.captions import Captions, ClipCaptions
from steps.model.weights import MONTSERRAT


def run(context: Context[CaptionParams]) -> None:
    """Write captions.json, and .ass, .srt and .vtt of each clip."""
    style = parse_style(context.params.style)
    metrics = read_metrics(context.weights(MONTSERRAT))
    look = Look(style, metrics, BOXES[context.params.platform])
    limits = Limits(style.words_per_line, style.characters_per_line, style.lines)
    transcript = context.read(artifacts.TRANSCRIPT)
    clips = context.read(artifacts.CLIPS).clips
    folder = context.output(artifacts.CAPTION_FILES)
    made = []
    for clip in clips:
        cues = build_cues(transcript.words, clip, limits, look.fill)
        made.append(ClipCaptions(id=clip.id, cues=cues))
        for suffix, text in (
            ("ass", render_ass(cues, clip.in_ms, look)),
            ("srt", render_srt(cues, clip.in_ms)),
            ("vtt", render_vtt(cues, clip.in_ms)),
        ):
            (folder / f"{clip.id}.{suffix}").write_text(text, encoding="utf-8", newline="\n")
        context.progress.report(len(made), len(clips))
    words = (word.text for clip in made for cue in clip.cues for word in cue.words)
    if not all(metrics.covers(look.shown(word)) for word in words):
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
