"""What cues say, without the rest."""

import pytest

from steps.formats import srt
from steps.formats.subtitles import Subtitle, TimedText
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
        ("- JOHN SMITH: Well", "Well"),
        (">> JOHN SMITH: Well", "Well"),
        ("<v John>JOHN SMITH: Well", "Well"),
        ("JOHN SMITH: Well, I never", "JOHN SMITH: Well, I never"),
        ("I said: AND NO: never", "I said: AND NO: never"),
        ("NASA is here", "NASA is here"),
        ("Remember: never", "Remember: never"),
        ("well-known - and loved", "well-known - and loved"),
        ("#1 of 3", "#1 of 3"),
        ("We are # 1", "We are # 1"),
        ("I write C#", "I write C#"),
        ("C# and F#", "C# and F#"),
        ("# la la la #", "la la la"),
        ("#la la la#", "la la la"),
        ("#", ""),
        ("# la la", "la la"),
        ("I &lt;3 you", "I <3 you"),
        ("...", ""),
    ],
)
def test_words(text: str, words: str) -> None:
    assert " ".join(spoken(text)) == words


def all_spoken(*lines: str) -> list[str]:
    cues = [Subtitle.of(3000 * at, 3000 * at + 2000, [line]) for at, line in enumerate(lines)]
    return [" ".join(word.text for word in cue.words) for cue in spoken_cues(cues)]


def test_a_name_recurs() -> None:
    assert all_spoken("JOHN: Hi there.", "How are you?", "JOHN: Fine.") == [
        "Hi there.",
        "How are you?",
        "Fine.",
    ]
    assert all_spoken("JOHN: Hi there.", "How are you?")[0] == "JOHN: Hi there."


@pytest.mark.parametrize("name", ["JOSÉ", "JOSE\u0301", "ÖMER K.", "МАША"])
def test_a_name_has_the_letters_of_any_script_with_capitals(name: str) -> None:
    assert all_spoken(f"{name}: Hola.", f"{name}: Si.") == ["Hola.", "Si."]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("NAR: This is the telescope.", "This is the telescope."),
        ("SPEAKER 2: Good morning.", "Good morning."),
        ("WOMAN: GOOD MORNING, ALL.", "GOOD MORNING, ALL."),
        ("NASA: who we are.", "NASA: who we are."),
        ("MANKIND: A HISTORY.", "MANKIND: A HISTORY."),
    ],
)
def test_a_role_is_never_spoken(line: str, said: str) -> None:
    assert all_spoken(line) == [said]


def test_in_a_file_of_capitals_a_colon_is_speech() -> None:
    lines = ["HERE IS THE THING: IT TOOK ELEVEN SECONDS.", "AND NO: I DID NOT.", "AND NO: NEVER."]
    assert all_spoken(*lines) == lines
    assert all_spoken(">> ANN: HELLO.", ">> BOB: HI.", ">> ANN: WELL.", ">> BUT NO: NEVER.") == [
        "HELLO.",
        "BOB: HI.",
        "WELL.",
        "BUT NO: NEVER.",
    ]


def test_cues_of_one_time_are_lines_of_one_in_the_order_of_the_file() -> None:
    script = srt.read(
        "1\n00:00:01,000 --> 00:00:04,000\nZoe went first,\n\n"
        "2\n00:00:01,000 --> 00:00:04,000\nand Al came after.\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\nAl did.\n"
    )
    found = spoken_cues(script.subtitles)
    assert [(cue.in_ms, cue.out_ms, len(cue.words)) for cue in found] == [
        (1000, 4000, 7),
        (5000, 6000, 2),
    ]
    assert found[0].words[0].text == "Zoe"


def test_a_styled_copy_is_no_second_line() -> None:
    looks = [
        Subtitle.of(1000, 4000, ["The biggest", "mistake"]),
        Subtitle.of(1000, 4000, ["The biggest mistake"]),
        Subtitle.of(1100, 3900, ["The biggest mistake"]),
        Subtitle.of(4000, 6000, ["The biggest mistake"]),
    ]
    assert [(cue.in_ms, len(cue.words)) for cue in spoken_cues(looks)] == [(1000, 3), (4000, 3)]


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
