"""The steps, in the order of the pipeline; each is a package with a `STEP` declaration."""

from __future__ import annotations

import importlib
from typing import Any

from steps.contract import Step
from steps.contract.errors import BadInput

NAMES = (
    "download",
    "transcribe",
    "moderate",
    "highlight",
    "cut",
    "detect",
    "reframe",
    "caption",
    "render",
    "publish",
)
EXIT_NAMES = ("notify",)
"""Steps that run when a job has ended, outside of its DAG."""


def load_step(name: str) -> Step[Any]:
    """The declaration of a step.

    Raises:
        BadInput: there is no such step.
    """
    known = (*NAMES, *EXIT_NAMES)
    if name not in known:
        raise BadInput(f"no step is called {name!r}: choose one of {', '.join(known)}")
    step: Step[Any] = importlib.import_module(f"steps.{name}").STEP
    return step
