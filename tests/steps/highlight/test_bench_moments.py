"""The metrics by which choosers are judged."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from tests.eval import moments
from tests.eval.moments import METRICS, Talk, bag_of_words, by_position, main, metrics

MADE = Path(moments.__file__).with_name("made_talks.jsonl")


@pytest.mark.parametrize(
    ("scores", "labels", "expected"),
    [
        ([3, 2, 1], [1, 0, 0], (1, 1 / 3, 1, 1)),
        ([1, 2, 3], [1, 0, 0], (0, 1 / 3, 1 / 3, 1 / math.log2(4))),
        ([5, 5, 5], [0, 1, 0], (0, 1 / 3, 1 / 2, 1 / math.log2(3))),
        ([9, 8, 7, 6, 5, 4], [0, 2, 0, 0, 0, 1],
         (0, 1 / 5, (1 / 2 + 2 / 6) / 2, (2 / math.log2(3)) / (2 + 1 / math.log2(3)))),
    ],
)  # fmt: skip
def test_metrics_by_hand(
    scores: list[float], labels: list[int], expected: tuple[float, ...]
) -> None:
    assert metrics(scores, labels) == pytest.approx(expected)


def test_every_usable_chooser_has_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(MADE) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["talks"] == 3
    names = {"random", "position", "bag of words", "counts", "embeddings", "chooser scorer"}
    assert names < found["rows"].keys()
    assert all(set(row) == set(METRICS) for row in found["rows"].values())
    assert found["rows"]["embeddings"] == found["rows"]["chooser scorer"]


def test_words_are_learned_from_other_talks() -> None:
    """Where one word comes with every reaction, the words of the other talks tell where."""
    labels = [0, 1, 0, 0]
    said = [word for label in labels for word in ["plain"] * 9 + ["joke." if label else "end."]]
    lines = [{"id": f"t{n}", "window": 10, "labels": labels, "words": said} for n in range(10)]
    talks = [Talk.read(json.dumps(line)) for line in lines]
    row = bag_of_words(talks)
    assert all(metrics(row(one), one.labels)[0] == 1 for one in talks)
    assert all(metrics(by_position(one), one.labels)[0] == 0 for one in talks)


def test_a_file_without_reactions_is_refused(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "words": ["one."] * 200, "window": 100, "labels": [0, 0]})
    (tmp_path / "talks.jsonl").write_text(line)
    assert main(tmp_path / "talks.jsonl") == 80


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no talk has windows"),
        ('{"id": "a"', "line 1: Invalid JSON"),
        ('\n{"id": "a", "window": 2, "labels": [1]}', "line 2: words: Field required"),
        ('{"id": "a", "words": ["x"], "window": 0, "labels": [1]}', "line 1: window: "),
        ('{"id": "a", "words": ["x", "y"], "window": 1, "labels": [1]}', "labels: 1 for 2 windows"),
        ('{"id": "a", "words": ["x"], "window": 1, "labels": [-1]}', "line 1: labels.0: "),
        (2 * '{"id": "a", "words": ["x"], "window": 1, "labels": [1]}\n', "line 2: .* twice"),
    ],
)
def test_a_bad_file_is_one_clear_line(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talks.jsonl").write_text(text)
    assert main(tmp_path / "talks.jsonl") == 80
    said = capsys.readouterr().err
    assert re.search(says, said)
    assert said.count("\n") == 1


def test_a_missing_file_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tmp_path / "none.jsonl") == 80
    assert "none.jsonl: cannot be read" in capsys.readouterr().err
