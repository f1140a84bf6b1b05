"""Step: one stage's declaration, from which its interface everywhere is derived."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, cast

from steps.contract.params import Params
from steps.contract.ports import Port
from steps.contract.weights import Weights

P = TypeVar("P", bound=Params)


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a step asks of a machine; the chart's values may say otherwise.

    Attributes:
        pool: the node pool that it runs on by default.
        cpu: cores.
        memory_mib: the limit in MiB.
        gpu: how many GPUs it can use; asked for only where the profile has GPUs.
    """

    pool: Literal["cpu", "gpu"] = "cpu"
    cpu: int = 1
    memory_mib: int = 2048
    gpu: int = 0


@dataclass(frozen=True, kw_only=True)
class Step(Generic[P]):
    """A command: params and a folder of inputs in, a folder of outputs and an exit code out.

    Attributes:
        name: a verb; `python -m steps NAME`.
        summary: one line, used as help.
        params: the scalars that change the result.
        reads: input ports.
        writes: output ports.
        work: `module:function` of `run(context) -> None`, imported only when it runs.
        version: of the code; raise it when the same inputs give other outputs.
        fingerprint: `module:function` of `f(params) -> str | None`, for a step whose input is not
            a port (a URL): text that changes with the content, or None for "never cache".
        locators: params that do not change the outputs: they say where an input is (a URL), or
            what it must allow. They stay out of receipts, manifests and cache keys.
        weights: pinned models that it may use.
        packages: distributions whose version shapes the result.
        kernels: `module:function` of `f() -> dict[str, str]`: the class of CPU kernels by package,
            for a package that rounds differently from one class of CPU to another.
        resources: what it asks of a machine.
        retries: how often a transient failure is tried again.
        timeout_s: after this many seconds it is stopped.
    """

    name: str
    summary: str
    params: type[P]
    reads: tuple[Port, ...] = ()
    writes: tuple[Port, ...] = ()
    work: str
    version: int = 1
    fingerprint: str | None = None
    locators: tuple[str, ...] = ()
    weights: tuple[Weights, ...] = ()
    packages: tuple[str, ...] = ()
    kernels: str | None = None
    resources: Resources = Resources()
    retries: int = 2
    timeout_s: int = 3600

    @property
    def is_per_clip(self) -> bool:
        """Whether one run makes one clip: some of its ports have a path per clip."""
        return any(port.is_per_clip for port in (*self.reads, *self.writes))

    def task_name(self, params: Params) -> str:
        """The name of one run of this step: the step's name, then the clip's id if it has one."""
        clip = getattr(params, "clip", None)
        return f"{self.name}-{clip}" if clip else self.name


def load(reference: str) -> Callable[..., Any]:
    """Import the object that `module:name` refers to."""
    module, _, name = reference.partition(":")
    return cast("Callable[..., Any]", getattr(importlib.import_module(module), name))
