"""Whether captions agree with the voice."""

import pytest

from steps.transcribe.agreement import flaw, offset
from steps.transcribe.cues import Cue, Said
from tests.steps.transcribe.speeches import moved, speech

ACTIVITY, CUES = speech()
HALF = len(CUES) // 2


def letters(cue: Cue, text: str) -> Cue:
    return Cue(cue.in_ms, cue.out_ms, (Said(text),))


@pytest.mark.parametrize(
    ("cues", "why"),
    [
        (CUES, ""),
        (moved(CUES, 200), ""),
        ([Cue(cue.in_ms, cue.out_ms + 900, cue.words) for cue in CUES], ""),
        ([], "they hold no words"),
        (CUES[:HALF], "they cover 50% of the speech"),
        (moved(CUES, 3_600_000), "they cover 0% of the speech"),
        ([Cue(0, 4 * ACTIVITY.duration_ms, CUES[0].words)], "somebody speaks in 18% of their time"),
        ([letters(cue, "a") for cue in CUES], "they hold 0 letters for a second of speech"),
        ([letters(cue, "a" * 200) for cue in CUES], "they hold 68 letters for a second of speech"),
        (moved(CUES, 1400), "they are +1.4 s out of step"),
        (moved(CUES, -2000), "they are -2.0 s out of step"),
    ],
)
def test_flaws(cues: list[Cue], why: str) -> None:
    assert flaw(cues, ACTIVITY) == why


def test_few_cues_say_nothing_about_their_offset() -> None:
    assert offset(moved(CUES[:8], 2000), ACTIVITY) == 0


def test_cues_that_start_anywhere_are_not_out_of_step() -> None:
    assert (
        offset([Cue(3100 * at, 3100 * at + 3000, (Said("a"),)) for at in range(40)], ACTIVITY) == 0
    )
