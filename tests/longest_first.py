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
    "steps/transcribe/test_work.py": 115,
    "pipelines/test_local.py": 130,
    "pipelines/test_run.py": 120,
    "pipelines/test_bad_input.py": 75,
    "steps/transcribe/test_other_languages.py": 105,
    "pipelines/test_killed.py": 95,
    "steps/detect/test_shots.py": 80,
    "steps/detect/test_work.py": 70,
    "steps/detect/engines/test_lr_asd.py": 50,
    "media/test_sample.py": 32,
    "fuzz/test_fuzz.py": 30,
    "steps/download/test_bombs.py": 60,
    "steps/download/test_footage.py": 24,
    "steps/render/test_work.py": 28,
    "mutants/test_mutants.py": 23,
    "steps/render/test_jitter.py": 22,
    "steps/render/test_delivered.py": 21,
    "pipelines/test_delivery.py": 20,
    "steps/transcribe/test_wrong_language.py": 19,
    "pipelines/argo/test_client.py": 19,
    "pipelines/argo/test_template.py": 15,
    "e2e/test_jobs.py": 500,
    "e2e/test_cli.py": 480,
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
