"""Where a change of speaker falls: in pauses, at onsets, never on somebody's words."""

import numpy as np
import pytest

from steps.detect.switches import LEAD_MS, Cues, cues_in, silences
from steps.model.timing import Span
from steps.model.transcript import Word

CLIP = Span(in_ms=1_000, out_ms=9_000)
STEP_MS = 10


def cues(*spans: tuple[int, int], changes: tuple[int, ...] = ()) -> Cues:
    return Cues(tuple(Span(in_ms=a, out_ms=b) for a, b in spans), changes)


@pytest.mark.parametrize(
    ("given", "about_ms", "switch_ms"),
    [
        (cues((4_000, 4_500)), 4_500, 4_350),
        (cues((4_000, 4_500)), 4_000, 4_350),
        (cues((4_000, 4_500)), 3_750, 4_350),
        (cues((4_000, 4_500)), 5_250, 4_350),
        (cues((4_000, 4_500)), 5_350, 5_350),  # out of reach
        (cues((2_000, 6_000)), 2_100, 5_850),  # in a long pause: before the next onset
        (cues((4_000, 4_200)), 4_100, 4_050),  # the shortest pause
        (cues((3_000, 3_400), (4_000, 4_300)), 3_750, 3_250),  # as near: the earlier one
        (cues((3_000, 3_400), (4_000, 4_300)), 3_950, 4_150),
        (cues((4_100, 4_190)), 4_000, 4_190),  # no pause: the onset after the longest dip
        (cues((3_800, 3_850), (4_100, 4_190)), 4_000, 4_190),
        (cues((4_100, 4_130)), 4_000, 4_000),
        (cues(), 4_000, 4_000),
        (cues(changes=(4_300,)), 4_000, 4_300),  # the words know the onset
        (cues((4_050, 4_290), (4_700, 5_000), changes=(4_950,)), 4_300, 4_850),
        (cues((4_050, 4_290), changes=(5_950,)), 4_300, 4_140),
    ],
)
def test_the_switch(given: Cues, about_ms: int, switch_ms: int) -> None:
    assert given.switch_ms(about_ms) == switch_ms


def loudness(*loud: tuple[int, int], level: int = 5_000, room: int = 4) -> np.ndarray:
    at = np.arange(0, 12_000, STEP_MS)
    result = np.full(len(at), room)
    for start, end in loud:
        result[(at >= start) & (at < end)] = level
    return result.astype(np.int32)


@pytest.mark.parametrize("room", [4, 300, 900])
def test_a_room_is_silent_where_nobody_speaks(room: int) -> None:
    found = silences(CLIP, loudness((1_200, 4_000), (4_300, 8_500), room=room), STEP_MS)
    assert [(one.in_ms, one.out_ms) for one in found] == [
        (1_000, 1_190),
        (4_010, 4_290),
        (8_510, 9_000),
    ]


def test_music_leaves_no_silence_but_words_have_gaps() -> None:
    music = loudness((0, 12_000))
    words = [
        Word(text="one", in_ms=2_000, out_ms=4_000, speaker="speaker_1"),
        Word(text="two", in_ms=4_400, out_ms=5_000, speaker="speaker_2"),
        Word(text="three", in_ms=5_300, out_ms=6_000, speaker="speaker_2", interpolated=True),
    ]
    assert silences(CLIP, music, STEP_MS) == ()
    found = cues_in(CLIP, music, STEP_MS, words)
    assert found == cues((4_000, 4_400), changes=(4_400,))
    assert found.switch_ms(4_100) == 4_400 - LEAD_MS


def test_sound_that_ends_early_is_silence() -> None:
    (found,) = silences(CLIP, loudness((0, 12_000))[:500], STEP_MS)
    assert found == Span(in_ms=5_010, out_ms=9_000)
