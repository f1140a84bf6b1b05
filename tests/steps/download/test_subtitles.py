from pathlib import Path

import pytest

from steps.contract.errors import UnsupportedMedia
from steps.download.subtitles import best_embedded, decoded, read_sidecar, sidecar_of, to_webvtt
from steps.media.streams import SubtitleStream

SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Tom</i> & Anna\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n"
)
ASS = """[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\b1}Bye{\\b0}
Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,Tom & Anna
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}
"""
WEBVTT = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nTom &amp; Anna\n\n"
    "00:00:03.000 --> 00:00:04.000\nBye\n"
)


@pytest.mark.parametrize(("text", "suffix"), [(SRT, ".srt"), (ASS, ".ass")])
def test_every_format_becomes_webvtt(text: str, suffix: str) -> None:
    assert to_webvtt(text, "a", suffix) == WEBVTT


def test_webvtt_keeps_its_word_times() -> None:
    text = "WEBVTT\r\n\r\n00:00:01.000 --> 00:00:02.000\r\n<00:00:01.100><c>Hi</c>\r\n"
    assert to_webvtt(text, "a", ".vtt") == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("text", "suffix"), [("hello", ".srt"), ("WEBVTT\n", ".vtt"), ("", ".ass"), (ASS[:60], ".ass")]
)
def test_no_cues_is_said(text: str, suffix: str) -> None:
    with pytest.raises(UnsupportedMedia):
        to_webvtt(text, "a.srt", suffix)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nCafé – crème\n".encode(encoding))
    assert "Café – crème" in read_sidecar(path)


def test_any_bytes_are_decoded() -> None:
    assert isinstance(decoded(bytes(range(256))), str)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["talk.srt", "talk.vtt", "talk.ass"], "talk.vtt"),
        (["talk.en.vtt", "talk.ass"], "talk.ass"),
        (["talk.en.srt", "talk.de.srt"], "talk.de.srt"),
        (["talks.srt", "talk.mp4.txt", "other.srt"], None),
        (["talk.final.cut.srt"], None),
    ],
)
def test_the_sidecar_of_a_video(names: list[str], chosen: str | None, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).touch()
    found = sidecar_of(tmp_path / "talk.mp4")
    assert (found.name if found else None) == chosen


def stream(index: int, **facts: object) -> SubtitleStream:
    known = {"codec": "subrip", "language": "", "is_text": True, "is_default": False,
             "is_forced": False}  # fmt: skip
    return SubtitleStream(index=index, **{**known, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("streams", "language", "chosen"),
    [
        ((), "eng", None),
        ((stream(2, is_text=False),), "", None),
        ((stream(2, is_forced=True),), "", None),
        ((stream(2, language="ger", is_default=True), stream(3, language="eng")), "eng", 3),
        ((stream(2), stream(3, is_default=True)), "", 3),
        ((stream(2), stream(3)), "", 2),
    ],
)
def test_the_best_stream_inside(
    streams: tuple[SubtitleStream, ...], language: str, chosen: int | None
) -> None:
    found = best_embedded(streams, language)
    assert (found.index if found else None) == chosen
