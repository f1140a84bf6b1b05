"""A step's own template with other work in it: what Argo does around it is the real thing."""

import copy
from typing import Any

from tests.e2e.namespace import Namespace, Object

STEP = "notify"
"""The step with the smallest memory."""


def tiny(
    namespace: Namespace, name: str, code: str, spec: Object | None = None, **changes: Any
) -> None:
    """Start a workflow of one step that runs Python code.

    Args:
        namespace: where the chart is installed.
        name: of the workflow.
        code: may ask for `TRY`, how often it was tried before.
        spec: fields of the workflow that differ.
        changes: fields of the step's template that differ.
    """
    installed = namespace.get("workflowtemplates.argoproj.io", "clipmill")["spec"]
    template = copy.deepcopy(next(t for t in installed["templates"] if t["name"] == STEP))
    container = template["container"]
    container["command"] = ["python", "-c", f"TRY = int('{{{{retries}}}}')\n{code}"]
    container.pop("args")
    for gone in ("inputs", "outputs", "metrics"):
        template.pop(gone, None)
    template.update(changes)
    unwanted = ("onExit", "arguments", "metrics", "synchronization", "workflowMetadata")
    kept = {key: value for key, value in installed.items() if key not in unwanted}
    namespace.kubectl(
        "create", "--filename", "-",
        stdin=_text({**kept, "entrypoint": STEP, "templates": [template], **(spec or {})}, name),
    )  # fmt: skip


def _text(spec: Object, name: str) -> str:
    import json

    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow"}
    return json.dumps({**kind, "metadata": {"name": name}, "spec": spec})
