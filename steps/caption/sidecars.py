"""Cues as SubRip and WebVTT, one entry per cue, on the clip's clock. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from steps.caption.text import join
from steps.model.captions import Cue
from steps.model.timing import clock

_WORD_JOINER = "\u2060"


def render_srt(cues: Sequence[Cue], offset_ms: int) -> str:
    """The text of an .srt file; `<`, `{` and `-->` are kept from being read as markup."""
    blocks = []
    for number, cue in enumerate(cues, 1):
        times = f"{_time(cue.in_ms - offset_ms, ',')} --> {_time(cue.out_ms - offset_ms, ',')}"
        blocks.append(f"{number}\n{times}\n{_srt_text(_lines(cue))}\n")
    return "\n".join(blocks)


def render_vtt(cues: Sequence[Cue], offset_ms: int) -> str:
    """The text of a .vtt file; `&`, `<` and `>` are escaped as the standard says."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        times = f"{_time(cue.in_ms - offset_ms, '.')} --> {_time(cue.out_ms - offset_ms, '.')}"
        text = _lines(cue).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{times}\n{text}\n")
    return "\n".join(blocks)


def _time(time_ms: int, point: str) -> str:
    return clock(time_ms, point)


def _lines(cue: Cue) -> str:
    lines = [join(word.text for word in cue.words if word.line == line) for line in (0, 1)]
    return "\n".join(line for line in lines if line)


def _srt_text(text: str) -> str:
    return (
        text.replace("<", f"<{_WORD_JOINER}")
        .replace("{", f"{{{_WORD_JOINER}")
        .replace("-->", f"--{_WORD_JOINER}>")
    )
