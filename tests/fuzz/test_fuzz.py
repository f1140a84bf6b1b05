"""A small part of `make fuzz`, the same cases in each run, and the harness itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import documents, media
from tests.fuzz.films import make
from tests.fuzz.trial import Outcome, run_step
from tests.media.fixtures import Film

PATIENT_S = 600.0
"""On a busy machine only the CPU time says whether a step hangs."""
CPU_S = 30.0
SEED = 1


def passed(outcome: Outcome) -> bool:
    return not outcome.fault and outcome.cpu_s <= CPU_S


def patient(name: str, folder: Path, *options: str) -> Outcome:
    return run_step(name, folder, *options, limit_s=PATIENT_S)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def job(films: Path, sample: Film) -> Path:
    """A job up to its captions: the documents that cheap steps read."""
    source = make("h264-aac.mp4", sample[0], films)
    names = ("download", "moderate", "highlight", "cut", "detect", "reframe")
    return documents.make_job(films / "job", source, names)


@pytest.mark.parametrize("number", [0, 9, 101, 103])
def test_odd_and_damaged_films(number: int, films: Path, sample: Film, tmp_path: Path) -> None:
    case = media.film(SEED, number, sample[0], films, tmp_path)
    found = media.outcomes(case, tmp_path, patient)
    assert [outcome for outcome in found if not passed(outcome)] == [], case.about


@pytest.mark.parametrize("number", range(6))
def test_changed_documents(number: int, job: Path, tmp_path: Path) -> None:
    case = documents.change(SEED, number, job)
    found = documents.outcomes(case, job, tmp_path, patient)
    assert found
    assert [outcome for outcome in found if not passed(outcome)] == [], case.about


def test_a_case_is_the_same_each_time(films: Path, sample: Film, job: Path, tmp_path: Path) -> None:
    for number in (0, 100):
        pair = [media.film(SEED, number, sample[0], films, tmp_path) for _ in range(2)]
        assert pair[0] == pair[1]
    changes = [documents.change(SEED, number, job) for number in range(40)]
    assert changes == [documents.change(SEED, number, job) for number in range(40)]
    assert {change.path for change in changes} == set(documents.readers(job))


FAULTS = {
    "a bug": (Outcome("cut", 1, 1.0, 1.0, 1, ""), "exit 1"),
    "a signal": (Outcome("cut", -11, 1.0, 1.0, 1, ""), "exit -11"),
    "a passing fault": (Outcome("cut", 75, 1.0, 1.0, 1, ""), "exit 75"),
    "a hang": (Outcome("cut", None, 30.0, 1.0, 1, ""), "hang"),
    "much memory": (Outcome("cut", 80, 1.0, 1.0, 2 * 10**9 + 1, ""), "memory"),
    "a refusal": (Outcome("cut", 81, 1.0, 1.0, 1, ""), ""),
    "a success": (Outcome("cut", 0, 29.0, 29.0, 2 * 10**9, ""), ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_counts_as_a_fault(name: str) -> None:
    outcome, fault = FAULTS[name]
    assert outcome.fault == fault


def test_a_step_that_hangs_is_ended(tmp_path: Path) -> None:
    assert run_step("download", tmp_path, "--source=x", limit_s=0.01).fault == "hang"
    outcome = run_step("download", tmp_path, "--source=x")
    assert (outcome.code, outcome.fault) == (80, "")
    assert outcome.peak_bytes > 10_000_000
