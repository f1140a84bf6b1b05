"""Engines: the ways to do one job of a stage, in order of preference, as data.

A param names the engine: `auto` takes the first that this machine can use. Everything that depends
on the choice follows from `Step.needs`: weights, packages, environment, resources, cache key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any, Literal

from pydantic_core import CoreSchema, core_schema

from steps.contract.errors import BadInput
from steps.contract.receipt import Promise
from steps.contract.references import load
from steps.contract.weights import Weights

AUTO = "auto"
OFF = "off"

_GPU_FAULT = re.compile(
    r"CUDA (?:error: )?out of memory|no CUDA-capable device|no NVIDIA driver"
    r"|driver version is insufficient|no kernel image is available|CUDA error"
    r"|not compiled with CUDA|CUDA failed|compute capability",
    re.IGNORECASE,
)
"""What torch, CTranslate2, vLLM and ONNX Runtime say of a card that they cannot use."""
_VERSION = re.compile(r"^Version: *(\S+)$", re.MULTILINE)

Seen = Callable[[str], AbstractContextManager[None]]


class Unusable(BadInput):
    """This machine cannot use an engine; under `auto` the next one takes its place."""


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a step or an engine asks of a machine; the chart's values may say otherwise.

    Attributes:
        cpu: cores.
        memory_mib: the limit in MiB.
        gpu: how many GPUs it needs; a task that needs one runs on the GPU pool.
    """

    cpu: int = 1
    memory_mib: int = 2048
    gpu: int = 0

    @property
    def pool(self) -> Literal["cpu", "gpu"]:
        """The kind of node that it runs on."""
        return "gpu" if self.gpu else "cpu"

    def joined(self, other: Resources) -> Resources:
        """Enough for both."""
        return Resources(
            cpu=max(self.cpu, other.cpu),
            memory_mib=max(self.memory_mib, other.memory_mib),
            gpu=max(self.gpu, other.gpu),
        )


DEFAULT_RESOURCES = Resources()


def installed_version(package: str) -> tuple[str, str] | None:
    """Name and version of a distribution, of `A|B` the first that is installed; None if none is."""
    for name in package.split("|"):
        with suppress(PackageNotFoundError):
            return name, stated_version(distribution(name))
    return None


def stated_version(found: Distribution) -> str:
    """The version of a distribution, without parsing its whole description as `version` does."""
    headers = (found.read_text("METADATA") or "").partition("\n\n")[0]
    stated = _VERSION.search(headers)
    return stated[1] if stated else found.version


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One way to do a job.

    Attributes:
        name: what params, receipts and docs call it.
        about: one line of help.
        load: `module:factory` of `f(context)`, which returns an object that fits the stage's
            protocol; imported only when the engine is chosen.
        weights: pinned models that it uses.
        models: `module:function` of `f(params) -> tuple[Weights, ...]`, where params choose them.
        packages: distributions whose version shapes the result; `A|B` where one module comes in
            two, as vLLM does for GPUs and for CPUs.
        kernels: `module:function` of `f() -> dict[str, str]`: the class of CPU kernels by package.
        environment: of `clipmill engines install`; empty for the default install.
        resources: what it asks of a machine beyond the step itself.
        promise: who gets the same bytes again: any machine, this machine, or only a replay.
        applies: `module:function` of `f(params) -> bool`: whether `auto` considers it; empty for
            always. A server counts only where its address is set.
        by_name: whether only its name chooses it, never `auto`.
    """

    name: str
    about: str
    load: str
    weights: tuple[Weights, ...] = ()
    models: str = ""
    packages: tuple[str, ...] = ()
    kernels: str = ""
    environment: str = ""
    resources: Resources = DEFAULT_RESOURCES
    promise: Promise = "any-machine"
    applies: str = ""
    by_name: bool = False

    def models_for(self, params: Any) -> tuple[Weights, ...]:
        """All weights that it uses with these params.

        Raises:
            BadInput: a param names a model that nobody knows.
        """
        chosen: tuple[Weights, ...] = load(self.models)(params) if self.models else ()
        return (*self.weights, *chosen)

    def missing_package(self) -> str:
        """The first of its packages that this interpreter lacks, or an empty text."""
        absent = (package for package in self.packages if not installed_version(package))
        return next((package.partition("|")[0] for package in absent), "")

    def lacks(self, params: Any) -> str:
        """Why this interpreter cannot use it, and the remedy; an empty text if it can."""
        if package := self.missing_package():
            install = f"clipmill engines install {self.environment}"
            remedy = install if self.environment else "make setup"
            return f"the package {package} is not installed: run `{remedy}`"
        try:
            for weights in self.models_for(params):
                weights.find()
        except BadInput as error:
            return str(error)
        return ""

    def considered(self, params: Any) -> bool:
        """Whether `auto` may take it: installed, configured, and not reserved for its name."""
        absent = bool(self.environment and self.missing_package())
        asked = not self.applies or bool(load(self.applies)(params))
        return asked and not absent and not self.by_name


class Engines:
    """Marks the param that chooses an engine: `asr: Annotated[str, Engines(A, B)] = param(AUTO)`.

    Attributes:
        engines: in order of preference.
        unless: a param and the value with which the step does not do this job at all.
        choices: what the param allows: `auto`, `off` where the job may be left out, the names.
    """

    def __init__(
        self, *engines: Engine, off: bool = False, unless: tuple[str, str] | None = None
    ) -> None:
        self.engines = engines
        self.unless = unless
        self.choices = (AUTO, *([OFF] if off else []), *(engine.name for engine in engines))

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        """Allow the choices and nothing else."""
        return core_schema.literal_schema(list(self.choices))

    def named(self, name: str) -> Engine:
        """The engine of that name; raises KeyError for a name that is not a choice."""
        return {engine.name: engine for engine in self.engines}[name]

    def offered(self, choice: str) -> tuple[Engine, ...]:
        """The engines that a choice allows: all for `auto`, none for `off`, else the named one."""
        if choice == AUTO:
            return self.engines
        return () if choice == OFF else (self.named(choice),)

    def is_done(self, choice: str, params: Any) -> bool:
        """Whether the step does the job at all with these params."""
        left_out = self.unless is not None and getattr(params, self.unless[0]) == self.unless[1]
        return choice != OFF and not left_out

    def candidates(self, choice: str, params: Any) -> Iterator[Engine]:
        """The engines to try here, in order: those that `auto` considers, or the named one."""
        for engine in self.offered(choice):
            if choice != AUTO or engine.considered(params):
                yield engine


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a step needs with given params.

    Attributes:
        engines: the chosen engine by the param that chose it.
        weights: pinned models.
        packages: distributions whose version shapes the result.
        kernels: references to functions that name classes of CPU kernels.
        resources: what it asks of a machine.
        environment: the one that the engines need; empty for the default install.
    """

    engines: Mapping[str, Engine]
    weights: tuple[Weights, ...]
    packages: tuple[str, ...]
    kernels: tuple[str, ...]
    resources: Resources
    environment: str

    def package_versions(self) -> dict[str, str]:
        """Installed versions of the packages."""
        found = (installed_version(package) for package in sorted(set(self.packages)))
        return dict(item for item in found if item)

    def kernel_classes(self) -> dict[str, str]:
        """The class of CPU kernels by package, for packages that round differently by class."""
        found: dict[str, str] = {}
        for reference in self.kernels:
            found |= load(reference)()
        return dict(sorted(found.items()))


def _as_it_is(_environment: str) -> AbstractContextManager[None]:
    return nullcontext()


def first_usable(
    param: str, marked: Engines, choice: str, params: Any, seen: Seen = _as_it_is
) -> Engine | None:
    """The engine to use here.

    Args:
        param: the name of the param that chooses.
        marked: its engines.
        choice: its value.
        params: of the step.
        seen: makes the packages of an environment visible while an engine of it is looked at; by
            default only this interpreter's own count.

    Returns:
        The engine, or None where the job is off, or may be and `auto` finds no usable engine.

    Raises:
        Unusable: the named engine cannot be used here, or under `auto` none can; the line says why.
    """
    reasons = []
    for engine in marked.offered(choice):
        with seen(engine.environment):
            if choice == AUTO and not engine.considered(params):
                continue
            reason = engine.lacks(params)
        if not reason:
            return engine
        reasons.append(f"{engine.name}: {reason}")
    if choice == OFF or (choice == AUTO and OFF in marked.choices):
        return None
    option = f"--{param.replace('_', '-')}={choice}"
    raise Unusable(f"{option} is not usable here: {'; '.join(reasons) or 'it has no engine'}")


def gpu_fault(error: BaseException) -> Unusable | None:
    """A GPU's refusal that any library reports, as one line; None for another error."""
    text = " ".join(str(error).split())
    if isinstance(error, Unusable) or not _GPU_FAULT.search(text):
        return None
    if "out of memory" in text.lower():
        return Unusable("the GPU has no memory left: use a smaller model or batch, or another GPU")
    return Unusable(f"the GPU cannot be used: {text[:160]}")
