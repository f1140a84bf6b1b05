"""Voices of the transcript matched to faces: by evidence, one to one, and then by what is left."""

import numpy as np
import pytest

from steps.detect.engines.protocol import Sight
from steps.detect.speakers import turns
from steps.detect.voices import VOICE_SHARE, ShotFaces, matched, same_faces, voices_in, with_voices
from steps.model.timing import Span
from steps.model.transcript import Word

SHOT = Span(in_ms=0, out_ms=8_000)


def face(x: float, in_ms: int = 0, out_ms: int = 8_000) -> list[Sight]:
    times = range(in_ms, out_ms, 200)
    box, marks = np.array([x, 100, 80, 100]), np.zeros((5, 2))
    return [Sight(n, time, box, 1.0, marks) for n, time in enumerate(times)]


def said(*parts: tuple[int, int, str]) -> list[Word]:
    return [Word(text="word", in_ms=a, out_ms=b, speaker=who) for a, b, who in parts]


TALK = said((0, 2_000, "speaker_1"), (2_200, 4_000, "speaker_2"), (4_200, 6_000, "speaker_1"),
            (6_200, 8_000, "speaker_2"))  # fmt: skip


def watched(left: float, right: float) -> ShotFaces:
    """Two faces whose mouths show so much of their own voice."""
    scores = np.zeros((80, 2))
    scores[0:20, 0] = scores[42:60, 0] = left
    scores[22:40, 1] = scores[62:80, 1] = right
    return ShotFaces(SHOT, [face(100), face(500)], scores)


@pytest.mark.parametrize(("left", "right"), [(1, 1), (1, 0), (0, 1), (0.3, 0.05)])
def test_a_hidden_mouth_speaks_when_its_voice_does(left: float, right: float) -> None:
    (scores,) = with_voices([watched(left, right)], TALK)
    found = [(turn.span.in_ms, turn.track) for turn in turns(SHOT, scores)]
    assert [track for _, track in found] == [0, 1, 0, 1]
    assert [start for start, _ in found[1:]] == pytest.approx([2_050, 4_050, 6_050], abs=200)


def test_without_diarization_nothing_changes() -> None:
    words = [word.model_copy(update={"speaker": ""}) for word in TALK]
    one = watched(1, 0.2)
    for known in (words, [], said((0, 8_000, "speaker_1"))):
        (scores,) = with_voices([one], known)
        assert scores is one.scores


def test_a_voice_of_nobody_in_the_shot_says_nothing_of_its_faces() -> None:
    """Both faces seem to speak as much while a narrator does."""
    scores = np.full((80, 2), 0.5)
    one = ShotFaces(SHOT, [face(100), face(500)], scores)
    (found,) = with_voices([one], TALK)
    assert (found == scores).all()


def test_the_whole_clip_tells_whose_voice_it_is() -> None:
    """In the second shot nothing can be seen, but it shows the places of the first again."""
    later = Span(in_ms=8_000, out_ms=10_000)
    blank = ShotFaces(
        later, [face(498, 8_000, 10_000), face(104, 8_000, 10_000)], np.zeros((20, 2))
    )
    words = [*TALK, *said((8_100, 9_900, "speaker_2"))]
    _, scores = with_voices([watched(1, 1), blank], words)
    assert scores[5].tolist() == [VOICE_SHARE, 0]


def test_faces_of_one_place_are_one_unless_they_are_seen_together() -> None:
    first = ShotFaces(SHOT, [face(100), face(110), face(500, 0, 3_000), face(505, 4_000)],
                    np.zeros((80, 4)))  # fmt: skip
    assert same_faces([first]) == [[0, 1, 2, 2]]


def test_a_voice_goes_on_between_its_words_but_not_through_a_pause() -> None:
    words = said((0, 1_000, "a"), (1_400, 2_000, "a"), (3_000, 3_500, "a"))
    active = voices_in(Span(in_ms=0, out_ms=4_000), words, ["a"])[:, 0]
    assert np.flatnonzero(~active).tolist() == [*range(20, 30), *range(35, 40)]


@pytest.mark.parametrize(
    ("together", "expected"),
    [
        ([[5, 1], [1, 4]], {0: 0, 1: 1}),
        ([[5, 1], [4, 1]], {0: 0, 1: 1}),  # the first takes the face, the other is left over
        ([[3, 3], [3, 3]], {}),  # nothing tells them apart
        ([[0.5, 0], [0, 0.5]], {}),  # too little was seen
        ([[5, 0], [5, 0]], {0: 0, 1: 1}),  # as much: the first voice
    ],
)
def test_pairs(together: list[list[float]], expected: dict[int, int]) -> None:
    assert matched(np.array(together, float), [0, 1], np.array([9.0, 9.0])) == expected


def test_who_hardly_speaks_is_not_the_one_left_over() -> None:
    assert matched(np.array([[5.0, 0], [0, 0]]), [0, 1], np.array([9.0, 1.0])) == {0: 0}


class _Counted(np.ndarray):
    """Notes how often its values are compared."""

    compared = 0

    def __lt__(self, other: object) -> np.ndarray:
        _Counted.compared += 1
        return np.asarray(self) < np.asarray(other)


def test_words_outside_a_shot_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = np.arange(4_000, 8_000, 100).view(_Counted)
    monkeypatch.setattr("steps.detect.voices.grid", lambda _: steps)
    monkeypatch.setattr(_Counted, "compared", 0)
    many = [word for at in range(200) for word in said((at * 1_000, at * 1_000 + 900, "speaker_1"))]
    heard = voices_in(Span(in_ms=4_000, out_ms=8_000), many, ["speaker_1"])
    assert heard[:39].all()
    assert _Counted.compared <= 6
