"""verify, on a published job in a folder and in a bucket."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.verify import Difference, Verdict, verify
from steps.__main__ import main as run_step
from steps.model.manifest import Manifest
from steps.storage import Store, open_store
from steps.storage.jobs import upload_job
from tests.servers import S3Server, forget_aws
from tests.steps.publish.receipts import whole_job


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a published job, to be copied."""
    root = tmp_path_factory.mktemp("published") / "job"
    whole_job(root)
    assert run_step(["publish", f"--out={root}"]) == 0
    return root


@pytest.fixture(scope="module")
def uploaded(published: Path, s3_server: S3Server) -> Store:
    """The published job in a bucket; whoever changes it puts it back."""
    with pytest.MonkeyPatch.context() as patch:
        forget_aws(patch)
        for name, value in s3_server.environment().items():
            patch.setenv(name, value)
        store = open_store(f"s3://{s3_server.bucket}/published")
        upload_job(published, store)
    return store


@pytest.fixture(params=["folder", "s3"])
def job(request: pytest.FixtureRequest, published: Path, tmp_path: Path) -> Iterator[Store]:
    """A published job, in a folder or uploaded to a bucket."""
    if request.param == "folder":
        shutil.copytree(published, tmp_path / "job")
        yield open_store(str(tmp_path / "job"))
        return
    store: Store = request.getfixturevalue("uploaded")
    before = etags(store)
    yield store
    after = etags(store)
    for key in after.keys() - before.keys():
        store.delete(key)
    for key in before:
        if after.get(key) != before[key]:
            store.write_bytes(key, (published / key).read_bytes())


def etags(store: Store) -> dict[str, str]:
    """What a listing says of every object's content."""
    return {entry.key: entry.etag for entry in store.list()}


def files_of(job: Store) -> int:
    return len(Manifest.from_bytes(job.read_bytes("manifest.json")).artifacts)


def test_an_untouched_job_is_proved(job: Store) -> None:
    seen: list[tuple[int, int]] = []
    count = files_of(job)
    assert verify(job, lambda done, total: seen.append((done, total))) == Verdict(None, count)
    assert seen == [(number, count) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("damage", "path", "what"),
    [
        (lambda job: job.delete("clips/clip_02.jpg"), "clips/clip_02.jpg", "is missing"),
        (
            lambda job: job.write_bytes("clips/clip_02.mp4", b"clip_02 mpX"),
            "clips/clip_02.mp4",
            "has another content",
        ),
        (
            lambda job: job.write_bytes("clips.json", b""),
            "clips.json",
            "has 0 bytes, the manifest says",
        ),
        (
            lambda job: (job.delete("source.mkv"), job.delete("receipts/cut.json")),
            "receipts/cut.json",
            "is missing",
        ),
        (lambda job: job.delete("manifest.json"), "manifest.json", "is missing: the job is not"),
        (lambda job: job.write_bytes("manifest.json", b"{}"), "manifest.json", "cannot be read"),
        (
            lambda job: job.write_bytes("manifest.json", job.read_bytes("manifest.json") + b"\n"),
            "manifest.json",
            "is not in its canonical form",
        ),
    ],
)
def test_the_first_difference_is_named(
    job: Store, damage: Callable[[Store], object], path: str, what: str
) -> None:
    damage(job)
    difference = verify(job).difference
    assert difference is not None
    assert difference.path == path
    assert difference.what.startswith(what)
    assert str(difference).startswith(f"{path} {what}")
    assert "\n" not in str(difference)


def rewritten(job: Store, **changes: object) -> None:
    manifest = Manifest.from_bytes(job.read_bytes("manifest.json"))
    job.write_bytes("manifest.json", manifest.model_copy(update=changes).canonical_bytes())


def test_a_delivered_file_without_a_digest(job: Store) -> None:
    manifest = Manifest.from_bytes(job.read_bytes("manifest.json"))
    kept = tuple(item for item in manifest.artifacts if item.path != "clips/clip_01.mp4")
    rewritten(job, artifacts=kept)
    difference = verify(job).difference
    assert difference is not None
    assert "names clips/clip_01.mp4 as delivered" in difference.what


def test_a_path_that_leads_out_of_the_job(job: Store) -> None:
    manifest = Manifest.from_bytes(job.read_bytes("manifest.json"))
    evil = manifest.artifacts[0].model_copy(update={"path": "../../etc/passwd"})
    rewritten(job, artifacts=(evil, *manifest.artifacts))
    assert verify(job).difference == Difference("../../etc/passwd", "is not a path inside a job")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"artifacts": ()}, "names clips/clip_01"),
        ({"artifacts": (), "clips": ()}, "says complete of 0 clips"),
        ({"clips": ()}, "says complete of 0 clips"),
        ({"outcome": "empty"}, "says empty of 3 clips"),
        ({"outcome": "partial"}, "says partial of 3 clips and 0 missing"),
        ({"artifacts": (), "clips": (), "outcome": "empty"}, "does not name source_meta.json"),
        ({"tasks": ()}, "names no task"),
    ],
)
def test_an_emptied_manifest(job: Store, changes: dict[str, object], what: str) -> None:
    rewritten(job, **changes)
    difference = verify(job).difference
    assert difference is not None
    assert difference.path == "manifest.json"
    assert difference.what.startswith(what)


def test_a_receipt_that_the_manifest_no_longer_names(job: Store) -> None:
    manifest = Manifest.from_bytes(job.read_bytes("manifest.json"))
    receipt = f"receipts/{manifest.tasks[0].task}.json"
    rewritten(job, artifacts=tuple(i for i in manifest.artifacts if i.path != receipt))
    assert verify(job).difference == Difference("manifest.json", f"does not name {receipt}")


def test_a_file_that_the_manifest_no_longer_names(job: Store) -> None:
    """It contradicts nothing within the manifest, but publish's receipt knows the original."""
    manifest = Manifest.from_bytes(job.read_bytes("manifest.json"))
    rewritten(job, artifacts=tuple(i for i in manifest.artifacts if i.path != "source.mkv"))
    difference = verify(job).difference
    assert difference is not None
    assert str(difference).startswith("receipts/publish.json names another manifest.json")


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda job: job.delete("receipts/publish.json"), "is missing"),
        (lambda job: job.write_bytes("receipts/publish.json", b"{}"), "cannot be read"),
        (
            lambda job: job.write_bytes(
                "receipts/publish.json",
                job.read_bytes("receipts/publish.json").replace(b'"path":"clips.json","sha256":"',
                                                                b'"path":"clips.json","sha256":"0'),
            ),
            "names another clips.json than the manifest",
        ),
    ],
)  # fmt: skip
def test_the_receipt_of_publish_counts(
    job: Store, damage: Callable[[Store], object], what: str
) -> None:
    damage(job)
    difference = verify(job).difference
    assert difference is not None
    assert difference.path == "receipts/publish.json"
    assert difference.what.startswith(what)


def test_files_that_nobody_promised_are_a_warning(job: Store) -> None:
    for key in ("clips/clip_07.mp4", "clips/notes.txt", "runs/x.json", "run.json"):
        job.write_bytes(key, b"x")
    verdict = verify(job)
    assert verdict.difference is None
    assert verdict.extra == ("clips/clip_07.mp4", "clips/notes.txt")
