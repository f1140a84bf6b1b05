"""Mutants of the stages: times, geometry, the plan of render."""

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        "a span holds its end",
        "steps/model", "time_ms < self.out_ms", "time_ms <= self.out_ms",
        ("tests/steps/model/test_timing.py",),
    ),
)  # fmt: skip
