"""Names that the templates, the chart, the commands and the doctor share."""

from __future__ import annotations

from steps.catalogue import EXIT_NAMES

CLIPS_TEMPLATE = "clipmill"
DETECT_TEMPLATE = "clipmill-detect"
"""The installed WorkflowTemplates: the whole pipeline, and detection by itself."""

ENTRYPOINT = "main"
"""The template that is the DAG."""

(EXIT_STEP,) = EXIT_NAMES
"""The step that runs when a job has ended, however it ended."""

JOB_FOLDER = "/job"
"""Where a pod reads inputs and writes outputs: an emptyDir, so Argo copies nothing."""

SCRATCH_FOLDER = "/tmp"
"""For temporary files: also an emptyDir, because the root is read-only."""

USER_ID = 10001

STEPS_ACCOUNT = "clipmill-steps"
EXECUTOR_ACCOUNT = "clipmill-executor"
ARTIFACTS_CONFIG = "clipmill-artifacts"
ARTIFACTS_KEY = "store"
LIMITS_CONFIG = "clipmill-limits"
JOBS_LIMIT = "jobs"

JOB_LABEL = "clipmill.dev/job"
OWNER_LABEL = "clipmill.dev/owner"
SOURCE_LABEL = "clipmill.dev/source"
POOL_LABEL = "clipmill.dev/pool"
STEP_LABEL = "clipmill.dev/step"
VERSION_LABEL = "app.kubernetes.io/version"
APP_LABELS = {"app.kubernetes.io/name": "clipmill"}
TITLE_ANNOTATION = "workflows.argoproj.io/title"

LABEL_VALUE = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
"""A label value that Kubernetes accepts and that is not empty: a pattern in Python and in Go."""


def kebab(name: str) -> str:
    """A field's or port's name as Argo spells it: `max_height_px` is `max-height-px`."""
    return name.replace("_", "-")


def workflow_parameter(name: str) -> str:
    """The tag that Argo replaces with a param of the job."""
    return f"{{{{workflow.parameters.{kebab(name)}}}}}"


JOB_ID = "{{workflow.name}}"
JOB_PREFIX = f"{workflow_parameter('prefix')}/{JOB_ID}"
"""Where a job's artifacts are in the bucket; the job's id is the workflow's name."""
