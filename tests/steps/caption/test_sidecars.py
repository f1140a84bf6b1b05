"""SRT and VTT as independent readers see them."""

import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from steps.caption.sidecars import render_srt, render_vtt
from steps.model.captions import Cue, CueWord


def cue(in_ms: int, out_ms: int, *lines: str) -> Cue:
    words = [(word, line) for line, text in enumerate(lines) for word in text.split(" ")]
    step = (out_ms - in_ms) // len(words)
    return Cue(
        in_ms=in_ms,
        out_ms=out_ms,
        words=tuple(
            CueWord(in_ms=in_ms + step * n, out_ms=in_ms + step * (n + 1), text=text, line=line)
            for n, (text, line) in enumerate(words)
        ),
    )


CUES = (cue(60_000, 61_500, "Ask not", "what"), cue(61_500, 3_661_005, "a < b & c > d"))


def test_srt() -> None:
    assert render_srt(CUES, 60_000) == (
        "1\n00:00:00,000 --> 00:00:01,500\nAsk not\nwhat\n\n"
        "2\n00:00:01,500 --> 01:00:01,005\na <\u2060 b & c > d\n"
    )


def test_vtt() -> None:
    assert render_vtt(CUES, 60_000) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nAsk not\nwhat\n\n"
        "00:00:01.500 --> 01:00:01.005\na &lt; b &amp; c &gt; d\n"
    )


def test_no_cues_are_a_valid_file() -> None:
    assert render_vtt((), 0) == "WEBVTT\n"
    assert render_srt((), 0) == ""


@given(
    st.lists(
        st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=12),
        min_size=1,
        max_size=4,
    )
)
def test_times_and_number_of_cues_survive_another_reader(texts: list[str]) -> None:
    cues = tuple(cue(1000 * n, 1000 * n + 900, text) for n, text in enumerate(texts))
    for text, kind in ((render_srt(cues, 0), "srt"), (render_vtt(cues, 0), "vtt")):
        read = pysubs2.SSAFile.from_string(text, format_=kind)
        assert [(event.start, event.end) for event in read] == [
            (one.in_ms, one.out_ms) for one in cues
        ]
