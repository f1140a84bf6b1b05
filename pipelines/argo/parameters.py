"""The workflow's parameters: the job's params, and what only a cluster needs to know."""

from __future__ import annotations

from typing import Any

from hera.workflows import Parameter
from pydantic.fields import FieldInfo

from pipelines.argo.names import kebab
from pipelines.dag import Dag
from steps.contract.params import bounds, choices, text

CLUSTER_PARAMETERS = (
    Parameter(
        name="prefix", value="jobs", description="Folder in the bucket that holds the job's own."
    ),
    Parameter(
        name="cache",
        value="",
        description="s3:// prefix of finished runs to reuse; empty for none.",
    ),
    Parameter(
        name="owner", value="", description="Who asked for it: a label of the job; may be empty."
    ),
    Parameter(
        name="callback",
        value="",
        description="https:// address that is told, signed, when the job has ended; may be empty.",
    ),
)


def job_parameters(dag: Dag) -> list[Parameter]:
    """All parameters of the workflow; one without a value must be given."""
    return [*(_parameter(name, info) for name, info in dag.params.items()), *CLUSTER_PARAMETERS]


def _parameter(name: str, info: FieldInfo) -> Parameter:
    allowed = bounds(info)
    hint = f" [{allowed}]" if allowed and not choices(info) else ""
    about = f"{info.description}{hint}"
    enum: list[Any] | None = list(choices(info)) or None
    if info.is_required():  # Hera would write an explicit None as the text "null"
        return Parameter(name=kebab(name), enum=enum, description=about)
    return Parameter(name=kebab(name), enum=enum, description=about, value=text(info.default))
