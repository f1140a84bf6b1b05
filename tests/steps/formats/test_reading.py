"""Reading SRT and ASS, and any hostile text in linear time."""

import time
from collections.abc import Callable

import pytest

from steps.formats import ass, srt, webvtt
from steps.formats.subtitles import Subtitle, SubtitleFile

TIMES = "00:00:01,000 --> 00:00:02,500"
SRT = (
    f"1\r\n{TIMES}\r\n<i>Tom</i> & Anna\r\nI <3 you\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\nBye"
)
ASS = """[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\b1}Bye{\\b0}
Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,Tom & Anna\\NI <3 you
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}
Dialogue: 0,0:00:05.00,0:00:05.00,Default,,0,0,0,,no length
"""
FOUND = SubtitleFile(
    (Subtitle.of(1000, 2500, ["Tom & Anna", "I <3 you"]), Subtitle.of(3000, 4000, ["Bye"]))
)


@pytest.mark.parametrize(("read", "text"), [(srt.read, SRT), (ass.read, ASS)])
def test_plain_text_in_order(read: Callable[[str], SubtitleFile], text: str) -> None:
    assert read(text) == FOUND


@pytest.mark.parametrize(
    "text",
    [
        "1\n{0}\nBorn in\n1984\n\n2\n{1}\nIn\n1999",
        "{0}\nBorn in\n1984\n\n{1}\nIn\n1999\n",
        "1\n\n{0}\nBorn in\n1984\n2\n{1}\nIn\n1999\n",
    ],
    ids=["numbered", "without numbers", "without empty lines"],
)
def test_a_number_that_is_said_is_no_number_of_a_cue(text: str) -> None:
    found = srt.read(text.format(TIMES, "00:00:03,000 --> 00:00:04,000")).subtitles
    assert [one.texts for one in found] == [["Born in", "1984"], ["In", "1999"]]


def test_times_may_be_whole_seconds() -> None:
    text = "1\n0:00:01 --> 00:00:02,500\nAt 10:20:30\n\n2\n00:00:03 --> 00:00:04\nBye\n"
    assert srt.read(text).subtitles == (
        Subtitle.of(1000, 2500, ["At 10:20:30"]),
        Subtitle.of(3000, 4000, ["Bye"]),
    )


def test_an_empty_entry_is_left_out() -> None:
    assert srt.read(f"1\n{TIMES}\n\n2\n00:00:03,000 --> 00:00:04,000\n\n").subtitles == ()


@pytest.mark.parametrize("read", [srt.read, ass.read])
def test_a_file_without_entries(read: Callable[[str], SubtitleFile]) -> None:
    assert read("hello") == SubtitleFile(())


HOSTILE = {
    "open tags": "<a",
    "open overrides": "{\\",
    "closed overrides": "{\\b1}",
    "references": "&#",
    "digits": "9",
    "spaces in a tag": "<          ",
    "brackets": "[",
    "spaces": " ",
    "blank lines": "\n \n",
    "numbers": "\n1",
    "lines": "\nx",
    "stamps": "<00:00:01.000>",
}
FRAMES = {
    "srt": (srt.read, f"1\n{TIMES}\n", ""),
    "webvtt": (webvtt.read, "WEBVTT\n\n00:01.000 --> 00:02.000\n", ""),
    "voice": (webvtt.read, "WEBVTT\n\n00:01.000 --> 00:02.000\n<v ", ""),
    "ass": (ass.read, "[Events]\nDialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,", ""),
}


@pytest.mark.parametrize("pattern", sorted(HOSTILE))
@pytest.mark.parametrize("kind", sorted(FRAMES))
def test_hostile_text_takes_linear_time(kind: str, pattern: str) -> None:
    read, head, tail = FRAMES[kind]
    text = head + HOSTILE[pattern] * (200_000 // len(HOSTILE[pattern])) + "!" + tail
    began = time.process_time()
    read(text)
    assert time.process_time() - began < 20, "a quadratic reader needs minutes"


@pytest.mark.parametrize("digits", [7, 8, 5000])
def test_a_reference_past_the_end_of_unicode_is_a_character(digits: int) -> None:
    text = f"WEBVTT\n\n00:01.000 --> 00:02.000\na&#{'9' * digits};b"
    assert webvtt.read(text).subtitles[0].texts == ["a\ufffdb"]


@pytest.mark.parametrize("read", [srt.read, ass.read])
def test_a_file_with_too_many_lines(read: Callable[[str], SubtitleFile]) -> None:
    with pytest.raises(ValueError, match="over 200,000 lines"):
        read("a\n" * 200_001)
