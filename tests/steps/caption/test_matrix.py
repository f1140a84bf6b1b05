"""Captions of every pair of preset, platform and script: their ink where and as wide as planned."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest

from steps.caption import PRESET_NAMES
from tests.eval.captions import PLATFORMS, TEXTS, by_script, faults, laid_out, pairs

CASES = by_script(pairs())


def test_every_pair_is_among_the_cases() -> None:
    kinds = (PRESET_NAMES, PLATFORMS, tuple(TEXTS))
    cases = [(one.preset, one.platform, one.script) for one in pairs()]
    met = {pair for case in cases for pair in combinations(case, 2)}
    for first, second in combinations(kinds, 2):
        assert set(product(first, second)) <= met


@pytest.mark.parametrize("script", TEXTS)
def test_the_ink_of_a_script_is_inside_whole_and_steady(script: str, tmp_path: Path) -> None:
    assert faults(laid_out(CASES[script]), tmp_path) == []
