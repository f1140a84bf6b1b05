"""Parts that packages carry are joined once, and checked."""

import hashlib
import sys
from pathlib import Path

import pytest

from pipelines.models.packaged import assemble
from steps.contract import Weights, WeightsFile
from steps.contract.errors import BadInput, BrokenContract

WHOLE = b"first half, second half"
MODEL = Weights(
    name="halves",
    files=(
        WeightsFile(
            path="model.bin",
            sha256=hashlib.sha256(WHOLE).hexdigest(),
            carried=("one_half:a.part1", "other_half:a.part2"),
        ),
    ),
)


@pytest.fixture(autouse=True)
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two packages with a half each, and a Python environment of this test's own."""
    for name, part, content in (
        ("one_half", "a.part1", WHOLE[:10]),
        ("other_half", "a.part2", WHOLE[10:]),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        (tmp_path / name / part).write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CLIPMILL_WEIGHTS_DIR", str(tmp_path / "own"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    return tmp_path


def test_parts_are_joined_once(packages: Path) -> None:
    with pytest.raises(BadInput):
        MODEL.find()
    assert assemble(MODEL)
    place = packages / "python/share/clipmill/models/halves/model.bin"
    assert MODEL.locate() == place
    assert place.read_bytes() == WHOLE
    before = place.stat().st_ino
    assert assemble(MODEL)
    assert place.stat().st_ino == before
    place.write_bytes(b"broken")
    assert assemble(MODEL)
    assert place.read_bytes() == WHOLE


def test_a_package_that_has_vanished_leaves_the_model_out(packages: Path) -> None:
    (packages / "other_half/a.part2").unlink()
    assert not assemble(MODEL)
    with pytest.raises(BadInput, match="clipmill models fetch halves"):
        MODEL.find()


def test_other_parts_than_the_pinned_are_refused(packages: Path) -> None:
    (packages / "other_half/a.part2").write_bytes(b"other")
    with pytest.raises(BrokenContract, match="reinstall one_half, other_half"):
        assemble(MODEL)
    assert not (packages / "python/share/clipmill/models/halves").exists()
