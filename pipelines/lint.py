"""Checks of a Dag as data, one small function each: faults that only a running job would show.

To add a check: write a generator of lines that takes a Dag, and name it in `CHECKS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import PurePosixPath

from pipelines.dag import Dag, Task
from steps.catalogue import GUIDE
from steps.contract import DocumentPort, Port
from steps.contract.params import flag
from steps.model import artifacts

RESERVED = ("in", "out", "cache", "job", "attempt", "check")
"""Options that every step has."""
EVERYBODYS = (artifacts.RECEIPTS.path, artifacts.RECORDS.path)
"""Folders in which every task writes a file without declaring it."""


def task_names_differ(dag: Dag) -> Iterator[str]:
    """Receipts and records are named after tasks, so two tasks cannot share a name."""
    for name, count in Counter(task.name for task in dag.tasks).items():
        if count > 1:
            yield f"{count} tasks have the name {name}"


def paths_stay_inside(dag: Dag) -> Iterator[str]:
    """A port's path is relative and not hidden: hidden files are leftovers."""
    for task, port in _ports(dag):
        parts = PurePosixPath(port.path).parts
        if not parts or any(part[0] in "./" for part in parts):
            yield f"{task.name}: {port.path!r} is not a path inside a job"


def every_file_has_one_writer(dag: Dag) -> Iterator[str]:
    """Two tasks that write the same file overwrite each other."""
    writers = Counter(port.path for task in dag.tasks for port in task.step.writes)
    for path, count in writers.items():
        if count > 1:
            yield f"{path} is written by {count} tasks"


def every_input_is_written(dag: Dag) -> Iterator[str]:
    """An earlier task writes every input but optional ones, so there are no cycles."""
    order = [task.name for task in dag.tasks]
    for task in dag.tasks:
        for port in task.inputs:
            writer = dag.writer(port)
            if port.path in EVERYBODYS or (writer is None and port.optional):
                continue
            if writer is None:
                yield f"{task.name}: no task writes {port.path}"
            elif order.index(writer.name) >= order.index(task.name):
                yield f"{task.name}: {port.path} is written later by {writer.name}"


def documents_agree(dag: Dag) -> Iterator[str]:
    """A reader of a document expects the kind that its writer writes."""
    written = {port.path: port for task in dag.tasks for port in task.step.writes}
    for task in dag.tasks:
        for port in task.inputs:
            made = written.get(port.path)
            if isinstance(port, DocumentPort) and made is not None:
                kind = made.document.tag() if isinstance(made, DocumentPort) else "a plain file"
                if kind != port.document.tag():
                    yield f"{task.name}: {port.path} is {kind}, not {port.document.tag()}"


def names_mean_one_path(dag: Dag) -> Iterator[str]:
    """A port's name becomes an Argo artifact's: it has one path, and a path has one name."""
    known: dict[str, str] = {}
    for task, port in _ports(dag):
        for one, other in ((port.name, port.path), (port.path, port.name)):
            if known.setdefault(one, other) != other:
                yield f"{task.name}: {one} is {other} here, and {known[one]} elsewhere"


def params_agree(dag: Dag) -> Iterator[str]:
    """Params of one name are one option of the job: the same type, bounds, default and help."""
    for task in dag.tasks:
        own = task.filled_in
        for name, info in task.step.params.model_fields.items():
            if name in own:
                continue
            if repr(dag.with_default(name, info)) != repr(dag.params[name]):
                yield f"{task.name}: {flag(name)} is declared differently by another step"
            if name.replace("_", "-") in RESERVED:
                yield f"{task.name}: {flag(name)} is an option of every step"


def files_of_params_are_kept(dag: Dag) -> Iterator[str]:
    """A step writes the files that its params may name, so they are part of the job."""
    for task in dag.tasks:
        for name, mark in task.step.params.file_params().items():
            if not mark.port.optional or mark.port not in task.step.writes:
                yield f"{task.name}: {mark.port.path}, of {flag(name)}, is not an optional output"


def filled_in_params_exist(dag: Dag) -> Iterator[str]:
    """A param that the Dag fills in, by a fan-out or as fixed, is a param of that step."""
    for task in dag.tasks:
        for name in sorted(task.filled_in - set(task.step.params.model_fields)):
            yield f"{task.name} has no param {name}"


def fan_outs_are_possible(dag: Dag) -> Iterator[str]:
    """Ids come from a small file that Argo can read; only a fan-out has one file per clip."""
    for task in dag.tasks:
        if task.fan_out and not task.fan_out.ids.parameter:
            yield f"{task.name}: {task.fan_out.ids.path} is not a parameter port"
        if task.fan_out is None and any(
            port.is_per_clip for port in (*task.step.reads, *task.step.writes)
        ):
            yield f"{task.name} has files per clip but does not run per clip"
        if task.may_fail and task.fan_out is None:
            yield f"{task.name} may fail but does not run per clip"


def steps_are_whole(dag: Dag) -> Iterator[str]:
    """The modules that a step names exist; they are not imported, since they may be heavy."""
    for task in dag.tasks:
        for reference in (task.step.work, task.step.fingerprint):
            module, _, _ = (reference or "").partition(":")
            if module and find_spec(module) is None:
                yield f"{task.name}: there is no module {module}: see {GUIDE}"


CHECKS: tuple[Callable[[Dag], Iterator[str]], ...] = (
    task_names_differ,
    paths_stay_inside,
    every_file_has_one_writer,
    every_input_is_written,
    documents_agree,
    names_mean_one_path,
    params_agree,
    files_of_params_are_kept,
    filled_in_params_exist,
    fan_outs_are_possible,
    steps_are_whole,
)


def lint_dag(dag: Dag) -> list[str]:
    """Every problem of a Dag, one line each."""
    return [f"{dag.name}: {line}" for check in CHECKS for line in check(dag)]


def _ports(dag: Dag) -> Iterator[tuple[Task, Port]]:
    for task in dag.tasks:
        for port in (*task.inputs, *task.step.writes):
            yield task, port
