"""What the cache, the work and source_meta.json say is about the same bytes."""

import os
from pathlib import Path

import pytest

from steps.contract.errors import BadInput
from steps.contract.receipt import file_sha256
from steps.download import DownloadParams
from steps.download.steady import SteadyFile
from steps.download.versions import fingerprint
from steps.media import probe
from tests.steps import numbered
from tests.steps.download.running import download, meta_of, receipt_of


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def replaced(path: Path) -> None:
    """Another file of the same size and time takes the name."""
    other = path.with_name("other")
    other.write_bytes(path.read_bytes()[::-1])
    stat = path.stat()
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [grown, replaced])
def test_a_file_that_changes_is_refused(change: object, tmp_path: Path) -> None:
    assert callable(change)
    path = tmp_path / "film.mp4"
    path.write_bytes(b"something")
    steady = SteadyFile.first_seen(path)
    assert steady.sha256() == file_sha256(path)
    change(path)
    with pytest.raises(BadInput, match=r"film\.mp4 changed while it was read: wait"):
        steady.sha256()


def test_a_change_between_the_fingerprint_and_the_work_is_refused(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "a.mp4")
    params = DownloadParams(source=str(path))
    assert fingerprint(params) is not None
    assert download(path, tmp_path / "same") == 0
    assert meta_of(tmp_path / "same").source_sha256 == file_sha256(path)
    fingerprint(params)
    grown(path)
    assert download(path, tmp_path / "grown") == BadInput.exit_code


def test_a_recording_that_goes_on_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file grows after it was opened, as while a recorder writes."""
    path = numbered.make(tmp_path / "a.mkv")
    opened = probe.opened

    def opened_and_grown(film: Path) -> object:
        if film == path:
            grown(film)
        return opened(film)

    monkeypatch.setattr(probe, "opened", opened_and_grown)
    assert download(path, tmp_path / "out") == BadInput.exit_code
    failure = receipt_of(tmp_path / "out").failure
    assert failure is not None
    assert "a.mkv changed while it was read" in failure.message


@pytest.mark.parametrize(
    "name", ["ends in a space.mp4 ", f"{'n' * 251}.mp4", "a\u0301\u4e2d'\".mp4"]
)
def test_odd_names(name: str, tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "a.mp4", frames=30).rename(tmp_path / name)
    assert download(path, tmp_path / "out") == 0


def test_a_name_that_is_not_utf8_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = numbered.make(tmp_path / "a.mp4", frames=30).rename(
        os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mp4")
    )
    assert download(path, tmp_path / "out") == BadInput.exit_code
    assert "--source: not UTF-8: rename the file or folder" in capfd.readouterr().err
