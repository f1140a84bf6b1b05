"""Swear words in a clip's sound: silenced, or covered by a tone. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from steps.model.timing import Span

TONE_HZ = 1000
TONE_DBFS = -20.0
"""Of the tone's peaks in the finished clip: broadcast's line-up level, under the speech."""


def masking(spans: Sequence[Span], origin_ms: float, tone: float = 0.0) -> str:
    """The filters that replace sound in some times, each with its comma; empty for none.

    The tone is a triangle wave: unlike a sine it has the same bits on every CPU.

    Args:
        spans: on the clock of the source.
        origin_ms: where the sound begins on that clock.
        tone: the amplitude of the tone that replaces it, 0 to 1; 0 for silence.
    """
    if not spans:
        return ""
    times = "+".join(
        f"between(t\\,{(span.in_ms - origin_ms) / 1000:.4f}\\,"
        f"{(span.out_ms - origin_ms) / 1000:.4f})"
        for span in spans
    )
    wave = f"{tone:.6f}*(abs(mod(t*{TONE_HZ}\\,1)*4-2)-1)" if tone else "0"
    each = "|".join(f"if({times}\\,{wave}\\,val({channel}))" for channel in (0, 1))
    return f"aeval=exprs={each}:c=same,aformat=sample_fmts=fltp,"


def tone_amplitude(gain_db: float) -> float:
    """The amplitude of the tone before a gain, so that it ends at TONE_DBFS."""
    return float(min(1.0, 10 ** ((TONE_DBFS - gain_db) / 20)))
