"""The steps in the order of the pipeline: the one list of them (docs/adding-a-step.md)."""

from __future__ import annotations

import importlib
from typing import Any

from steps.contract import Step
from steps.contract.errors import BadInput, BrokenContract

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
"""Steps that run after a job has ended, outside its DAG."""

GUIDE = "docs/adding-a-step.md"


def load_step(name: str) -> Step[Any]:
    """The declaration of a step, `STEP` of the package `steps.NAME`.

    Raises:
        BadInput: the catalogue has no such step.
        BrokenContract: the catalogue has it, but its package declares none of that name.
    """
    known = (*NAMES, *EXIT_NAMES)
    if name not in known:
        raise BadInput(f"no step is called {name!r}: choose one of {', '.join(known)}")
    module = f"steps.{name}"
    try:
        declared = getattr(importlib.import_module(module), "STEP", None)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise BrokenContract(f"the package steps/{name} is missing: see {GUIDE}") from error
    if not isinstance(declared, Step) or declared.name != name:
        raise BrokenContract(f"steps/{name}/__init__.py declares no STEP {name!r}: see {GUIDE}")
    return declared
