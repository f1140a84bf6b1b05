"""Batches get smaller when a GPU's memory is full; words go back to their places."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from steps.contract.context import Context
from steps.model.timing import Span
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.engines.batches import in_batches, placed
from steps.transcribe.windows import Window
from steps.transcribe.word_times import RawWord

PLANNED = [Window((Span(in_ms=at, out_ms=at + 1000),)) for at in range(0, 10_000, 1000)]


class Memory:
    """Holds some windows; more are too many, as CTranslate2 says it."""

    def __init__(self, holds: int) -> None:
        self.holds = holds
        self.asked: list[int] = []

    def work(self, batch: Sequence[Window]) -> list[RawWord]:
        self.asked.append(len(batch))
        if len(batch) > self.holds:
            raise RuntimeError("CUDA failed with error out of memory")
        return [RawWord(str(window.pieces[0].in_ms), None, None) for window in batch]


def context(folder: Path, batch_size: int) -> Context[TranscribeParams]:
    return Context(STEP, TranscribeParams(batch_size=batch_size), folder, folder, folder)


@pytest.mark.parametrize(
    ("batch_size", "holds", "asked"),
    [(8, 8, [8, 2]), (8, 3, [8, 4, 2, 2, 2, 2, 2]), (4, 1, [4, 2, *[1] * 10])],
)
def test_a_full_memory_halves_the_batch(
    batch_size: int, holds: int, asked: list[int], tmp_path: Path
) -> None:
    memory, run = Memory(holds), context(tmp_path, batch_size)
    found = [word.text for _, words in in_batches(run, PLANNED, memory.work) for word in words]
    assert found == [str(window.pieces[0].in_ms) for window in PLANNED]
    assert memory.asked == asked
    halved = sum(size > holds for size in asked)
    assert [item.code for item in run.degradations] == ["smaller-batch"] * halved


def test_a_memory_too_small_for_one_window_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="out of memory"):
        list(in_batches(context(tmp_path, 2), PLANNED, Memory(0).work))


def test_other_errors_are_not_tried_again(tmp_path: Path) -> None:
    def broken(_batch: Sequence[Window]) -> list[RawWord]:
        raise RuntimeError("a bug")

    run = context(tmp_path, 8)
    with pytest.raises(RuntimeError, match="a bug"):
        list(in_batches(run, PLANNED, broken))
    assert run.degradations == []


def test_words_go_back_to_their_places() -> None:
    window = Window((Span(in_ms=5000, out_ms=6000), Span(in_ms=9000, out_ms=9500)))
    words = [RawWord("a", 190, 490, 700), RawWord("b", None, None), RawWord("c", 1190, 1290)]
    assert list(placed(words, window, late_ms=90)) == [
        RawWord("a", 5100, 5400, 700),
        RawWord("b", None, None),
        RawWord("c", 9100, 9200),
    ]
