"""The real client of the Hugging Face hub against a hub on loopback."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants

from pipelines.cli.door import main
from steps.contract import Weights, WeightsFile
from steps.contract.weights import LOCK_NAME
from tests.pipelines.models.conftest import LARGE, REPOSITORY, SHA256
from tests.pipelines.models.hub_server import COMMIT, GOOD_TOKEN, Hub
from tests.servers import LOOPBACK, free_ports

pytestmark = pytest.mark.usefixtures("listed")
HALF = len(LARGE) // 2


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_a_repository_is_fetched_once_and_locked(
    hub: Hub, folder: Path, listed: dict[str, Weights], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "fetch", "net"]) == 0
    assert listed["net"].locate() == folder / "net"
    assert sorted(path.name for path in (folder / "net").iterdir()) == ["config.json", "model.bin"]
    entry = json.loads((folder / LOCK_NAME).read_text())["models"]["net"]
    assert (entry["repository"], entry["revision"], entry["licence"]) == (REPOSITORY, COMMIT, "mit")
    assert entry["files"]["model.bin"] == {"sha256": SHA256, "size_bytes": len(LARGE)}
    hub.requests.clear()
    assert main(["models", "fetch", "net"]) == 0
    assert hub.requests == []
    assert "net: there already" in capsys.readouterr().out


def test_a_broken_download_goes_on_where_it_stopped(
    hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.cut_after = HALF
    assert main(["models", "fetch", "pinned"]) == 75
    assert lines(capsys) == [f"error: {LOOPBACK} answered 500 for pinned"]
    assert not (folder / "pinned").exists()
    hub.cut_after, hub.down = None, False
    hub.requests.clear()
    assert main(["models", "fetch", "pinned"]) == 0
    assert hub.ranges() == [f"bytes={HALF}-"]
    assert (folder / "pinned/model.bin").read_bytes() == LARGE
    assert not (folder / ".partial/pinned").exists()


def test_a_file_that_is_not_the_pinned_one_is_refused(
    hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.files[REPOSITORY]["model.bin"] = LARGE[::-1]
    assert main(["models", "fetch", "pinned"]) == 84
    (line,) = lines(capsys)
    assert line.startswith("error: model.bin of the model pinned is not the pinned file")
    assert not (folder / "pinned").exists()
    hub.files[REPOSITORY]["model.bin"] = LARGE
    assert main(["models", "fetch", "pinned"]) == 0


def test_a_file_that_changed_after_the_first_fetch_is_refused(hub: Hub, folder: Path) -> None:
    assert main(["models", "fetch", "net"]) == 0
    hub.files[REPOSITORY]["model.bin"] = LARGE[::-1]
    (folder / "net/model.bin").unlink()
    assert main(["models", "fetch", "net"]) == 84
    assert not (folder / "net/model.bin").exists()


def test_a_file_that_is_not_what_the_hub_states_is_refused(hub: Hub, folder: Path) -> None:
    hub.stated["model.bin"] = "0" * 64
    assert main(["models", "fetch", "net"]) == 84
    assert not (folder / LOCK_NAME).exists()


@pytest.mark.parametrize(
    ("token", "advice"),
    [
        ("", "accept its terms at {url}/someone/net with your account, then set HF_TOKEN"),
        ("hf_other", "the account of HF_TOKEN may not read it yet: accept its terms at {url}"),
    ],
)
def test_a_gated_repository_is_explained(
    hub: Hub,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    token: str,
    advice: str,
) -> None:
    hub.gated.add(REPOSITORY)
    monkeypatch.setenv("HF_TOKEN", token)
    assert main(["models", "fetch", "net"]) == 83
    (line,) = lines(capsys)
    assert line.startswith("error: the model net is gated: " + advice.format(url=hub.url))
    monkeypatch.setenv("HF_TOKEN", GOOD_TOKEN)
    assert main(["models", "fetch", "net"]) == 0


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"revision": "v9"}, 80, "someone/net has no revision 'v9'"),
        ({"repository": "no/such"}, 83, "has no repository 'no/such', or hides it"),
        ({"files": (WeightsFile(path="x.pt"),)}, 83, "has no file 'x.pt'"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_the_hub_does_not_have_is_one_line(
    hub: Hub,
    listed: dict[str, Weights],
    capsys: pytest.CaptureFixture[str],
    change: dict[str, object],
    code: int,
    said: str,
) -> None:
    listed["net"] = replace(listed["net"], **change)  # type: ignore[arg-type]
    assert main(["models", "fetch", "net"]) == code
    (line,) = lines(capsys)
    assert said in line


@pytest.mark.usefixtures("folder", "hub")
def test_without_a_network_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (port,) = free_ports(1)
    monkeypatch.setattr(constants, "ENDPOINT", f"http://{LOOPBACK}:{port}")
    assert main(["models", "fetch", "net"]) == 75
    (line,) = lines(capsys)
    assert "the download of net broke off (ConnectError): check the network" in line


def test_a_plain_address_is_fetched_and_resumed(
    hub: Hub, folder: Path, listed: dict[str, Weights], capsys: pytest.CaptureFixture[str]
) -> None:
    file = WeightsFile(path="model.bin", url=f"{hub.url}/plain/{REPOSITORY}/model.bin")
    listed["net"] = Weights(name="net", files=(file,))
    hub.cut_after = HALF
    assert main(["models", "fetch", "net"]) == 75
    assert len(lines(capsys)) == 1
    hub.cut_after, hub.down = None, False
    assert main(["models", "fetch", "net"]) == 0
    assert hub.ranges()[-1] == f"bytes={HALF}-"
    assert listed["net"].locate() == folder / "net/model.bin"
    assert listed["net"].sha256 == SHA256


def test_the_error_of_one_model_does_not_keep_the_others(
    hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "fetch", "by-hand", "pinned"]) == 80
    assert (folder / "pinned/model.bin").is_file()
    assert lines(capsys) == [
        "error: the model by-hand cannot be fetched: get net.onnx from https://example.org/net "
        f"into {folder}/by-hand"
    ]
