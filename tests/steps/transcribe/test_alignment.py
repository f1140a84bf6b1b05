"""Forced alignment: passages, pronunciations, and word times on made speech."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.model.weights import G2P_EN, POCKETSPHINX_EN
from steps.transcribe.alignment import LONGEST_MS, MARGIN_MS, passages
from steps.transcribe.engines.pocketsphinx import Pocketsphinx
from steps.transcribe.pronunciation import Pronouncer
from steps.transcribe.word_times import RawWord
from tests.media.truth import Word
from tests.steps.transcribe import scenes


@pytest.fixture(scope="module")
def aligner() -> Pocketsphinx:
    return Pocketsphinx(POCKETSPHINX_EN.locate(), G2P_EN.locate())


def shaken(words: Sequence[Word]) -> list[RawWord]:
    """Words with times as wrong as a recogniser's: up to 150 ms."""
    dice = random.Random(7)
    found = []
    for word in words:
        start = max(0, word.in_ms + dice.randint(-150, 150))
        start = max(start, found[-1].span.in_ms if found else 0)
        found.append(RawWord(word.text, start, start + word.out_ms - word.in_ms))
    return found


def lateness(found: Sequence[RawWord], truth: Sequence[Word]) -> list[int]:
    return [abs(word.span.in_ms - known.in_ms) for word, known in zip(found, truth, strict=True)]


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(10, 2000)), max_size=60))
def test_stretches_hold_every_word_once_and_are_short(steps: list[tuple[int, int]]) -> None:
    at, words = 0, []
    for pause, length in steps:
        words.append(RawWord("word", at + pause, at + pause + length))
        at += pause + length
    found = passages(words, at)
    assert [word for passage in found for word in passage.words] == words
    for passage in found:
        own = passage.words[-1].span.out_ms - passage.words[0].span.in_ms
        assert own <= LONGEST_MS or len(passage.words) == 1
        assert passage.sound.in_ms <= passage.words[0].span.in_ms
        assert passage.sound.duration_ms <= own + 2 * MARGIN_MS


def test_stretches_are_cut_at_the_longest_pauses() -> None:
    words = [RawWord("word", at, at + 900) for at in range(0, 8000, 1000)]
    later = [RawWord("word", at, at + 900) for at in range(9000, 14_000, 1000)]
    assert [len(passage.words) for passage in passages([*words, *later], 14_000)] == [8, 5]


@pytest.mark.parametrize("scene", ["interview", "edge_face", "panel"])
def test_words_are_placed_where_they_are_spoken(
    aligner: Pocketsphinx, scene: str, tmp_path: Path
) -> None:
    truth = scenes.words(scene)
    recording = scenes.recorded(scenes.samples(scene), tmp_path)
    found = aligner.align(recording, shaken(truth))
    assert all(word.aligned for word in found)
    errors = quantiles(lateness(found, truth), n=10)
    assert errors[4] <= 20
    assert errors[8] <= 60


def test_names_outside_the_dictionary_get_phones(aligner: Pocketsphinx, tmp_path: Path) -> None:
    truth = scenes.words("edge_face")
    changed = [
        word.model_copy(update={"text": word.text.replace("minutes", "minnitz")}) for word in truth
    ]
    recording = scenes.recorded(scenes.samples("edge_face"), tmp_path)
    found = aligner.align(recording, shaken(changed))
    assert sum(word.text.startswith("minnitz") for word in found) == 2
    assert all(word.aligned for word in found)
    assert max(lateness(found, truth)) <= 150


def test_words_that_nobody_says_keep_their_times(aligner: Pocketsphinx, tmp_path: Path) -> None:
    recording = scenes.recorded(scenes.samples("music_only", 1.0)[: 16 * 4000], tmp_path)
    words = [RawWord("extraordinary", at, at + 150) for at in range(0, 3800, 160)]
    assert aligner.align(recording, words) == words


@pytest.mark.parametrize("text", ["…", "你好"])
def test_a_word_without_letters_keeps_its_stretch_as_it_is(
    aligner: Pocketsphinx, text: str, tmp_path: Path
) -> None:
    recording = scenes.recorded(scenes.samples("edge_face"), tmp_path)
    words = [RawWord("I", 700, 800), RawWord(text, 800, 900)]
    assert aligner.align(recording, words) == words


def test_only_english_is_aligned(aligner: Pocketsphinx) -> None:
    assert aligner.knows("en")
    assert not aligner.knows("de")


def test_letters_become_phones() -> None:
    pronouncer = Pronouncer(G2P_EN.locate())
    assert pronouncer.phones("kaminski") == "K AH M IH N S K IY".split()
    assert pronouncer.phones("webb") == "W EH B".split()
    assert pronouncer.phones("'") == []
    assert len(pronouncer.phones("x" * 5000)) <= 20
