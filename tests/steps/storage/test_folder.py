"""What only a folder can do or suffer: copies, rights, full disks, leftovers."""

import os
import resource
from pathlib import Path

import pytest

from steps.contract.errors import BadInput, HostFault, StepError
from steps.storage import folder, open_store
from steps.storage.folder import copy


def test_an_edit_in_place_changes_no_copy(tmp_path: Path) -> None:
    store, source = open_store(str(tmp_path / "store")), tmp_path / "source"
    source.write_bytes(b"content")
    store.put_file(source, "a")
    store.get_file("a", tmp_path / "back")
    for path in (source, tmp_path / "back"):
        with path.open("r+b") as stream:
            stream.write(b"EDITED")
    assert store.read_bytes("a") == b"content"
    assert not (tmp_path / "store/a").samefile(source)


@pytest.mark.parametrize("size", [0, 1, 3_000_001])
def test_a_copy_is_whole(tmp_path: Path, size: int) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(size))
    copy(source, tmp_path / "to")
    assert (tmp_path / "to").read_bytes() == source.read_bytes()


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    store, source = open_store(str(tmp_path / "store")), tmp_path / "source"
    source.write_bytes(b"content")
    (tmp_path / "name").symlink_to(source)
    store.put_file(tmp_path / "name", "a")
    assert not (tmp_path / "store/a").is_symlink()
    assert store.read_bytes("a") == b"content"


def test_unfinished_files_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / ".partial-12").mkdir()
    (tmp_path / ".partial-12/x").write_bytes(b"")
    (tmp_path / ".partial-34").write_bytes(b"")
    store = open_store(str(tmp_path))
    assert store.list() == ()
    assert store.folders() == ()


def test_what_another_process_removes_meanwhile_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs that end at once prune the same cache."""
    (tmp_path / "a").write_bytes(b"")
    monkeypatch.setattr(folder, "_unfinished", lambda path, _root: path.unlink())
    assert open_store(str(tmp_path)).list() == ()


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BadInput, match="cannot use"):
        open_store(str(tmp_path / "file")).write_bytes("a", b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput):
        open_store(str(tmp_path)).write_bytes("folder", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    source, store = tmp_path / "source", open_store(str(tmp_path / "store"))
    source.write_bytes(b"x" * 3_000_000)
    store.write_bytes("a", b"old")
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, allowed[1]))
    try:
        for use in (
            lambda: store.put_file(source, "a"),
            lambda: store.write_bytes("a", b"y" * 3_000_000),
        ):
            with pytest.raises(HostFault, match="ulimit"):
                use()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert store.read_bytes("a") == b"old"
    assert os.listdir(tmp_path / "store") == ["a"]  # noqa: PTH208


def test_every_refusal_is_a_leaf(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    with pytest.raises(StepError):
        store.write_bytes("x" * 300, b"")
