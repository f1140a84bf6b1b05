"""Which engine does a job on this machine, and which interpreter runs the step."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pipelines.dag import Dag
from pipelines.environments.installed import (
    interpreter,
    packages_folder,
    remedy,
    state_of,
    variables,
)
from steps.contract.engines import AUTO, Engine, Engines, Unusable, first_usable
from steps.contract.params import Params
from steps.contract.step import Step


@dataclass(frozen=True)
class Place:
    """Where a step runs.

    Attributes:
        python: the interpreter of its engine's environment; empty for the default install's.
        variables: what its process needs in its environment.
        gpu: whether its engine uses a GPU.
    """

    python: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    gpu: bool = False


def places_of(dag: Dag, values: Mapping[str, str]) -> dict[str, Place]:
    """Where each task of a Dag runs with a job's params; raises as `place_of` does."""
    return {task.name: place_of(task.step, dag.example_params(task, values)) for task in dag.tasks}


def place_of(step: Step[Any], params: Params) -> Place:
    """Where a step runs with these params.

    Raises:
        Unusable: a named engine cannot be used here, or under `auto` none can.
        BadInput: the environment of a chosen engine is of another version, or two are needed.
    """
    needs = step.needs(params, usable_here)
    name, gpu = needs.environment, needs.resources.gpu > 0
    if not any(engine.missing_package() for engine in needs.engines.values()):
        return Place(gpu=gpu)  # an image has its environment's packages in its only interpreter
    return Place(str(interpreter(name)), variables(name), gpu)


def usable_here(param: str, marked: Engines, choice: str, params: Params) -> Engine | None:
    """The first engine that an interpreter of this machine can use; see `first_usable`."""
    return first_usable(param, marked, choice, params, packages_seen)


def planned(param: str, marked: Engines, choice: str, params: Params) -> Engine | None:
    """The engine to plan with: as `usable_here`, but also one whose parts are still to be fetched.

    Under `auto` that is the first of the default install's engines for a processor.
    """
    try:
        return usable_here(param, marked, choice, params)
    except Unusable:
        if choice != AUTO:
            return marked.named(choice)
        plain = (one for one in marked.engines if not (one.environment or one.resources.gpu))
        return next(one for one in plain if not one.applies and not one.by_name)


def lack_of(engine: Engine, params: Params) -> str:
    """Why no interpreter of this machine can use an engine, or an empty text."""
    name = engine.environment
    state = state_of(name) if name and engine.missing_package() else "installed"
    if state == "outdated":
        return f"the environment is of another version: run {remedy(name)}"
    if state != "installed":
        return f"not installed: run {remedy(name)}"
    with packages_seen(name):
        return engine.lacks(params)


@contextmanager
def packages_seen(environment: str) -> Iterator[None]:
    """Let this process see which packages and weights an environment has, without using them."""
    if not environment or state_of(environment) not in ("installed", "outdated"):
        yield
        return
    place = str(packages_folder(environment))
    sys.path.append(place)
    try:
        yield
    finally:
        sys.path.remove(place)
