"""Context: what a step's work receives: params, inputs, a place for outputs, progress."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import structlog

from steps.contract.engines import AUTO, OFF, Engine, Needs, Unusable, gpu_fault
from steps.contract.errors import BrokenContract, one_line
from steps.contract.params import flag
from steps.contract.ports import D, DocumentPort, Port
from steps.contract.receipt import Degradation, Used, UsedEngine
from steps.contract.references import load
from steps.contract.step import P, Step
from steps.contract.weights import Weights

R = TypeVar("R")

PROGRESS_VARIABLE = "ARGO_PROGRESS_FILE"


@dataclass
class Progress:
    """Writes `N/100`, only when the whole percent changes."""

    path: Path | None
    _percent: int = field(default=-1, init=False)

    @classmethod
    def from_environment(cls) -> Progress:
        """The progress file of this process, or none."""
        name = os.environ.get(PROGRESS_VARIABLE)
        return cls(Path(name) if name else None)

    def report(self, done: float, total: float) -> None:
        """Write that `done` of `total` units are finished; the percent never falls."""
        percent = 100 if total <= 0 else max(0, min(100, int(100 * done / total)))
        if self.path is None or percent <= self._percent:
            return
        self._percent = percent
        with suppress(OSError):  # it only informs
            self.path.write_text(f"{percent}/100\n")


@dataclass
class Context(Generic[P]):
    """One run of a step.

    Attributes:
        step: the declaration.
        params: checked parameters.
        inputs: the folder of inputs.
        staging: the folder where outputs are made; they are moved into place at the end.
        scratch: a folder for temporary files, on the same disk, removed at the end.
        progress: where `report(done, total)` goes.
        log: a structlog logger with job and step bound.
        degradations: the fallbacks that were taken.
        used: the weights that were used, by name.
        engines: the engines that did their job, by the param that chose them.
        engine_in_use: the one that `use` has open.
        fell_back: whether an engine failed at work, so that another run may end otherwise.
    """

    step: Step[P]
    params: P
    inputs: Path
    staging: Path
    scratch: Path
    progress: Progress = field(default_factory=Progress.from_environment)
    log: Any = field(default_factory=structlog.get_logger)
    degradations: list[Degradation] = field(default_factory=list)
    used: dict[str, Used] = field(default_factory=dict)
    engines: dict[str, UsedEngine] = field(default_factory=dict)
    engine_in_use: Engine | None = field(default=None, init=False)
    fell_back: bool = field(default=False, init=False)

    @property
    def clip(self) -> str | None:
        """The clip's id, in a step that runs once per clip."""
        return getattr(self.params, "clip", None)

    def input(self, port: Port) -> Path:
        """The path of an input file or folder.

        Raises:
            BrokenContract: the step does not declare it, or a file that is not optional
                is absent. A folder may be absent, as that of an empty plan is.
        """
        declared = self._declared(port, self.step.reads, "read")
        path = self.inputs / declared.resolve(self.clip)
        if not (declared.optional or declared.is_folder or path.is_file()):
            raise BrokenContract(f"the input {declared.resolve(self.clip)} is missing")
        return path

    def content(self, name: str) -> bytes:
        """The content of a file param: that of its file, or its own text.

        The file of a param that is not given may come from beside another one's.
        """
        mark, text = type(self.params).file_params()[name], str(getattr(self.params, name))
        path = self.staging / mark.port.path
        if mark.is_place(text) or (not text and path.is_file()):
            return path.read_bytes()
        return text.encode()

    def has(self, port: Port) -> bool:
        """Whether an optional input is there."""
        declared = self._declared(port, self.step.reads, "read")
        return bool(declared.files(self.inputs, self.clip))

    def read(self, port: DocumentPort[D]) -> D:
        """An input document, checked; raises as `input` and `Document.from_file` do."""
        return port.document.from_file(self.input(port))

    def output(self, port: Port) -> Path:
        """Where to make an output: the file's path (its folder exists), or an existing folder."""
        declared = self._declared(port, self.step.writes, "write")
        path = self.staging / declared.resolve(self.clip)
        (path if declared.is_folder else path.parent).mkdir(parents=True, exist_ok=True)
        return path

    def write(self, port: DocumentPort[D], document: D) -> None:
        """Write an output document in its canonical bytes."""
        if not isinstance(document, port.document):
            raise BrokenContract(
                f"{port.name} is not a {port.document.__name__}: a bug in {self.step.name}"
            )
        self.output(port).write_bytes(document.canonical_bytes())

    def use(self, param: str, work: Callable[[Any], R]) -> R:
        """Do a job with the first engine that works.

        An engine that fails as `Unusable` is reported as a fallback, and the next one does the job
        from its start.

        Args:
            param: the name of the param that chooses the engine.
            work: gets the engine as its factory made it.

        Raises:
            Unusable: the named engine cannot do the job, or under `auto` none can.
        """
        choice = getattr(self.params, param)
        option = f"{flag(param)}={choice}"
        reasons = []
        for engine in self.step.engines[param].candidates(choice, self.params):
            reason = engine.lacks(self.params)
            if not reason:
                try:
                    result = self._with(engine, work)
                except (Unusable, RuntimeError, ValueError) as error:
                    fault = error if isinstance(error, Unusable) else gpu_fault(error)
                    if fault is None:
                        raise
                    reason, self.fell_back = str(fault), True
                else:
                    self.engines[param] = UsedEngine(
                        param=param, name=engine.name, promise=engine.promise
                    )
                    return result
            if choice == AUTO:
                self.degrade(f"{param}-fallback", f"{engine.name} cannot be used: {reason}")
            reasons.append(f"{engine.name}: {reason}")
        raise Unusable(f"{option} cannot be used: {'; '.join(reasons) or 'it has no engine'}")

    def use_if_any(self, param: str, work: Callable[[Any], R]) -> R | None:
        """Do a job that may be left out: None if it is off, or if `auto` finds no usable engine.

        Raises:
            Unusable: the named engine cannot do the job.
        """
        choice = getattr(self.params, param)
        if choice == OFF:
            return None
        try:
            return self.use(param, work)
        except Unusable:
            if choice != AUTO:
                raise
            return None  # `use` has reported why

    def _with(self, engine: Engine, work: Callable[[Any], R]) -> R:
        outer, self.engine_in_use = self.engine_in_use, engine
        try:
            return work(load(engine.load)(self))
        finally:
            self.engine_in_use = outer

    def needs(self) -> Needs:
        """What the engines that did their job needed, with what the step always needs."""
        done = {name: self.step.engines[name].named(one.name) for name, one in self.engines.items()}
        return self.step.needs(self.params, lambda name, *_: done.get(name))

    def weights(self, pinned: Weights) -> Path:
        """The file of pinned weights, checked and noted in the receipt."""
        engine = self.engine_in_use
        declared = (*self.step.weights, *(engine.models_for(self.params) if engine else ()))
        if pinned not in declared:
            raise BrokenContract(f"{self.step.name} does not declare the weights {pinned.name}")
        path = pinned.locate()
        self.used[pinned.name] = Used(name=pinned.name, sha256=pinned.sha256)
        return path

    def degrade(self, code: str, message: str) -> None:
        """Note a fallback, once: it is logged, kept in the receipt and shown in the report."""
        noted = Degradation(code=code, message=one_line(message))
        if noted not in self.degradations:
            self.degradations.append(noted)
            self.log.warning("degraded", code=code, message=noted.message)

    def _declared(self, port: Port, among: tuple[Port, ...], verb: str) -> Port:
        for declared in among:
            if declared.path == port.path:
                return declared
        raise BrokenContract(f"{self.step.name} does not declare that it {verb}s {port.path}")


def read_percent(path: Path) -> int:
    """The percent in a progress file; 0 while there is none."""
    done, _, total = (path.read_text().strip() if path.is_file() else "").partition("/")
    return 100 * int(done) // int(total) if done.isdigit() and total.isdigit() and int(total) else 0
