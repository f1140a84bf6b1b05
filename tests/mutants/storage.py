"""Mutants of storage: the cache's contents, the stores, the delivery of a job."""

from tests.mutants.mutant import Mutant

STORAGE = "steps/storage"
TESTS = "tests/steps/storage"
CACHE = (f"{TESTS}/test_cache.py",)

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
)  # fmt: skip
