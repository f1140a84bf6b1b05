"""Whether captions agree with the voice."""

import pytest

from steps.formats.subtitles import TimedText
from steps.transcribe.agreement import flaw, offset
from steps.transcribe.cues import SpokenCue
from tests.steps.transcribe.speeches import moved, speech

ACTIVITY, CUES = speech()
HALF = len(CUES) // 2


def letters(cue: SpokenCue, text: str) -> SpokenCue:
    return SpokenCue(cue.in_ms, cue.out_ms, (TimedText(text),))


@pytest.mark.parametrize(
    ("cues", "why"),
    [
        (CUES, ""),
        (moved(CUES, 200), ""),
        ([SpokenCue(cue.in_ms, cue.out_ms + 900, cue.words) for cue in CUES], ""),
        ([], "they have no words"),
        (CUES[:HALF], "they cover 50% of the speech"),
        (moved(CUES, 3_600_000), "they cover 0% of the speech"),
        (
            [SpokenCue(0, 4 * ACTIVITY.duration_ms, CUES[0].words)],
            "somebody speaks in 18% of their time",
        ),
        ([letters(cue, "a") for cue in CUES], "they have 0 letters for a second of speech"),
        ([letters(cue, "a" * 200) for cue in CUES], "they have 68 letters for a second of speech"),
        (moved(CUES, 1400), "they are +1.4 s out of step"),
        (moved(CUES, -2000), "they are -2.0 s out of step"),
    ],
)
def test_flaws(cues: list[SpokenCue], why: str) -> None:
    assert flaw(cues, ACTIVITY) == why


def test_few_cues_say_nothing_about_their_offset() -> None:
    assert offset(moved(CUES[:8], 2000), ACTIVITY) == 0


def test_cues_that_start_anywhere_are_not_out_of_step() -> None:
    assert (
        offset(
            [SpokenCue(3100 * at, 3100 * at + 3000, (TimedText("a"),)) for at in range(40)],
            ACTIVITY,
        )
        == 0
    )
