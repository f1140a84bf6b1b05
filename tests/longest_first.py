"""The order of the tests: files that take long come first, so that no worker ends alone with one.

`make test` gives every file to one worker. A file that takes two minutes and comes last leaves the
other cores idle for two minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
PROCESSOR_S = {
    "media/test_recipe.py": 200,
    "pipelines/test_run.py": 41,
    "steps/transcribe/test_work.py": 85,
    "steps/transcribe/test_other_languages.py": 67,
    "steps/download/test_bombs.py": 52,
    "pipelines/test_killed.py": 55,
    "steps/detect/test_work.py": 50,
    "steps/reframe/test_cameras.py": 46,
    "pipelines/test_local.py": 45,
    "pipelines/test_bad_input.py": 45,
    "steps/download/test_footage.py": 43,
    "fuzz/test_fuzz.py": 27,
    "steps/detect/test_shots.py": 27,
    "steps/render/test_work.py": 26,
    "steps/highlight/test_models.py": 25,
    "steps/reframe/test_screens.py": 23,
    "steps/render/test_jitter.py": 22,
    "steps/reframe/test_work.py": 22,
    "steps/render/test_delivered.py": 20,
    "steps/test_hostile_documents.py": 20,
    "pipelines/argo/test_client.py": 18,
    "media/test_sample.py": 18,
    "test_adding_a_step.py": 18,
    "pipelines/test_swear_words.py": 17,
    "steps/storage/test_jobs.py": 15,
    "steps/transcribe/test_wrong_language.py": 15,
    "pipelines/test_delivery.py": 15,
    "mutants/test_mutants.py": 12,
    "e2e/test_model_server.py": 550,
    "e2e/test_jobs.py": 500,
    "e2e/test_cli.py": 420,
    "e2e/test_rest.py": 450,
    "e2e/test_sample.py": 400,
    "e2e/test_cluster_page.py": 350,
    "e2e/test_gpu_profile.py": 250,
    "e2e/test_engines.py": 200,
    "e2e/test_retries.py": 100,
}
"""Measured on one machine; only their order matters, so they need no upkeep."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move the files that take long to the front; the tests of a file stay together."""
    seconds = {ROOT / name: taken for name, taken in PROCESSOR_S.items()}
    items.sort(key=lambda item: -seconds.get(item.path, 0))
