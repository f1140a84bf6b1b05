"""Who speaks: clustering, turns on made scenes, words with speakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from steps.model.timing import Span
from steps.model.transcript import Word
from steps.model.weights import VOICE_EMBEDDER
from steps.transcribe.clustering import MOST_POINTS, group, label, unit
from steps.transcribe.engines.d_vectors import DVectors
from steps.transcribe.engines.protocol import VoiceTurn
from steps.transcribe.speakers import assign
from tests.steps.transcribe import scenes


@pytest.fixture(scope="module")
def diarizer() -> DVectors:
    return DVectors(VOICE_EMBEDDER.locate())


def share_right(found: Sequence[Word], people: Sequence[str]) -> float:
    """The share of speaking time with the right voice, under the best match of names."""
    shared: Counter[tuple[str, str]] = Counter()
    for word, person in zip(found, people, strict=True):
        shared[word.speaker, person] += word.duration_ms
    voices = sorted({word.speaker for word in found})
    names = sorted(set(people))
    padded = [*names, *[""] * max(0, len(voices) - len(names))]
    best = max(
        sum(shared[pair] for pair in zip(voices, order, strict=False))
        for order in permutations(padded, min(len(voices), len(padded)))
    )
    return best / sum(shared.values())


def spoken_by(
    diarizer: DVectors, scene: str, folder: Path, speakers: int = 0, music: float = 0.0
) -> tuple[list[str], float]:
    """The speakers of a scene, and the share of the time that is right."""
    truth = scenes.words(scene)
    recording, activity = scenes.heard(scenes.samples(scene, music), folder)
    turns = diarizer.turns(recording, activity, speakers)
    words = [Word(text=w.text, in_ms=w.in_ms, out_ms=w.out_ms) for w in truth]
    found = assign(words, turns)
    return sorted({word.speaker for word in found}), share_right(found, [w.person for w in truth])


@pytest.mark.parametrize(
    ("scene", "voices", "least"),
    [("interview", 2, 0.95), ("panel", 3, 0.90), ("screencast", 1, 0.98), ("edge_face", 1, 0.98)],
)
def test_every_voice_is_told_apart(
    diarizer: DVectors, scene: str, voices: int, least: float, tmp_path: Path
) -> None:
    speakers, right = spoken_by(diarizer, scene, tmp_path)
    assert speakers == [f"speaker_{number + 1}" for number in range(voices)]
    assert right >= least


def test_music_does_not_add_a_voice(diarizer: DVectors, tmp_path: Path) -> None:
    speakers, right = spoken_by(diarizer, "interview", tmp_path, music=0.12)
    assert len(speakers) == 2
    assert right >= 0.95


def test_the_number_of_speakers_can_be_given(diarizer: DVectors, tmp_path: Path) -> None:
    assert len(spoken_by(diarizer, "panel", tmp_path, speakers=2)[0]) == 2


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_as_many_clusters_as_are_asked_for(count: int) -> None:
    points = cloud([0] * 10 + [1] * 10 + [2] * 10 + [3] * 10)
    assert len(group(points, [1000] * 40, 4000, count)) == count


def cloud(centres: Sequence[int], spread: float = 0.15) -> np.ndarray:
    """Points near the axes with these numbers, in eight dimensions."""
    dice = np.random.default_rng(3)
    points = np.eye(8)[list(centres)] + dice.normal(0, spread, (len(centres), 8))
    return unit(points)


def test_clusters_are_found_and_few_points_are_noise() -> None:
    points = cloud([0] * 20 + [1] * 20 + [2])
    assert len(group(points, [1000] * 41, 4000)) == 2
    assert len(group(points, [1000] * 41, 1000)) == 3
    assert len(group(points[:1], [10], 4000)) == 1


def test_more_voices_than_there_are_cannot_be_had() -> None:
    assert len(group(cloud([0, 1]), [9000, 9000], 4000, 5)) == 2


def test_a_long_source_is_clustered_by_a_part_of_its_points() -> None:
    order = [(at // 7) % 3 for at in range(MOST_POINTS + 500)]
    points = cloud(order)
    centres = group(points, [2000] * len(points), 4000)
    voices = label(points, centres, [False] * len(points)).tolist()
    assert len(centres) == 3
    assert sum(a == b for a, b in zip(voices, order, strict=True)) > 0.95 * len(order)


def test_one_odd_window_is_not_a_change_of_voice() -> None:
    centres = np.eye(8)[:2]
    points = np.stack([centres[0]] * 5 + [unit(centres[:1] + 1.1 * centres[1:])[0]] * 1)
    found = label(np.concatenate([points, points[:5]]), centres, [False] * 11)
    assert found.tolist() == [0] * 11


def words(*spans: tuple[int, int]) -> list[Word]:
    return [Word(text="word", in_ms=start, out_ms=end) for start, end in spans]


def test_words_belong_to_the_voice_that_has_most_of_them_or_is_nearest() -> None:
    turns = [
        VoiceTurn(Span(in_ms=0, out_ms=1000), 4),
        VoiceTurn(Span(in_ms=1000, out_ms=2000), 2),
        VoiceTurn(Span(in_ms=5000, out_ms=6000), 4),
    ]
    found = assign(words((0, 500), (900, 1300), (2100, 2300), (4700, 4800), (7000, 7100)), turns)
    numbers = [int(word.speaker.removeprefix("speaker_")) for word in found]
    assert numbers == [1, 2, 2, 1, 1]
