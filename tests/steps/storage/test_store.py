"""One suite over every backend: whoever writes to `Store` may move between them."""

import hashlib
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steps.contract.errors import BadInput
from steps.storage import NotFound, Store
from steps.storage.store import checked_key, fingerprint, is_safe

KEYS = ("manifest.json", "clips/clip_01.mp4", "deep/er/still/x", "with space/ümläut+&?#%.json")
UNSAFE = (
    "", "/", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "a//b", "a/", "./a", "a/./b",
    "a\\b", "a\0b", "a\nb", ".partial-1234", "a/.partial-1/b", "x" * 1025,
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_what_was_written_is_read(store: Store, key: str) -> None:
    assert store.write_bytes(key, b"first") is True
    assert store.read_bytes(key) == b"first"
    store.write_bytes(key, b"second, longer")
    assert store.read_bytes(key) == b"second, longer"
    assert b"".join(store.chunks(key)) == b"second, longer"
    assert [(entry.key, entry.size_bytes) for entry in store.list()] == [(key, 14)]


def test_an_empty_object_is_an_object(store: Store) -> None:
    store.write_bytes("empty", b"")
    assert store.read_bytes("empty") == b""
    found = store.head("empty")
    assert found is not None
    assert found.size_bytes == 0


def test_if_absent_never_overwrites(store: Store) -> None:
    assert store.write_bytes("manifest.json", b"one", if_absent=True) is True
    assert store.write_bytes("manifest.json", b"two", if_absent=True) is False
    assert store.read_bytes("manifest.json") == b"one"


def test_of_many_conditional_writers_one_wins(store: Store) -> None:
    won: list[int] = []
    start = threading.Barrier(4)

    def write(number: int) -> None:
        start.wait()
        if store.write_bytes("commit", str(number).encode(), if_absent=True):
            won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert store.read_bytes("commit") == str(won[0]).encode()
    assert [entry.key for entry in store.list()] == ["commit"]


def test_files_go_and_come_back(store: Store, tmp_path: Path) -> None:
    """20 MB is above the size at which S3 uploads go in parts."""
    data = hashlib.shake_256(b"clipmill").digest(20 * 1000 * 1000)
    source, target = tmp_path / "source.bin", tmp_path / "new folder" / "target.bin"
    source.write_bytes(data)
    store.put_file(source, "source.mkv")
    arrived: list[int] = []
    store.get_file("source.mkv", target, arrived.append)
    assert target.read_bytes() == data
    assert sum(arrived) == len(data)
    assert [path.name for path in target.parent.iterdir()] == ["target.bin"]
    found = fingerprint(store, "source.mkv")
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.size_bytes == len(data)


def test_an_empty_file_goes_and_comes_back(store: Store, tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"")
    store.put_file(source, "empty")
    store.get_file("empty", target)
    assert target.read_bytes() == b""


def test_getting_replaces_a_file_whole(store: Store, tmp_path: Path) -> None:
    store.write_bytes("x", b"new")
    target = tmp_path / "x"
    target.write_bytes(b"old and longer")
    store.get_file("x", target)
    assert target.read_bytes() == b"new"


def test_what_is_absent_says_so(store: Store, tmp_path: Path) -> None:
    store.write_bytes("there/is", b"this")
    for key in ("nothing", "there", "there/is/not"):
        assert store.head(key) is None
        with pytest.raises(NotFound, match="does not exist"):
            store.read_bytes(key)
        with pytest.raises(NotFound):
            list(store.chunks(key))
        with pytest.raises(NotFound):
            store.get_file(key, tmp_path / "x")
    assert list(tmp_path.glob("x*")) == []
    store.delete("nothing")


def test_a_missing_file_cannot_be_put(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        store.put_file(tmp_path / "nowhere", "x")
    assert store.list() == ()


def test_listing_is_sorted_and_filtered_by_text(store: Store) -> None:
    for key in ("b/2", "b/10", "a", "bb", "b/c/d", "z"):
        store.write_bytes(key, key.encode())
    assert [entry.key for entry in store.list()] == ["a", "b/10", "b/2", "b/c/d", "bb", "z"]
    assert [entry.key for entry in store.list("b/")] == ["b/10", "b/2", "b/c/d"]
    assert [entry.key for entry in store.list("b")] == ["b/10", "b/2", "b/c/d", "bb"]
    assert [entry.key for entry in store.list("b/1")] == ["b/10"]
    assert store.list("nothing/") == ()
    assert all(entry.modified_ms > 1_600_000_000_000 for entry in store.list())


def test_folders_are_the_next_names(store: Store) -> None:
    for key in ("one/manifest.json", "two/clips/a", "two/clips/b", "file"):
        store.write_bytes(key, b"x")
    assert store.folders() == ("one", "two")
    assert store.folders("two/") == ("clips",)
    assert store.folders("three/") == ()


def test_what_is_deleted_is_gone(store: Store) -> None:
    store.write_bytes("a/b", b"x")
    store.delete("a/b")
    assert store.head("a/b") is None
    assert store.list() == ()


@pytest.mark.parametrize("key", UNSAFE)
def test_unsafe_keys_reach_no_backend(store: Store, key: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    for use in (
        lambda: store.write_bytes(key, b"x"),
        lambda: store.write_bytes(key, b"x", if_absent=True),
        lambda: store.read_bytes(key),
        lambda: list(store.chunks(key)),
        lambda: store.get_file(key, tmp_path / "to"),
        lambda: store.put_file(file, key),
        lambda: store.head(key),
        lambda: store.delete(key),
        lambda: store.signed_url(key, 60),
    ):
        with pytest.raises(BadInput, match="cannot be a key"):
            use()


def test_a_uri_has_no_slash_at_its_end(store: Store, store_uri: str) -> None:
    assert not store.uri.endswith("/")
    assert store.uri.endswith(store_uri.rpartition("://")[2])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(alphabet="a./\\ \0é-", max_size=12))
def test_a_safe_key_stays_in_its_folder(key: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.getbasetemp() / "root"
    if is_safe(key):
        assert (root / checked_key(key)).resolve().is_relative_to(root.resolve())
        assert (root / key).resolve() != root.resolve()
