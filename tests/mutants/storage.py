"""Mutants of storage: the cache's contents, the stores, the delivery of a job."""

from tests.mutants.mutant import Mutant

STORAGE = "steps/storage"
TESTS = "tests/steps/storage"
CACHE = (f"{TESTS}/test_cache.py",)
JOBS = (f"{TESTS}/test_jobs.py",)
STORE = (f"{TESTS}/test_store.py",)
S3 = (f"{TESTS}/test_s3.py",)
TRANSFER = ("tests/steps/storage/test_s3_transfer.py",)

MUTANTS = (
    Mutant(
        "the cache trusts content that was changed",
        STORAGE, "if file_sha256(to) != output.sha256:", "if False:", CACHE,
    ),
    Mutant(
        "the cache keeps failed runs",
        STORAGE, "if receipt.failure is not None:\n            return", "pass", CACHE,
    ),
    Mutant(
        "a cached receipt may lead out of the folder",
        STORAGE, "if receipt.failure or not all(is_safe(output.path) for output in "
        "receipt.outputs):", "if receipt.failure:", CACHE,
    ),
    Mutant(
        "damaged content stays in the cache",
        STORAGE, "            self.place.delete(key)  #", "            #", CACHE,
    ),
    Mutant(
        "pruning removes the newest runs",
        STORAGE, "key=lambda run: (-run.modified_ms, run.key)",
        "key=lambda run: (run.modified_ms, run.key)", CACHE,
    ),
    Mutant(
        "a job is delivered over the manifest of another run",
        STORAGE, "        store.delete(MANIFEST)\n        for", "        for", JOBS,
    ),
    Mutant(
        "a changed file is delivered",
        STORAGE, "if not path.is_file() or file_sha256(path) != artifact.sha256:",
        "if not path.is_file():", JOBS,
    ),
    Mutant(
        "media are delivered before the documents",
        STORAGE, 'return not artifact.path.endswith(".json"), artifact.path',
        'return artifact.path.endswith(".json"), artifact.path', JOBS,
    ),
    Mutant(
        "a key may lead out of its store",
        STORAGE, 'part in {"", ".", ".."}', 'part in {"", "."}', STORE,
    ),
    Mutant(
        "a conditional write in a folder overwrites",
        STORAGE, "if not if_absent:\n                partial", "if True:\n                partial",
        STORE,
    ),
    Mutant(
        "a link may last longer than S3 allows",
        STORAGE, "if not 1 <= seconds <= LONGEST_SIGNATURE_S:", "if seconds < 1:", S3,
    ),
    Mutant(
        "two machines may upload two results at once",
        STORAGE, "if not (void or same):", "if False:", JOBS,
    ),
    Mutant(
        "a claim that another run took is not noticed",
        STORAGE, "other.manifest_sha256 != self.claim.manifest_sha256", "False", JOBS,
    ),
    Mutant(
        "a copy shares its file with the original",
        STORAGE,
        'with path.open("rb") as source, to.open("wb") as target:',
        'to.hardlink_to(path)\n    with path.open("rb") as source, path.open("rb") as target:\n'
        "        return",
        ("tests/steps/storage/test_folder.py",),
    ),
    Mutant(
        "an upload that was changed on the way is accepted",
        STORAGE, "if digest.hexdigest() != sent.sha256:", "if False:", TRANSFER,
    ),
    Mutant(
        "a download that was changed on the way is accepted",
        STORAGE, "if metadata.get(DIGEST_NAME, found) != found:", "if False:", TRANSFER,
    ),
    Mutant(
        "a short part leaves a hole",
        STORAGE, "if received != length:", "if False:", TRANSFER,
    ),
    Mutant(
        "a part of another version is accepted",
        STORAGE, 'if answer["ETag"] != etag:', "if False:", TRANSFER,
    ),
)  # fmt: skip
