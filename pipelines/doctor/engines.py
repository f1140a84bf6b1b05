"""Checks of the GPU, of the environments of heavy engines, and of what each step will use."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.doctor.outcome import Outcome, bad, good
from pipelines.environments.choice import usable_here
from pipelines.environments.declared import ENVIRONMENTS, gpus
from pipelines.environments.installed import hardware_of, state_of
from steps.catalogue import EXIT_NAMES, NAMES, load_step
from steps.contract.engines import AUTO
from steps.contract.errors import StepError
from steps.contract.params import flag


def gpu() -> Iterator[Outcome]:
    """The NVIDIA GPUs that the driver shows; a machine without one is fine."""
    try:
        found = gpus()
    except StepError as error:
        message, _, fix = str(error).rpartition(": ")
        yield bad("gpu", message, fix)
        return
    if not found:
        yield good("gpu", "none: the engines use the CPU")
    for one in found:
        memory = f"{one.memory_mib} MiB" if one.memory_mib else "memory unknown"
        yield good(
            "gpu",
            f"{one.name}, {memory}, driver {one.driver}, compute capability {one.capability}",
        )


def environments() -> Iterator[Outcome]:
    """Whether each environment is whole and of this version; it may be absent."""
    for name in ENVIRONMENTS:
        state, install = state_of(name), f"clipmill engines install {name}"
        if state == "installed":
            yield good(f"environment {name}", f"installed for {hardware_of(name)}")
        elif state == "absent":
            yield good(f"environment {name}", f"not installed; to have it: {install}")
        else:
            found = "is of another version" if state == "outdated" else "was not fully installed"
            yield bad(f"environment {name}", found, install)


def chosen() -> Iterator[Outcome]:
    """The engine that each step takes when none is named."""
    for step in map(load_step, (*NAMES, *EXIT_NAMES)):
        params = step.params.model_construct()
        for param, marked in step.engines.items():
            title = f"engine of {step.name} {flag(param)}"
            try:
                engine = usable_here(param, marked, AUTO, params)
            except StepError as error:
                yield bad(title, str(error), "clipmill engines list")
                continue
            yield good(title, engine.name if engine else "none")
