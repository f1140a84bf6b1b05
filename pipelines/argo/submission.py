"""What a submitter creates: a Workflow that names the template, its parameters and its labels."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping

import rfc8785
from hera.workflows import models as m

from pipelines.argo.errors import AlreadyThere, NoSuchJob
from pipelines.argo.names import APP_LABELS, LABEL_VALUE, OWNER_LABEL, TITLE_ANNOTATION, kebab
from pipelines.argo.server import Server
from pipelines.job import check_id
from steps.contract.errors import BadInput, Refused
from steps.contract.urls import checked_url, is_web, shown

SPEC_HASH_LABEL = "clipmill.dev/spec-hash"
SOURCE_ANNOTATION = "clipmill.dev/source"
LONGEST_CALLBACK = 2000
PARAMETER_BYTES = 8192
"""Argo keeps parameters in the workflow object; larger ones belong into files."""
TAG = "{{"
"""What opens a template tag: Argo fills in those of parameters too."""


def submission(
    job: str, template: str, values: Mapping[str, str], title: str = "", owner: str = ""
) -> m.Workflow:
    """The Workflow of a job.

    Args:
        job: its id: a DNS label of at most 63 characters.
        template: name of the WorkflowTemplate.
        values: the params that differ from the template's, by field name.
        title: for the Argo UI; the job's id when empty.
        owner: who asks, for a label; may be empty.

    Raises:
        BadInput: the id or the owner cannot be a name, the callback is no address, or Argo cannot
            carry a param as it is.
    """
    check_id(job)
    if owner:
        check_owner(owner)
    if values.get("callback"):
        _check_callback(values["callback"])
    for name, value in values.items():
        _check_value(f"--{kebab(name)}", value)
    parameters = {kebab(name): value for name, value in sorted(values.items())}
    if owner:
        parameters["owner"] = owner
    labels = {**APP_LABELS, SPEC_HASH_LABEL: spec_hash(template, parameters)}
    return m.Workflow(
        metadata=m.ObjectMeta(
            name=job,
            labels={**labels, OWNER_LABEL: owner} if owner else labels,
            annotations={
                TITLE_ANNOTATION: title or job,
                SOURCE_ANNOTATION: shown(values.get("source", "")),
            },
        ),
        spec=m.WorkflowSpec(
            workflow_template_ref=m.WorkflowTemplateRef(name=template),
            arguments=m.Arguments(
                parameters=[
                    m.Parameter(name=name, value=value) for name, value in parameters.items()
                ]
            ),
        ),
    )


def check_owner(owner: str) -> str:
    """The owner, when it can be the value of a label.

    Raises:
        BadInput: it cannot.
    """
    if not re.fullmatch(LABEL_VALUE, owner):
        raise BadInput(
            f"--owner: {owner!r} is no label: at most 63 letters, digits, dots, dashes and _"
        )
    return owner


def is_carried(text: str) -> bool:
    r"""Whether Argo gives a text to a step as it is: without tags, and without signs it spoils.

    Argo quotes a value as Go does and reads it as JSON, which knows neither `\x7f` nor
    `\U000e0001`: https://pkg.go.dev/strconv#Quote.
    """
    return TAG not in text and all(_is_carried(sign) for sign in text)


def _is_carried(sign: str) -> bool:
    as_json = sign in "\t\n\r" or "\x80" <= sign <= "\uffff"
    return sign.isprintable() or (as_json and unicodedata.category(sign) != "Cs")


def _check_value(option: str, value: str) -> None:
    if TAG in value:
        raise BadInput(f"{option} holds {TAG}, which Argo would fill in: spell it otherwise")
    if not is_carried(value):
        raise BadInput(f"{option} holds a character that Argo cannot carry: leave it out")
    if len(value.encode()) > PARAMETER_BYTES:
        raise BadInput(f"{option} is over {PARAMETER_BYTES} bytes: shorten it")


def _check_callback(url: str) -> None:
    if len(url) > LONGEST_CALLBACK:
        raise BadInput(f"--callback is over {LONGEST_CALLBACK} characters: shorten it")
    if not is_web(url) or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise BadInput("--callback has to be an http:// or https:// address without white space")
    try:
        checked_url(url)
    except BadInput as error:
        raise BadInput(f"--callback: {error}") from error


def spec_hash(template: str, parameters: Mapping[str, str]) -> str:
    """What makes two submissions the same: 32 hexadecimal digits over template and parameters.

    SHA-256 over the canonical JSON of `[template, {name: value}]`; docs/client computes the same.
    """
    return hashlib.sha256(rfc8785.dumps([template, dict(parameters)])).hexdigest()[:32]


def submit(
    server: Server, workflow: m.Workflow, prepare: Callable[[], None] = lambda: None
) -> tuple[m.Workflow, bool]:
    """Create the workflow, or find the same job that is there already.

    Argo would take the name of a job that only its archive has, so it is asked for first.

    Args:
        server: where.
        workflow: as `submission` makes it.
        prepare: done before a new job is created.

    Returns:
        The workflow, and whether it was created now.

    Raises:
        Refused: another job has that id.
    """
    try:
        return _same_job(server, workflow), False
    except NoSuchJob:
        prepare()
    try:
        return server.create(workflow), True
    except AlreadyThere:
        return _same_job(server, workflow), False


def _same_job(server: Server, workflow: m.Workflow) -> m.Workflow:
    """The job of that id, live or in Argo's archive.

    Raises:
        NoSuchJob: there is none.
        Refused: it is another one.
    """
    there = server.get(workflow.metadata.name or "")
    mine = (workflow.metadata.labels or {})[SPEC_HASH_LABEL]
    if (there.metadata.labels or {}).get(SPEC_HASH_LABEL) != mine:
        raise Refused(
            f"the job {workflow.metadata.name} exists with other options: choose another --job-id"
        )
    return there
