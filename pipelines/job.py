"""A job: its id, its params, and the options that describe it."""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import rfc8785

from pipelines.dag import Dag
from steps.contract.errors import BadInput
from steps.contract.params import file_param, flag
from steps.contract.parser import RawHelp, add_params
from steps.contract.receipt import file_sha256
from steps.contract.references import load
from steps.contract.urls import shown
from steps.storage.locator import missing, parse
from steps.storage.schemes import local_file

_JOB_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NAME_CHARACTERS = 40
SHORT_FORMS = {
    "--no-captions": ("captions", "sidecar"),
    "--no-faces": ("detector", "off"),
    "--no-poses": ("pose", "off"),
    "--exact": ("at_edges", "exact"),
}
"""Options that give one param one value."""


@dataclass(frozen=True)
class Job:
    """What to make, and its name.

    Attributes:
        id: a DNS label: the name of the folder, and of the Workflow on Argo.
        values: the params that the user gave, with `source`, as texts.
        files: the files of this machine that params name, by param; each is an input of the job.
    """

    id: str
    values: Mapping[str, str]
    files: Mapping[str, Path]


def add_job_options(
    parser: argparse.ArgumentParser,
    dag: Dag,
    add_others: Callable[[argparse.ArgumentParser], None],
) -> None:
    """Declare SOURCE and the params of a Dag: the main ones, the command's own, then by step.

    Args:
        parser: of the command.
        dag: what the job runs.
        add_others: declares the command's own options, which follow the main params.
    """
    parser.usage = f"{parser.prog} SOURCE [options]"
    parser.formatter_class = RawHelp
    parser.add_argument("source", metavar="SOURCE", help=dag.params["source"].description)
    main, *groups = dag.param_groups.items()
    add_params(parser, {name: info for name, info in main[1].items() if name != "source"})
    for option, (name, value) in SHORT_FORMS.items():
        if name in dag.params:
            parser.add_argument(
                option,
                dest=name,
                action="store_const",
                const=value,
                default=argparse.SUPPRESS,
                help=f"the same as {flag(name)} {value}",
            )
    add_others(parser)
    for step, fields in groups:
        if fields:
            add_params(parser.add_argument_group(step), fields)


def job_of(options: argparse.Namespace, dag: Dag) -> Job:
    """The job that options describe, its params checked.

    Raises:
        BadInput: an option is bad, or the source is a path that does not exist.
    """
    values = {name: str(value) for name, value in vars(options).items() if name in dag.params}
    values["source"] = _source(options.source)
    values = {**_beside(values, dag), **values}
    files = _files(values, dag)
    values |= {name: str(path) for name, path in files.items()}
    dag.check_params(values)
    contents = {name: f"sha256:{file_sha256(path)}" for name, path in files.items()}
    return Job(options.job_id or default_id({**values, **contents}), values, files)


def check_id(job_id: str) -> str:
    """The id, if it can name a folder and a Workflow: Kubernetes takes a DNS label only.

    Raises:
        BadInput: it cannot; the line has an id that can.
    """
    if not _JOB_ID.fullmatch(job_id):
        raise BadInput(
            f"{job_id!r} cannot be a job id (a-z, 0-9 and dashes, at most 63 characters): "
            f"try {_slug(job_id, 63)}"
        )
    return job_id


def default_id(values: Mapping[str, str]) -> str:
    """The source's name and six hexadecimal digits of all params: the same command, the same id."""
    name = Path(shown(values["source"]).split("?")[0].rstrip("/")).stem
    digest = hashlib.sha256(rfc8785.dumps(dict(values))).hexdigest()
    return f"{_slug(name, _NAME_CHARACTERS)}-{digest[:6]}"


def _slug(text: str, longest: int) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:longest].strip("-") or "job"


def _source(text: str) -> str:
    """A URL as it is; a path made absolute.

    Raises:
        BadInput: the path does not exist, is a folder, or the text names no place.
    """
    place = parse(text)
    if place.kind != "file":
        return place.text
    path = place.path.absolute()
    if not path.exists():
        raise BadInput(missing(text))
    if path.is_dir():
        raise BadInput(f"{text} is a folder: give one video file in it")
    return str(path)


def _beside(values: Mapping[str, str], dag: Dag) -> dict[str, str]:
    """The files beside those that params name, by the param that takes them.

    A file that is not there is left to the step, which says so. One that cannot be read is reported
    by `_files`.
    """
    found: dict[str, str] = {}
    for name, info in dag.params.items():
        mark = file_param(info)
        text = values.get(name, "")
        if mark is None or not mark.beside or not mark.is_place(text):
            continue
        place = Path(text)
        if parse(text).kind != "file" or not place.is_file():
            continue
        try:
            others = load(mark.beside)(place.read_bytes())
        except BadInput:
            continue
        for other, file in others.items():
            if (place.parent / file).is_file():
                found[other] = str(place.parent / file)
    return found


def _files(values: Mapping[str, str], dag: Dag) -> dict[str, Path]:
    """The local files that params name, each read and checked before anything runs.

    Raises:
        BadInput: a file does not exist, or its content cannot be used; the line names the option.
    """
    found = {}
    for name, info in dag.params.items():
        mark = file_param(info)
        if mark is None or not mark.is_place(values.get(name, "")):
            continue
        text = values[name]
        try:
            if parse(text).kind != "file":
                continue
            found[name] = local_file(text)
            if mark.check:
                load(mark.check)(found[name].read_bytes())
        except BadInput as error:
            known = f" (or one of {', '.join(mark.names)})" if mark.names else ""
            raise BadInput(f"{flag(name)}: {error}{known}") from error
    return found
