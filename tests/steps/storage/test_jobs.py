"""Whole jobs in a store: committed by their manifest, and by nothing else."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from steps.__main__ import main as run_step
from steps.contract.errors import BrokenContract, Refused
from steps.contract.receipt import Receipt, fingerprint
from steps.model.manifest import Manifest
from steps.storage import Store, jobs, open_store
from steps.storage.jobs import HOLDER, UploadClaim, read_manifest, upload_job
from tests.steps.publish.receipts import whole_job

CLIPS = 2
"""Of each job: every file is several requests."""


def publish(root: Path) -> Path:
    whole_job(root, CLIPS)
    assert run_step(["publish", f"--out={root}"]) == 0
    return root


@cache
def published_once() -> TemporaryDirectory[str]:
    """The folder goes when nothing holds it."""
    folder = TemporaryDirectory()
    publish(Path(folder.name))
    return folder


def published(root: Path) -> Path:
    """Copy a job that publish has ended."""
    return Path(shutil.copytree(published_once().name, root, dirs_exist_ok=True))


def test_a_job_arrives_whole(store: Store, store_uri: str, tmp_path: Path) -> None:
    folder = published(tmp_path / "job")
    (folder / "clips/clip_09.mp4").write_bytes(b"of an earlier attempt")
    arrived: list[int] = []
    job = open_store(f"{store_uri}/talk")
    manifest = upload_job(folder, job, arrived.append)
    keys = {entry.key for entry in job.list()}
    named = {item.path for item in manifest.artifacts}
    assert keys == named | {"manifest.json", "receipts/publish.json", "runs/publish.json"}
    assert job.read_bytes("clips/clip_01.mp4") == b"clip_01 mp4"
    assert sum(arrived) == sum(item.size_bytes for item in manifest.artifacts) + (
        (folder / "runs/publish.json").stat().st_size
        + (folder / "receipts/publish.json").stat().st_size
    )
    assert read_manifest(job) == manifest


class Watched:
    """A store that notes the order of what is done to it, and can break."""

    def __init__(self, store: Store, break_at: str = "") -> None:
        self._store, self._break_at, self.done = store, break_at, list[str]()

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    def put_file(self, path: Path, key: str) -> None:
        if key == self._break_at:
            raise Refused("no right to use it")
        self.done.append(key)
        self._store.put_file(path, key)

    def write_bytes(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
        self.done.append(key)
        return self._store.write_bytes(key, data, if_absent=if_absent)


def test_documents_go_first_and_the_manifest_last(store: Store, tmp_path: Path) -> None:
    watched = Watched(store)
    upload_job(published(tmp_path / "job"), watched)
    media = [number for number, key in enumerate(watched.done) if not key.endswith(".json")]
    documents = [
        number for number, key in enumerate(watched.done) if key in {"clips.json", "edl.json"}
    ]
    assert max(documents) < min(media)
    assert watched.done[-1] == "manifest.json"


def test_an_upload_that_breaks_commits_nothing(store: Store, tmp_path: Path) -> None:
    """Not even where an earlier result was committed: some of its files are already replaced."""
    folder = published(tmp_path / "job")
    upload_job(folder, store)
    with pytest.raises(Refused):
        upload_job(folder, Watched(store, break_at="clips/clip_02.mp4"))
    assert read_manifest(store) is None
    upload_job(folder, store)
    assert read_manifest(store) == Manifest.from_file(folder / "manifest.json")


def test_another_run_that_committed_meanwhile_is_not_overwritten(
    store: Store, tmp_path: Path
) -> None:
    class Raced(Watched):
        def write_bytes(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
            self._store.write_bytes(key, b"of another run")
            return super().write_bytes(key, data, if_absent=if_absent)

    with pytest.raises(Refused, match=r"another run wrote another manifest\.json"):
        upload_job(published(tmp_path / "job"), Raced(store))
    assert store.read_bytes("manifest.json") == b"of another run"


def test_a_job_that_is_not_done_stays_here(store: Store, tmp_path: Path) -> None:
    whole_job(tmp_path / "job", CLIPS)
    with pytest.raises(BrokenContract, match="the job is not done"):
        upload_job(tmp_path / "job", store)
    assert store.list() == ()


@pytest.mark.parametrize("content", [None, b"other"])
def test_a_changed_file_stays_here(store: Store, tmp_path: Path, content: bytes | None) -> None:
    folder = published(tmp_path / "job")
    path = folder / "clips/clip_02.mp4"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(BrokenContract, match=r"clip_02\.mp4 is not as manifest\.json says"):
        upload_job(folder, store)
    assert store.head("manifest.json") is None


def test_reading_what_is_not_there(store: Store) -> None:
    assert read_manifest(store) is None
    store.write_bytes("manifest.json", b"{}")
    with pytest.raises(BrokenContract, match=r"manifest\.json is not a valid"):
        read_manifest(store)


def another_result(root: Path) -> Path:
    """A job of the same id with another clip, as another machine may have made it."""
    whole_job(root, CLIPS)
    (root / "clips/clip_01.mp4").write_bytes(b"another")
    path = root / "receipts/render-clip_01.json"
    receipt = Receipt.from_file(path)
    outputs = tuple(
        fingerprint(root, item.path) if item.path == "clips/clip_01.mp4" else item
        for item in receipt.outputs
    )
    path.write_bytes(receipt.model_copy(update={"outputs": outputs}).canonical_bytes())
    assert run_step(["publish", f"--out={root}"]) == 0
    return root


class Interleaved(Watched):
    """A store that lets another machine work when the first file has arrived."""

    def __init__(self, store: Store, meanwhile: Callable[[], object]) -> None:
        super().__init__(store)
        self._meanwhile = meanwhile

    def put_file(self, path: Path, key: str) -> None:
        super().put_file(path, key)
        if len(self.done) == 2:  # the claim, and a file
            self._meanwhile()


def test_two_machines_never_mix_their_results(store: Store, tmp_path: Path) -> None:
    """The first to come wins; the second is told, and has written nothing."""
    first, second = published(tmp_path / "a"), another_result(tmp_path / "b")
    watched, refused = Watched(store), []

    def meanwhile() -> None:
        with pytest.raises(Refused, match=r"uploading another result to .*--job-id") as caught:
            upload_job(second, watched)
        refused.append(caught.value)

    manifest = upload_job(first, Interleaved(store, meanwhile))
    assert len(refused) == 1
    assert watched.done == ["claim.json"]
    assert read_manifest(store) == manifest
    assert store.read_bytes("clips/clip_01.mp4") == b"clip_01 mp4"
    assert store.head("claim.json") is None


def test_two_machines_with_the_same_result_agree(store: Store, tmp_path: Path) -> None:
    first, second = publish(tmp_path / "a"), publish(tmp_path / "b")
    manifest = upload_job(first, Interleaved(store, lambda: upload_job(second, store)))
    assert read_manifest(store) == manifest
    assert store.head("claim.json") is None


def test_a_claim_that_was_taken_stops_the_upload(store: Store, tmp_path: Path) -> None:
    """As when this machine slept for so long that its claim was void."""
    other = UploadClaim(holder="other", manifest_sha256="0" * 64).canonical_bytes()
    first = published(tmp_path / "a")
    with pytest.raises(Refused, match="uploading another result"):
        upload_job(first, Interleaved(store, lambda: store.write_bytes("claim.json", other)))
    assert store.head("manifest.json") is None
    assert store.read_bytes("claim.json") == other


def test_a_killed_run_blocks_others_for_a_while(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, other = published(tmp_path / "a"), another_result(tmp_path / "b")
    upload_job(killed, store)
    holder = (killed / HOLDER).read_text()
    left = UploadClaim(holder=holder, manifest_sha256="0" * 64).canonical_bytes()
    store.write_bytes("claim.json", left)
    upload_job(killed, store)  # the same folder goes on at once
    store.write_bytes("claim.json", left)
    with pytest.raises(Refused, match="60 minutes"):
        upload_job(other, store)
    monkeypatch.setattr(jobs, "CLAIM_S", -60)
    assert upload_job(other, store) == read_manifest(store)
