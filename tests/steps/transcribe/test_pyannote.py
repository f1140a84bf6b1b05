"""pyannote's rows as turns; the pipeline itself needs its environment and a gated model."""

from pathlib import Path
from typing import Any

import pytest

from steps.contract.weights import WEIGHTS_DIR_VARIABLE
from steps.transcribe import TranscribeParams
from steps.transcribe.engines import PYANNOTE_DIARIZER
from steps.transcribe.engines.pyannote import is_fetched, turns_of


def test_rows_become_turns_in_order_and_apart() -> None:
    rows = [
        (3.0, 5.0, "SPEAKER_00"),
        (0.5, 2.5, "SPEAKER_01"),
        (2.0, 3.0, "SPEAKER_00"),
        (2.1, 2.4, "SPEAKER_01"),
    ]
    found = [(turn.span.in_ms, turn.span.out_ms, turn.voice) for turn in turns_of(rows)]
    assert found == [(500, 2500, 0), (2500, 3000, 1), (3000, 5000, 1)]


def test_it_counts_only_where_its_model_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WEIGHTS_DIR_VARIABLE, str(tmp_path))
    params: Any = TranscribeParams()
    assert not is_fetched(params)
    assert not PYANNOTE_DIARIZER.considered(params)
    assert "clipmill" in PYANNOTE_DIARIZER.lacks(params)
