"""What cues say, without the rest."""

import pytest

from steps.formats.subtitles import TimedText
from steps.formats.webvtt import read
from steps.transcribe.cues import SpokenCue, spoken_cues


def spoken(text: str) -> list[str]:
    vtt = f"WEBVTT\n\n00:01.000 --> 00:03.000\n{text}\n"
    return [word.text for cue in spoken_cues(read(vtt).subtitles) for word in cue.words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, you.", "Hello, you."),
        ("<i>Very</i> <b.loud>good</b>", "Very good"),
        ("<v Ann Lee>Hi &amp; bye&nbsp;now", "Hi & bye now"),
        (r"{\an8}Up there", "Up there"),
        ("[Music]", ""),
        ("[upbeat music] We go", "We go"),
        ("(applause)", ""),
        ("That (or so I was always told) is it", "That (or so I was always told) is it"),
        ("He left (laughs) early", "He left early"),
        ("♪ la la ♪", "la la"),
        ("♪♪", ""),
        (">> So what?", "So what?"),
        ("- Yes.\n- No.", "Yes. No."),
        ("JOHN SMITH: Well", "Well"),
        ("NASA is here", "NASA is here"),
        ("Remember: never", "Remember: never"),
        ("well-known - and loved", "well-known - and loved"),
        ("#1 of 3", "#1 of 3"),
        ("I &lt;3 you", "I <3 you"),
        ("...", ""),
    ],
)
def test_words(text: str, words: str) -> None:
    assert " ".join(spoken(text)) == words


ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.000 align:start position:0%
\x20
hello<00:00:00.500><c> there</c><00:00:01.000><c> friends</c>

00:00:02.000 --> 00:00:02.010
hello there friends
\x20

00:00:02.010 --> 00:00:04.000
hello there friends
this<00:00:02.400><c> is</c><00:00:03.000><c> it</c>

00:00:04.000 --> 00:00:04.010
this is it
\x20

00:00:04.010 --> 00:00:06.000
this is it
[Music]

00:00:09.000 --> 00:00:10.000
this is it
"""


def test_captions_that_roll_say_each_line_once() -> None:
    found = spoken_cues(read(ROLLING).subtitles)
    assert [" ".join(w.text for w in cue.words) for cue in found] == [
        "hello there friends",
        "this is it",
        "this is it",
    ]
    assert found[0].words == (
        TimedText("hello"),
        TimedText("there", 500),
        TimedText("friends", 1000),
    )
    assert found[2].in_ms == 9000


def test_people_may_repeat_a_line() -> None:
    text = "WEBVTT\n\n" + "\n\n".join(
        f"00:0{at}.000 --> 00:0{at + 1}.000\n{line}"
        for at, line in enumerate(["No.", "No.", "I said", "go", "home", "now"])
    )
    assert len(spoken_cues(read(text).subtitles)) == 6


def test_a_cue_keeps_its_time() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:03.000\n[door]\nHi.\n"
    assert spoken_cues(read(text).subtitles) == [SpokenCue(1000, 3000, (TimedText("Hi."),))]
