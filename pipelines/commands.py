"""The command line of a step, the same for a subprocess, a container and an Argo pod."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.contract import Step
from steps.contract.params import flag


def step_arguments(
    step: Step[Any],
    values: Mapping[str, str],
    *,
    inputs: str,
    outputs: str,
    cache: str,
    job: str,
    attempt: str,
) -> list[str]:
    """What follows `python -m steps`: the step, its surroundings, then every param in order.

    Args:
        step: the declaration.
        values: a text for each param; on Argo, the tag that becomes one.
        inputs: folder of inputs.
        outputs: folder of outputs.
        cache: URI of finished runs, or empty.
        job: the job's id.
        attempt: how often the task was tried before.
    """
    return [
        step.name,
        f"--in={inputs}",
        f"--out={outputs}",
        f"--cache={cache}",
        f"--job={job}",
        f"--attempt={attempt}",
        *(f"{flag(name)}={values[name]}" for name in step.params.model_fields),
    ]
