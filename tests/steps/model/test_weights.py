"""The list of models, and the files that this installation has of it."""

import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from steps.contract import Weights
from steps.contract.errors import BadInput
from steps.contract.weights import WEIGHTS_DIR_VARIABLE
from steps.model.weights import EMBEDDED, MODELS, TINY_EN, named

ROOT = Path(__file__).parents[3]
SPDX = re.compile(r"[A-Za-z0-9.-]+( (AND|OR) [A-Za-z0-9.-]+)*")


@pytest.mark.parametrize("weights", EMBEDDED, ids=lambda weights: weights.name)
def test_the_embedded_weights_are_the_pinned_ones(
    weights: Weights, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(WEIGHTS_DIR_VARIABLE, str(tmp_path))
    place = weights.locate()
    for file in weights.files:
        assert (place / file.path if weights.is_folder else place).stat().st_size == file.size_bytes


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_every_model_says_what_it_is_for_and_where_it_comes_from(model: Weights) -> None:
    assert model.about
    assert model.use
    assert SPDX.fullmatch(model.licence)
    fetched = model.repository or (model.files and all(file.url for file in model.files))
    assert fetched or model.home
    assert all(not file.sha256 or re.fullmatch("[0-9a-f]{64}", file.sha256) for file in model.files)


def test_a_model_is_named_by_the_list_or_by_a_path(tmp_path: Path) -> None:
    assert named("faster-whisper-tiny.en") is TINY_EN
    (tmp_path / "mine.onnx").write_bytes(b"x")
    assert named(str(tmp_path / "mine.onnx")).name == "mine.onnx"
    with pytest.raises(BadInput, match="'nothing' is neither a model of the list nor"):
        named("nothing")
    with pytest.raises(BadInput, match="'~nobody-here/mine' is neither"):
        named("~nobody-here/mine")


def test_a_step_without_models_does_not_read_the_list() -> None:
    program = (
        "import sys, steps.reframe.work; "
        "sys.exit({'tomllib', 'steps.model.weights'} & set(sys.modules) != set())"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_package_that_only_carries_models_is_in_the_list() -> None:
    wanted = (ROOT / "requirements/models.in").read_text().splitlines()
    names = [line.partition("==")[0] for line in wanted if line and not line.startswith("#")]
    carriers = {package for model in MODELS.values() for package in model.packages}
    for name in names:
        if "-part" in name:  # it is gone once its model is joined
            assert name.replace("-", "_") in carriers
            continue
        modules = {(file.parts or ("",))[0] for file in distribution(name).files or ()}
        assert modules & carriers, name
