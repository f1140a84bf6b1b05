"""What is written is what independent readers, and our own, read back."""

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.formats import ass, srt, webvtt
from steps.formats.subtitles import Subtitle
from steps.model.geometry import Size

SUBTITLES = (
    Subtitle.of(0, 1500, ["Ask not", "what"]),
    Subtitle.of(1500, 3_601_005, ["a < b & c > d"]),
)
LINES = st.lists(
    st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=12),
    min_size=1,
    max_size=4,
)


def test_srt() -> None:
    assert srt.write(SUBTITLES) == (
        "1\n00:00:00,000 --> 00:00:01,500\nAsk not\nwhat\n\n"
        "2\n00:00:01,500 --> 01:00:01,005\na <\u2060 b & c > d\n"
    )


def test_webvtt() -> None:
    assert webvtt.write(SUBTITLES) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nAsk not\nwhat\n\n"
        "00:00:01.500 --> 01:00:01.005\na &lt; b &amp; c &gt; d\n"
    )


def test_a_file_without_entries_is_valid() -> None:
    assert webvtt.write(()) == "WEBVTT\n"
    assert srt.write(()) == ""


def entries(texts: list[str]) -> tuple[Subtitle, ...]:
    return tuple(Subtitle.of(1000 * n, 1000 * n + 900, [text]) for n, text in enumerate(texts))


@given(LINES)
@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_another_reader_finds_every_entry_at_its_time(kind: str, texts: list[str]) -> None:
    written = {"srt": srt.write, "vtt": webvtt.write}[kind](entries(texts))
    read = pysubs2.SSAFile.from_string(written, format_=kind)
    assert [(event.start, event.end) for event in read] == [
        (one.in_ms, one.out_ms) for one in entries(texts)
    ]


@given(LINES)
def test_webvtt_reads_its_own_text_back(texts: list[str]) -> None:
    assert webvtt.read(webvtt.write(entries(texts))).subtitles == entries(texts)


@given(st.lists(st.text("{}\\Npfs(,)&H1 <>", min_size=1, max_size=30), min_size=1, max_size=4))
def test_escaped_text_opens_no_override(texts: list[str]) -> None:
    events = [pysubs2.SSAEvent(0, 1000, ass.escape(text)) for text in texts]
    script = ass.write(Size(width_px=1080, height_px=1920), {"Words": pysubs2.SSAStyle()}, events)
    assert len(ass.read(script).subtitles) <= len(texts)
    assert len(pysubs2.SSAFile.from_string(script).events) == len(texts)
