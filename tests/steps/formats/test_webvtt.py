"""Reading WebVTT."""

import pytest

from steps.formats import webvtt
from steps.formats.subtitles import TimedText
from steps.formats.webvtt import read

FILE = """WEBVTT - a title
Kind: captions
Language: en-GB

STYLE
::cue { color: lime }

NOTE
00:00:00.000 is not a time here

intro
00:01.500 --> 00:00:03.000 align:start position:0%
Hello,
<v Ann>you.</v>

2
00:00:03.000 --> 00:00:04.000
one<00:00:03.200><c> two</c><00:00:03.500><c> three</c>

1:00:00,000 --> 1:00:01,250
Late.
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_cues_and_header(ending: str, mark: str) -> None:
    found = read(mark + FILE.replace("\n", ending))
    assert found.language == "en-GB"
    assert [(cue.in_ms, cue.out_ms) for cue in found.subtitles] == [
        (1500, 3000),
        (3000, 4000),
        (3_600_000, 3_601_250),
    ]
    assert found.subtitles[0].lines == ((TimedText("Hello,"),), (TimedText("you."),))
    assert found.subtitles[1].lines == (
        (TimedText("one"), TimedText(" two", 3200), TimedText(" three", 3500)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WEBVTT",
        "no captions at all",
        "00:00:05.000 --> 00:00:05.000\nno length",
        "WEBVTT\n\n00:00:05.000 --> 00:00:04.000\nbackwards",
        "WEBVTT\n\n00:00:05 --> 00:00:06\nno thousandths",
    ],
)
def test_blocks_that_are_not_cues_are_skipped(text: str) -> None:
    assert read(text).subtitles == ()


@pytest.mark.parametrize("header", ["WEBVTT", "WEBVTT\nKind: captions\nLanguage: en"])
def test_a_cue_right_after_the_header_is_read(header: str) -> None:
    text = f"{header}\n00:01.000 --> 00:02.000\na\n\n00:09.000 --> 00:10.000\nb\n"
    for one in (text, webvtt.with_language(text, "de")):
        assert [cue.texts for cue in read(one).subtitles] == [["a"], ["b"]]
    assert read(webvtt.with_language(text, "de")).language == "de"


def test_cues_come_in_order_of_time() -> None:
    text = "WEBVTT\n\n00:09.000 --> 00:10.000\nb\n\n00:01.000 --> 00:02.000\na\n"
    assert [cue.in_ms for cue in read(text).subtitles] == [1000, 9000]


def test_cues_and_their_words_move() -> None:
    text = (
        "WEBVTT\nLanguage: en\n\nNOTE 00:01.000 --> 00:02.000\n\n00:00.100 --> 00:00.900\nold\n\n"
        "name\n00:01.000 --> 00:02.500 line:90%\none<00:00:01.700><c> two</c> at 00:09.000\n"
    )
    assert webvtt.moved(text, 0) == text
    assert webvtt.moved(text, -1500) == (
        "WEBVTT\nLanguage: en\n\nNOTE 00:01.000 --> 00:02.000\n\n"
        "name\n00:00:00.000 --> 00:00:01.000 line:90%\none<00:00:00.200><c> two</c> at 00:09.000\n"
    )
