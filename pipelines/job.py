"""A job's identity and its options: its id, its params, where it is kept."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import rfc8785

from pipelines.dag import Dag
from steps.contract.errors import BadInput
from steps.contract.parser import add_params
from steps.contract.urls import shown
from steps.storage.locator import missing, parse

_JOB_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NAME_CHARACTERS = 40


@dataclass(frozen=True)
class Job:
    """What to make, and what it is called.

    Attributes:
        id: a DNS label: the folder's name, and the Workflow's on Argo.
        values: the params that were given, as texts, `source` among them.
    """

    id: str
    values: Mapping[str, str]


def add_job_options(parser: argparse.ArgumentParser, dag: Dag) -> None:
    """Declare SOURCE, the params of a Dag, and the id."""
    about = dag.params["source"].description
    parser.add_argument("source", metavar="SOURCE", help=about)
    fields = {name: info for name, info in dag.params.items() if name != "source"}
    add_params(parser, fields)
    parser.add_argument("--job-id", metavar="ID", default="", help="[default: from the source]")
    if "captions" in fields:
        parser.add_argument(
            "--no-captions",
            dest="captions",
            action="store_const",
            const="sidecar",
            default=argparse.SUPPRESS,
            help="the same as --captions sidecar",
        )


def job_of(options: argparse.Namespace, dag: Dag) -> Job:
    """The job that options describe, its params checked.

    Raises:
        BadInput: an option is bad, or the source is a path where nothing is.
    """
    values = {name: str(value) for name, value in vars(options).items() if name in dag.params}
    values["source"] = _source(options.source)
    if "style" in values:
        values["style"] = _style(values["style"])
    dag.check_params(values)
    return Job(options.job_id or default_id(values), values)


def check_id(job_id: str) -> str:
    """The id, when it can name a folder and a Workflow.

    Raises:
        BadInput: it cannot.
    """
    if not _JOB_ID.fullmatch(job_id):
        raise BadInput(f"{job_id!r} is no job id: a-z, 0-9 and dashes, at most 63 characters")
    return job_id


def default_id(values: Mapping[str, str]) -> str:
    """The source's name and six hexadecimal digits of all params: the same command, the same id."""
    name = Path(shown(values["source"]).split("?")[0].rstrip("/")).stem.lower()
    slug = re.sub(r"[^a-z0-9]+", "-", name)[:_NAME_CHARACTERS].strip("-") or "job"
    digest = hashlib.sha256(rfc8785.dumps(dict(values))).hexdigest()
    return f"{slug}-{digest[:6]}"


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


def _style(text: str) -> str:
    """A style's name or JSON as it is; of a file, its JSON on one line."""
    path = Path(text).expanduser()
    if not text.endswith(".json") and not path.is_file():
        return text
    try:
        return rfc8785.dumps(json.loads(path.read_text())).decode()
    except (OSError, ValueError) as error:
        raise BadInput(f"--style: {text} cannot be read as JSON: {error}") from error
