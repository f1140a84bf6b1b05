"""Step: one stage's declaration, from which its interface everywhere is derived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from steps.contract.engines import (
    DEFAULT_RESOURCES,
    Engine,
    Engines,
    Needs,
    Resources,
    first_usable,
)
from steps.contract.errors import BadInput
from steps.contract.params import Params, engines_of
from steps.contract.ports import Port
from steps.contract.weights import Weights

P = TypeVar("P", bound=Params)


Choose = Callable[[str, Engines, str, Params], Engine | None]
"""Chooses an engine from a param's name, its engines, its value and all params; None if off."""


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
        weights: pinned models that it uses whatever its engines are.
        packages: distributions whose version shapes the result, whatever its engines are.
        kernels: `module:function` of `f() -> dict[str, str]`: the class of CPU kernels by package,
            for a package that rounds differently from one class of CPU to another.
        resources: what it asks of a machine without its engines.
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
    resources: Resources = DEFAULT_RESOURCES
    retries: int = 2
    timeout_s: int = 3600

    @property
    def is_per_clip(self) -> bool:
        """Whether one run makes one clip: some of its ports have a path per clip."""
        return any(port.is_per_clip for port in (*self.reads, *self.writes))

    @cached_property
    def engines(self) -> dict[str, Engines]:
        """The engines that its params choose from, by param."""
        marked = {name: engines_of(info) for name, info in self.params.model_fields.items()}
        return {name: mark for name, mark in marked.items() if mark is not None}

    def needs(self, params: Params, choose: Choose = first_usable) -> Needs:
        """What it needs with these params.

        Args:
            params: the values.
            choose: takes the engine of each job; by default the first that is usable here.

        Raises:
            Unusable: a named engine cannot be used, or none can.
            BadInput: engines of two environments were chosen.
        """
        found = {
            name: choose(name, mark, getattr(params, name), params)
            for name, mark in self.engines.items()
            if mark.is_done(getattr(params, name), params)
        }
        chosen = {name: engine for name, engine in found.items() if engine is not None}
        resources = self.resources
        for engine in chosen.values():
            resources = resources.joined(engine.resources)
        used = tuple(chosen.values())
        models = (engine.models_for(params) for engine in used)
        kernels = (self.kernels or "", *(engine.kernels for engine in used))
        return Needs(
            engines=chosen,
            weights=(*self.weights, *(weights for group in models for weights in group)),
            packages=(*self.packages, *(name for engine in used for name in engine.packages)),
            kernels=tuple(dict.fromkeys(reference for reference in kernels if reference)),
            resources=resources,
            environment=one_environment(self.name, chosen),
        )

    def task_name(self, params: Params) -> str:
        """The name of one run of this step: the step's name, then the clip's id if it has one."""
        clip = getattr(params, "clip", None)
        return f"{self.name}-{clip}" if clip else self.name


def one_environment(step: str, chosen: Mapping[str, Engine]) -> str:
    """The environment that all chosen engines share; those of the default install run in any.

    Raises:
        BadInput: two of them need different environments.
    """
    named = {engine.environment: engine.name for engine in chosen.values() if engine.environment}
    if len(named) > 1:
        raise BadInput(f"{step} cannot run {' and '.join(named.values())} in one process: name one")
    return next(iter(named), "")
