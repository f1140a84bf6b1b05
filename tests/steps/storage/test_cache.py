"""The cache over every backend: whole runs or nothing, and never a failed step."""

import hashlib
import os
import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from steps.contract.receipt import Failure, Fingerprint, Receipt
from steps.storage import Store
from steps.storage.cache import Pruned, StoredCache, open_cache
from tests.servers import READER, S3Server

KEY, OTHER = "ab" * 32, "cd" * 32


def made(root: Path, files: dict[str, bytes], failure: Failure | None = None) -> Receipt:
    """Files on disk and the receipt that names them."""
    outputs = []
    for path, data in sorted(files.items()):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        outputs.append(Fingerprint(path=path, sha256=sha256, size_bytes=len(data)))
    return Receipt(
        task="cut", step="cut", version=1, params={}, inputs=(), outputs=tuple(outputs),
        failure=failure,
    )  # fmt: skip


def files_under(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


FILES = {"cuts/clip_01.mkv": b"one", "cuts/clip_02.mkv": b"two", "plan.json": b"{}"}


@pytest.fixture
def cache(store_uri: str) -> StoredCache:
    return open_cache(store_uri)


@pytest.fixture
def receipt(cache: StoredCache, tmp_path: Path) -> Receipt:
    """A run that is kept under KEY."""
    found = made(tmp_path / "made", FILES)
    cache.store(KEY, found, tmp_path / "made")
    return found


def test_a_kept_run_comes_back_whole(cache: StoredCache, receipt: Receipt, tmp_path: Path) -> None:
    with capture_logs() as logs:
        assert cache.fetch(KEY, tmp_path / "into") == receipt
        assert cache.fetch(KEY, tmp_path / "into") == receipt
    assert files_under(tmp_path / "into") == FILES
    assert [path.name for path in (tmp_path / "into").iterdir() if path.name[0] == "."] == []
    assert logs == []


def test_another_key_is_a_miss_without_a_word(
    cache: StoredCache, receipt: Receipt, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        assert cache.fetch(OTHER, tmp_path / "into") is None
    assert logs == []


def test_a_run_without_outputs_is_kept(cache: StoredCache, tmp_path: Path) -> None:
    receipt = made(tmp_path, {})
    cache.store(KEY, receipt, tmp_path)
    assert cache.fetch(KEY, tmp_path / "into") == receipt


def test_a_failed_run_is_not_kept(cache: StoredCache, tmp_path: Path) -> None:
    failure = Failure(exit_code=80, error="BadInput", message="no")
    cache.store(KEY, made(tmp_path / "made", FILES, failure), tmp_path / "made")
    assert cache.place.list() == ()
    assert cache.fetch(KEY, tmp_path / "into") is None


def blob_of(store: Store, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    return f"blobs/{digest[:2]}/{digest}"


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda store: store.delete(blob_of(store, b"two")), "does not exist"),
        (lambda store: store.write_bytes(blob_of(store, b"two"), b"TWO"), "was damaged"),
        (lambda store: store.write_bytes(blob_of(store, b"two"), b""), "was damaged"),
        (lambda store: store.write_bytes(f"runs/ab/{KEY}.json", b"{"), "not a valid"),
        (lambda store: store.write_bytes(f"runs/ab/{KEY}.json", b"{}"), "not a valid"),
    ],
)
def test_a_damaged_run_is_a_miss_and_is_mended(
    cache: StoredCache, receipt: Receipt, tmp_path: Path, damage, word: str
) -> None:
    damage(cache.place)
    with capture_logs() as logs:
        assert cache.fetch(KEY, tmp_path / "into") is None
    assert files_under(tmp_path / "into") == {}
    assert [word in entry["reason"] for entry in logs] == [True]
    again = made(tmp_path / "again", FILES)
    cache.store(KEY, again, tmp_path / "again")
    assert cache.fetch(KEY, tmp_path / "into") == receipt
    assert files_under(tmp_path / "into") == FILES


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "a/../../evil"])
def test_a_receipt_that_leads_out_of_the_folder_is_a_miss(
    cache: StoredCache, receipt: Receipt, tmp_path: Path, path: str
) -> None:
    bad = receipt.outputs[0].model_copy(update={"path": path})
    data = receipt.model_copy(update={"outputs": (bad,)}).canonical_bytes()
    cache.place.write_bytes(f"runs/ab/{KEY}.json", data)
    assert cache.fetch(KEY, tmp_path / "deep/into") is None
    assert not (tmp_path / "deep/evil").exists()
    assert not (tmp_path / "evil").exists()


def test_runs_share_what_is_the_same(cache: StoredCache, receipt: Receipt, tmp_path: Path) -> None:
    other = made(tmp_path / "other", {"x": b"one", "y": b"one"})
    cache.store(OTHER, other, tmp_path / "other")
    assert len(cache.place.list("blobs/")) == len(FILES)
    assert cache.fetch(OTHER, tmp_path / "into") == other
    assert files_under(tmp_path / "into") == {"x": b"one", "y": b"one"}


def test_two_writers_of_one_key_leave_one_whole_run(cache: StoredCache, tmp_path: Path) -> None:
    """Even when they made different bytes: the receipt decides, and its contents are there."""
    variants = [{"a": bytes([n]) * 50_000, "b": b"same"} for n in range(4)]
    receipts = [made(tmp_path / str(n), files) for n, files in enumerate(variants)]
    start = threading.Barrier(4)

    def store(number: int) -> None:
        start.wait()
        cache.store(KEY, receipts[number], tmp_path / str(number))

    threads = [threading.Thread(target=store, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = cache.fetch(KEY, tmp_path / "into")
    assert found in receipts
    assert files_under(tmp_path / "into") == variants[receipts.index(found)]


def test_an_edit_of_one_job_changes_neither_the_cache_nor_other_jobs(tmp_path: Path) -> None:
    cache = open_cache(str(tmp_path / "cache"))
    cache.store(KEY, made(tmp_path / "made", {"a": b"true"}), tmp_path / "made")
    for job in ("one", "two"):
        assert cache.fetch(KEY, tmp_path / job) is not None
    for job in ("made", "one"):
        with (tmp_path / job / "a").open("r+b") as stream:
            stream.write(b"FAKE")
    assert (tmp_path / "two/a").read_bytes() == b"true"
    assert cache.fetch(KEY, tmp_path / "three") is not None
    assert (tmp_path / "three/a").read_bytes() == b"true"


def test_a_cache_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = open_cache(str(tmp_path / "file/cache"))
    with capture_logs() as logs:
        assert cache.fetch(KEY, tmp_path / "into") is None
        cache.store(KEY, made(tmp_path / "made", FILES), tmp_path / "made")
    assert [entry["event"] for entry in logs] == ["the run was not kept in the cache"]
    assert files_under(tmp_path / "made") == FILES


def test_a_bucket_that_may_only_be_read_fails_nothing(
    s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    uri = f"s3://{s3_environment.bucket}/read-only"
    receipt = made(tmp_path / "made", FILES)
    open_cache(uri).store(KEY, receipt, tmp_path / "made")
    for name, value in s3_environment.environment(READER).items():
        monkeypatch.setenv(name, value)
    cache = open_cache(uri)
    assert cache.fetch(KEY, tmp_path / "into") == receipt
    with capture_logs() as logs:
        cache.store(OTHER, made(tmp_path / "other", {"x": b"new"}), tmp_path / "other")
    assert "no permission to use" in logs[0]["reason"]


def kept_at(cache: StoredCache, root: Path, key: str, files: dict[str, bytes], age: int) -> int:
    """Keep a run and say when; returns the size of its receipt."""
    cache.store(key, made(root / key[:2], files), root / key[:2])
    path = root / "cache" / f"runs/{key[:2]}/{key}.json"
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path.stat().st_size


def test_pruning_removes_the_oldest_and_keeps_what_others_share(tmp_path: Path) -> None:
    cache = open_cache(str(tmp_path / "cache"))
    keys = ["aa" * 32, "bb" * 32, "cc" * 32]
    old = kept_at(cache, tmp_path, keys[0], {"x": b"o" * 1000, "y": b"s" * 500}, age=30)
    middle = kept_at(cache, tmp_path, keys[1], {"x": b"m" * 1000}, age=20)
    new = kept_at(cache, tmp_path, keys[2], {"x": b"n" * 1000, "y": b"s" * 500}, age=10)
    cache.place.write_bytes("blobs/ff/" + "ff" * 32, b"of no run")
    kept = middle + new + 2500
    assert cache.prune(kept) == Pruned(1, old + 1000 + len("of no run"), kept)
    assert [cache.fetch(key, tmp_path / "into") is None for key in keys] == [True, False, False]
    assert cache.prune(kept) == Pruned(0, 0, kept)
    assert cache.prune(kept - 1) == Pruned(1, middle + 1000, new + 1500)
    assert cache.prune(0) == Pruned(1, new + 1500, 0)
    assert cache.place.list() == ()


def test_pruning_removes_broken_runs(cache: StoredCache, receipt: Receipt, tmp_path: Path) -> None:
    cache.place.write_bytes(f"runs/cd/{OTHER}.json", b"{")
    assert cache.prune(10**9).removed_runs == 1
    assert cache.fetch(KEY, tmp_path / "into") == receipt
    cache.place.delete(blob_of(cache.place, b"one"))
    assert cache.prune(10**9).removed_runs == 1
    assert cache.place.list() == ()
