import hashlib
import json
from pathlib import Path

import pytest

from steps.contract import Weights, WeightsFile
from steps.contract.errors import BadInput, BrokenContract
from steps.contract.weights import LOCK_NAME, WEIGHTS_DIR_VARIABLE, model_folder

CONTENT = b"numbers"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
NUMBERS = Weights(
    name="numbers-1",
    licence="MIT",
    about="Numbers.",
    files=(
        WeightsFile(path="model.bin", sha256=SHA256, carried=("some_weights:model/model.bin",)),
    ),
)
FOLDER = Weights(
    name="numbers-2",
    files=(
        WeightsFile(path="model.bin", sha256=SHA256, carried=("some_weights:model/model.bin",)),
        WeightsFile(path="sub/a.txt", sha256=OTHER, carried=("some_weights:model/sub/a.txt",)),
    ),
)
UNKNOWN = Weights(name="repo", repository="someone/repo")


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model folder, still empty; beside it a package with weights."""
    model = tmp_path / "some_weights" / "model"
    (model / "sub").mkdir(parents=True)
    (model.parent / "__init__.py").write_text("raise RuntimeError('never imported')")
    (model / "model.bin").write_bytes(CONTENT)
    (model / "sub/a.txt").write_bytes(b"other")
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "own"
    monkeypatch.setenv(WEIGHTS_DIR_VARIABLE, str(folder))
    return folder


def place(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def lock(folder: Path, name: str, **files: bytes) -> None:
    entries = {
        path.replace("_", "."): {
            "sha256": hashlib.sha256(content).hexdigest(),
            "size_bytes": len(content),
        }
        for path, content in files.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOCK_NAME).write_text(json.dumps({"models": {name: {"files": entries}}}))


def test_a_package_carries_a_file_or_a_folder(tmp_path: Path) -> None:
    assert NUMBERS.locate() == tmp_path / "some_weights/model/model.bin"
    assert FOLDER.locate() == tmp_path / "some_weights/model"


def test_the_model_folder_goes_first(own: Path) -> None:
    place(own / "numbers-1", model_bin=CONTENT)
    assert NUMBERS.locate() == own / "numbers-1/model.bin"
    place(own / "numbers-2", model_bin=CONTENT, sub__a_txt=b"other")
    assert FOLDER.locate() == own / "numbers-2"


def test_half_a_folder_does_not_count(own: Path, tmp_path: Path) -> None:
    place(own / "numbers-2", model_bin=CONTENT)
    assert FOLDER.locate() == tmp_path / "some_weights/model"


def test_without_the_variable_models_are_among_the_users_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(WEIGHTS_DIR_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in model_folder().parents
    assert model_folder().name == "models"


def test_parts_are_not_a_file(tmp_path: Path) -> None:
    carried = ("some_weights:model/model.bin", "some_weights:model/sub/a.txt")
    file = WeightsFile(path="whole.bin", sha256=SHA256, carried=carried)
    with pytest.raises(BadInput, match="model whole is missing: run `clipmill models fetch whole`"):
        Weights(name="whole", files=(file,)).find()
    assert file.carriers() == (
        tmp_path / "some_weights/model/model.bin",
        tmp_path / "some_weights/model/sub/a.txt",
    )


@pytest.mark.parametrize(
    ("model", "path"), [(NUMBERS, "model.bin"), (FOLDER, "model.bin"), (FOLDER, "sub/a.txt")]
)
def test_other_weights_than_the_pinned_are_refused(
    model: Weights, path: str, tmp_path: Path
) -> None:
    changed = tmp_path / "some_weights/model" / path
    changed.write_bytes(changed.read_bytes() + b"!")
    with pytest.raises(BrokenContract, match=f"{path} of the model {model.name} differs"):
        model.locate()


def test_a_file_too_many_in_a_model_folder_is_refused(own: Path) -> None:
    place(own / "numbers-2", model_bin=CONTENT, sub__a_txt=b"other", sub__b_txt=b"")
    (own / "numbers-2/.hidden").write_bytes(b"")
    with pytest.raises(BrokenContract, match=r"'sub/b.txt' in .* is not part of the model"):
        FOLDER.locate()


@pytest.mark.parametrize("missing", ["file", "package"])
def test_missing_weights_say_how_to_get_them(missing: str, tmp_path: Path) -> None:
    (tmp_path / "some_weights/model/model.bin").unlink()
    gone = WeightsFile(path="x", sha256=SHA256, carried=("no_such_package:x",))
    named = NUMBERS if missing == "file" else Weights(name="numbers-1", files=(gone,))
    with pytest.raises(BadInput, match="run `clipmill models fetch numbers-1`"):
        named.locate()


def test_the_digest_of_a_folder_is_that_of_its_lines() -> None:
    lines = sorted([f"{SHA256}  model.bin\n", f"{OTHER}  sub/a.txt\n"])
    assert FOLDER.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert NUMBERS.sha256 == SHA256


def test_unknown_digests_are_those_of_the_lock(own: Path) -> None:
    place(own / "repo", a_bin=CONTENT, b_txt=b"other")
    with pytest.raises(BadInput, match="the model repo is missing"):
        UNKNOWN.find()
    lock(own, "repo", a_bin=CONTENT, b_txt=b"other")
    assert UNKNOWN.locate() == own / "repo"
    assert UNKNOWN.sha256 != SHA256
    (own / "repo/a.bin").write_bytes(b"changed")
    with pytest.raises(BrokenContract, match=r"a\.bin of the model repo differs"):
        UNKNOWN.locate()


def test_a_file_without_a_digest_is_not_used(own: Path) -> None:
    model = Weights(name="one", files=(WeightsFile(path="x.pt"),))
    place(own / "one", x_pt=CONTENT)
    assert model.find() == own / "one/x.pt"
    with pytest.raises(BadInput, match=r"no digest in .*: run `clipmill models lock one`"):
        model.locate()
    lock(own, "one", x_pt=CONTENT)
    assert model.locate() == own / "one/x.pt"
    assert model.sha256 == SHA256


def test_a_broken_lock_is_refused(own: Path) -> None:
    own.mkdir()
    (own / LOCK_NAME).write_text("[]")
    with pytest.raises(BrokenContract, match="is not a lock of models"):
        UNKNOWN.find()


def test_a_model_by_its_path_has_the_digest_of_its_content(tmp_path: Path) -> None:
    model = tmp_path / "some_weights/model"
    assert Weights(name="mine", place=model / "model.bin").sha256 == SHA256
    assert Weights(name="mine", place=model).sha256 == FOLDER.sha256
    assert Weights(name="mine", place=model).locate() == model
    with pytest.raises(BadInput, match=r"file or folder '.*/none' does not exist"):
        Weights(name="mine", place=tmp_path / "none").locate()
