import hashlib
from pathlib import Path

import pytest

from steps.contract import Weights
from steps.contract.errors import BadInput, BrokenContract
from steps.contract.weights import WEIGHTS_DIR_VARIABLE
from steps.model import weights as pinned

CONTENT = b"numbers"


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """A weights file in a package of its own."""
    folder = tmp_path / "some_weights" / "model"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise RuntimeError('never imported')")
    (folder / "model.bin").write_bytes(CONTENT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv(WEIGHTS_DIR_VARIABLE, raising=False)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    return Weights("numbers-1", "some_weights", "model/model.bin", sha256, "MIT", "Numbers.")


def test_a_package_carries_them(weights: Weights, tmp_path: Path) -> None:
    assert weights.locate() == tmp_path / "some_weights/model/model.bin"


def test_a_folder_of_the_user_goes_first(
    weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WEIGHTS_DIR_VARIABLE, str(tmp_path / "own"))
    assert weights.locate() == tmp_path / "some_weights/model/model.bin"
    own = tmp_path / "own/numbers-1/model.bin"
    own.parent.mkdir(parents=True)
    own.write_bytes(CONTENT)
    assert weights.locate() == own


def test_other_weights_than_the_pinned_are_refused(weights: Weights, tmp_path: Path) -> None:
    (tmp_path / "some_weights/model/model.bin").write_bytes(CONTENT + b"!")
    with pytest.raises(BrokenContract, match="numbers-1 differ from the pinned digest"):
        weights.locate()


@pytest.mark.parametrize("missing", ["file", "package"])
def test_missing_weights_say_how_to_get_them(
    weights: Weights, tmp_path: Path, missing: str
) -> None:
    (tmp_path / "some_weights/model/model.bin").unlink()
    named = weights if missing == "file" else Weights("x", "no_such_package", "x", "", "", "")
    with pytest.raises(BadInput, match="are missing: `make setup` installs them"):
        named.locate()


@pytest.mark.parametrize("weights", pinned.EMBEDDED, ids=lambda weights: weights.name)
def test_the_embedded_weights_are_the_pinned_ones(
    weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(WEIGHTS_DIR_VARIABLE, raising=False)
    assert weights.locate().is_file()
