"""The real environments, each with its own interpreter: run by `make engines`."""

import subprocess
import sys

import pytest

from pipelines.environments.check import checks
from pipelines.environments.declared import ENVIRONMENTS, PYTHON
from pipelines.environments.installed import folder_of
from steps.catalogue import EXIT_NAMES, NAMES

EVERY = [
    pytest.param(name, marks=pytest.mark.engines(environment=name), id=name)
    for name in ENVIRONMENTS
]


@pytest.mark.parametrize("name", EVERY)
def test_it_has_the_packages_of_its_lock_and_they_import(name: str) -> None:
    assert sys.prefix == str(folder_of(name))
    assert ".".join(map(str, sys.version_info[:2])) == PYTHON
    found = [check for check in checks(name) if "=" not in check.what]
    assert [check.what for check in found] == [
        "packages",
        *(f"import {module}" for module in ENVIRONMENTS[name].modules),
    ]
    assert [check.fault for check in found if check.fault] == []


@pytest.mark.parametrize("name", EVERY)
def test_every_step_of_the_default_install_works_in_it_too(name: str) -> None:
    for step in (*NAMES, *EXIT_NAMES):
        command = [sys.executable, "-m", "steps", step, "--check"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{name}: {done.stderr}"
