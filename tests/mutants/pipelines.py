"""Mutants of the pipelines: verify, the local executor, lint."""

from tests.mutants.mutant import Mutant

VERIFY = ("tests/pipelines/test_verify.py",)

MUTANTS = (
    Mutant(
        "verify does not compare digests",
        "pipelines/verify.py", "if found != expected:", "if False:", VERIFY,
    ),
    Mutant(
        "verify does not compare sizes",
        "pipelines/verify.py", "if entry.size_bytes != expected.size_bytes:", "if False:", VERIFY,
    ),
)  # fmt: skip
