"""The Workflow that a submitter creates: a template's name, parameters and labels."""

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
ESTIMATE_ANNOTATION = "clipmill.dev/estimate"
LONGEST_CALLBACK = 2000
PARAMETER_BYTES = 8192
"""Argo keeps parameters in the workflow object, so larger values belong in files."""
TAG = "{{"
"""The start of a template tag: Argo replaces tags in parameters, too."""


def submission(
    job: str,
    template: str,
    values: Mapping[str, str],
    title: str = "",
    owner: str = "",
    estimate: str = "",
) -> m.Workflow:
    """The Workflow of a job.

    Args:
        job: the id: a DNS label of at most 63 characters.
        template: the name of the WorkflowTemplate.
        values: the params that differ from the template's, by field name.
        title: for the Argo UI; the job's id when empty.
        owner: who asks, as a label; may be empty.
        estimate: what the job will take, as JSON for an annotation; may be empty.

    Raises:
        BadInput: the id or the owner is not a valid name, the callback is not a URL, or Argo
            would change a param.
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
                **({ESTIMATE_ANNOTATION: estimate} if estimate else {}),
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
    """The owner, if it is a valid value of a label.

    Raises:
        BadInput: it is not.
    """
    if not re.fullmatch(LABEL_VALUE, owner):
        raise BadInput(
            f"--owner: {owner!r} is not a label: use at most 63 letters, digits, ., - and _"
        )
    return owner


def is_carried(text: str) -> bool:
    r"""Whether Argo passes a text to a step unchanged: it has no tags and no bad characters.

    Argo quotes a value with Go's rules and reads it as JSON, which has no `\x7f` and no
    `\U000e0001`: https://pkg.go.dev/strconv#Quote.
    """
    return TAG not in text and all(_is_carried(sign) for sign in text)


def _is_carried(sign: str) -> bool:
    as_json = sign in "\t\n\r" or "\x80" <= sign <= "\uffff"
    return sign.isprintable() or (as_json and unicodedata.category(sign) != "Cs")


def _check_value(option: str, value: str) -> None:
    if TAG in value:
        raise BadInput(f"{option} holds {TAG}, which Argo would replace: write it another way")
    if not is_carried(value):
        raise BadInput(f"{option} holds a character that Argo cannot pass on: remove it")
    if len(value.encode()) > PARAMETER_BYTES:
        raise BadInput(f"{option} is longer than {PARAMETER_BYTES} bytes: shorten it")


def _check_callback(url: str) -> None:
    if len(url) > LONGEST_CALLBACK:
        raise BadInput(f"--callback is longer than {LONGEST_CALLBACK} characters: shorten it")
    if not is_web(url) or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise BadInput("--callback is not a URL: use http:// or https://, and no white space")
    try:
        checked_url(url)
    except BadInput as error:
        raise BadInput(f"--callback: {error}") from error


def check_choices(template: m.WorkflowTemplate, values: Mapping[str, str]) -> None:
    """Refuse a choice that the installed template does not offer, such as another engine.

    Argo itself forgets a parameter's choices when a workflow sets it.

    Args:
        template: as it is installed.
        values: the params that differ from the template's, by field name.

    Raises:
        BadInput: a value is not one of the choices.
    """
    spec = template.spec
    offered = (spec.arguments.parameters if spec.arguments else None) or []
    choices = {item.name: item.enum for item in offered if item.enum}
    for name, value in values.items():
        allowed = choices.get(kebab(name))
        if allowed and value not in allowed:
            raise BadInput(
                f"--{kebab(name)}={value}: this cluster offers {', '.join(map(str, allowed))}:"
                " the chart's values decide (engines)"
            )


def spec_hash(template: str, parameters: Mapping[str, str]) -> str:
    """The identity of a submission: 32 hexadecimal digits over its template and parameters.

    SHA-256 over the canonical JSON of `[template, {name: value}]`; docs/client computes the same.
    """
    return hashlib.sha256(rfc8785.dumps([template, dict(parameters)])).hexdigest()[:32]


def submit(
    server: Server, workflow: m.Workflow, prepare: Callable[[], None] = lambda: None
) -> tuple[m.Workflow, bool]:
    """Create the workflow, or find the same job if it exists.

    Argo would accept the name of a job that only its archive has, so this asks for the job first.

    Args:
        server: where to create it.
        workflow: from `submission`.
        prepare: called before a new job is created.

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
    """The job with that id, live or in Argo's archive.

    Raises:
        NoSuchJob: there is none.
        Refused: it is a different job.
    """
    there = server.get(workflow.metadata.name or "")
    mine = (workflow.metadata.labels or {})[SPEC_HASH_LABEL]
    if (there.metadata.labels or {}).get(SPEC_HASH_LABEL) != mine:
        raise Refused(
            f"the job {workflow.metadata.name} exists with other options: choose another --job-id"
        )
    return there
