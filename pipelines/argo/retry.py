"""Which failures Argo retries, how often, and with how much memory."""

from __future__ import annotations

import json

from hera.workflows import RetryStrategy
from hera.workflows import models as m

from pipelines.argo.nodes import BROKEN, ENDED
from pipelines.dag import Dag
from steps.contract.engines import Resources
from steps.contract.errors import INTERRUPTED_EXIT_CODE, Transient

BACKOFF = m.Backoff(duration="20s", factor=m.IntOrString(root=2), cap="5m")
"""No `maxDuration`: Argo makes it the deadline of the retried pod."""

EXECUTOR_EXIT_CODES = (64, 65)
TERMINATED_EXIT_CODES = (INTERRUPTED_EXIT_CODE, 143)
NO_EXIT_CODE = -1
LOST_EXIT_CODE = 255
"""containerd's exit code of a container that was lost in the crash of its node."""

KILLED_EXIT_CODE = 137

_AGAIN = (
    Transient.exit_code,
    *EXECUTOR_EXIT_CODES,
    *TERMINATED_EXIT_CODES,
    NO_EXIT_CODE,
    LOST_EXIT_CODE,
)
_OWN_MESSAGE = "lastRetry.message startsWith 'main: '"
"""Only the message of the step's own container begins so: it cannot pass for one of a node."""

_PARTS = (
    "lastRetry.status == 'Error'",
    f"lastRetry.exitCode in [{', '.join(repr(str(code)) for code in _AGAIN)}]",
    f"(lastRetry.exitCode == '{KILLED_EXIT_CODE}' && "
    "(!(lastRetry.message matches 'OOMKilled') || asInt(retries) == 0))",
    f"(!({_OWN_MESSAGE}) && lastRetry.message matches "
    "'pod deleted|imminent node shutdown|[Ee]vict|NodeLost|node was low on resource|[Pp]reempt')",
)
FINAL = "the specified deadline|exceeded (its|workflow) deadline|specified key does not exist"
"""Messages of Argo itself. (`context deadline exceeded` is not one: it is a slow server.)"""

EXPRESSION = (
    f"({_OWN_MESSAGE} || !(lastRetry.message matches '{FINAL}')) && ({' || '.join(_PARTS)})"
)
"""True for a transient fault: exit 75, a lost, deleted or evicted pod, the first lack of memory.

False for a step past its deadline, for a missing input, for a bug (1) and for every refusal (80 and
above).
"""


def unfinished_nodes(job: str, dag: Dag) -> str:
    """The field selector of the nodes that a retry runs again: all that are not done, but groups.

    Without a selector Argo only resets failed pods, so a task that was stopped in the second in
    which its pod succeeded would not run again: its pod is `Succeeded`, and the node of its tries
    is `Failed`, or still `Running` where the stop was quicker than the controller. A group holds
    items that are done, and a node that was omitted goes with the one before it.
    """
    groups = [job, *(f"{job}.{task.name}" for task in dag.tasks if task.fan_out)]
    done = (f"phase!={phase}" for phase in ENDED if phase not in BROKEN)
    return ",".join([*done, *(f"name!={name}" for name in groups)])


def retry_strategy(retries: int) -> RetryStrategy:
    """Retry after a transient fault. There is no policy, so only the expression decides."""
    return RetryStrategy(limit=m.IntOrString(root=retries), expression=EXPRESSION, backoff=BACKOFF)


def memory_patch(resources: Resources) -> str:
    """The pod patch that doubles the memory limit after the first try."""
    first = resources.memory_mib
    memory = f"{{{{=asInt(retries) == 0 ? {first} : {2 * first}}}}}Mi"
    container = {"name": "main", "resources": {"limits": {"memory": memory}}}
    return json.dumps({"containers": [container]}, separators=(",", ":"))
