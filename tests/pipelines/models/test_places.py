"""Models in folders and buckets: filled by `fetch --to`, copied by `fetch --from`, and checked."""

import json
import sys
import threading
from pathlib import Path

import pytest

from pipelines.cli.door import main
from pipelines.models.bucket import contents, pull
from steps.contract import Weights, WeightsFile
from steps.contract.weights import LOCK_NAME
from steps.storage import open_store
from tests.pipelines.models.conftest import LARGE, SHA256
from tests.pipelines.models.hub_server import Hub
from tests.servers import S3Server

pytestmark = pytest.mark.usefixtures("listed")


@pytest.fixture
def filled(hub: Hub, folder: Path, tmp_path: Path) -> Path:
    """Another folder with the models `net` and `pinned`."""
    assert folder != tmp_path / "mirror"
    assert main(["models", "fetch", "net", "pinned", "--to", str(tmp_path / "mirror")]) == 0
    assert hub.requests
    return tmp_path / "mirror"


def test_a_filled_folder_fills_others(filled: Path, folder: Path) -> None:
    assert not folder.exists()
    assert main(["models", "fetch", "--from", str(filled)]) == 0
    assert (folder / "net/model.bin").read_bytes() == LARGE
    assert json.loads((folder / LOCK_NAME).read_text()) == json.loads(
        (filled / LOCK_NAME).read_text()
    )
    assert main(["models", "check", "net", "pinned"]) == 0


def test_a_bucket_is_filled_and_gives(
    hub: Hub, folder: Path, s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"s3://{s3_environment.bucket}/models"
    assert main(["models", "fetch", "net", "minilm-tokenizer", "--to", place]) == 0
    assert set(contents(open_store(place))) == {"net", "minilm-tokenizer"}
    asked = len(hub.requests)
    monkeypatch.setenv("CLIPMILL_WEIGHTS_DIR", str(folder.parent / "node"))
    assert main(["models", "fetch", "--from", place]) == 0
    assert (folder.parent / "node/net/model.bin").read_bytes() == LARGE
    assert (folder.parent / "node/minilm-tokenizer/tokenizer.json").is_file()
    assert len(hub.requests) == asked


def test_a_step_gets_only_its_models(filled: Path, folder: Path) -> None:
    assert main(["models", "fetch", "--from", str(filled), "--step", "transcribe"]) == 0
    assert (folder / "pinned").is_dir()
    assert not (folder / "net").exists()


def test_a_changed_file_in_the_place_is_refused(
    filled: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (filled / "net/model.bin").write_bytes(LARGE[::-1])
    assert main(["models", "fetch", "net", "--from", str(filled)]) == 84
    assert "model.bin of the model net is not the pinned file" in capsys.readouterr().err
    assert not (folder / "net").exists()


def test_the_list_outranks_the_lock_of_the_place(filled: Path, folder: Path) -> None:
    (filled / "pinned/model.bin").write_bytes(b"other")
    assert main(["models", "lock"]) == 80  # of the model folder, which is still empty
    lock = json.loads((filled / LOCK_NAME).read_text())
    lock["models"]["pinned"]["files"]["model.bin"]["sha256"] = "0" * 64
    (filled / LOCK_NAME).write_text(json.dumps(lock))
    assert main(["models", "fetch", "pinned", "--from", str(filled)]) == 84
    assert not (folder / "pinned").exists()


def test_processes_that_share_a_folder_copy_once(filled: Path, tmp_path: Path) -> None:
    store, shared = open_store(str(filled)), tmp_path / "shared"
    entry = contents(store)["net"]
    copied: list[bool] = []
    threads = [
        threading.Thread(target=lambda: copied.append(pull("net", entry, store, shared)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(copied) == [False, False, False, True]


def test_files_that_a_user_put_there_are_locked_and_then_enforced(
    folder: Path, listed: dict[str, Weights], capsys: pytest.CaptureFixture[str]
) -> None:
    listed["net"] = Weights(name="net", files=(WeightsFile(path="net.pt"),))
    (folder / "net").mkdir(parents=True)
    (folder / "net/net.pt").write_bytes(LARGE)
    assert main(["models", "check", "net"]) == 80
    assert "run `clipmill models lock net`" in capsys.readouterr().err
    assert main(["models", "lock"]) == 0
    assert main(["models", "check", "net"]) == 0
    assert listed["net"].sha256 == SHA256
    (folder / "net/net.pt").write_bytes(LARGE[::-1])
    assert main(["models", "check", "net"]) == 84


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fetch"], "no model is named"),
        (["fetch", "nothing"], "there is no model 'nothing'"),
        (["list", "--to", "x"], "--to and --from belong to `fetch`"),
        (["fetch", "net", "--to", "x", "--from", "y"], "exclude each other"),
        (["fetch", "net", "--step", "detect"], "--step belongs to `fetch --from`"),
        (["fetch", "--from", "{empty}"], "has no models.lock: fill it with"),
        (["fetch", "other", "--from", "{filled}"], "has no model 'other', only net, pinned"),
    ],
)
def test_wrong_use_is_one_line(
    filled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    capsys.readouterr()
    places = {"empty": tmp_path / "empty", "filled": filled}
    assert main(["models", *(word.format(**places) for word in arguments)]) == 80
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_the_list_fits_80_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert not any("…" in line for line in lines)
    assert main(["models", "list", "faster-whisper-base"]) == 0
    assert "Systran/faster-whisper-base" in capsys.readouterr().out
    assert main(["models", "--json"]) == 0
    assert {"name", "licence", "origin"} <= set(json.loads(capsys.readouterr().out)["models"][0])
