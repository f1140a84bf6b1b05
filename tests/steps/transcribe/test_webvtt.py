"""Reading WebVTT."""

import pytest

from steps.transcribe.webvtt import Piece, read

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
    assert [(cue.in_ms, cue.out_ms) for cue in found.cues] == [
        (1500, 3000),
        (3000, 4000),
        (3_600_000, 3_601_250),
    ]
    assert found.cues[0].lines == ((Piece("Hello,"),), (Piece("<v Ann>you.</v>"),))
    assert found.cues[1].lines == (
        (Piece("one"), Piece("<c> two</c>", 3200), Piece("<c> three</c>", 3500)),
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
def test_what_is_no_cue_is_passed_over(text: str) -> None:
    assert read(text).cues == ()


def test_cues_come_in_order_of_time() -> None:
    text = "WEBVTT\n\n00:09.000 --> 00:10.000\nb\n\n00:01.000 --> 00:02.000\na\n"
    assert [cue.in_ms for cue in read(text).cues] == [1000, 9000]
