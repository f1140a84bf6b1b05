"""What a job costs beyond its steps' own work, by step."""

from datetime import datetime
from typing import Any

from tests.e2e.namespace import Object, nodes

COLUMNS = ("step", "own_s", "pod_s", "beyond_s")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def seconds(node: Object) -> float:
    """From a node's start to its end; Argo keeps whole seconds."""
    return (moment(node["finishedAt"]) - moment(node["startedAt"])).total_seconds()


def task_of(node: Object) -> str:
    """The task's name: a step's, with the clip's id behind it."""
    inputs = node.get("inputs", {}).get("parameters", [])
    clip = next((item["value"] for item in inputs if item["name"] == "clip"), "")
    return f"{node['templateName']}-{clip}" if clip else str(node["templateName"])


def table(workflow: Object, records: dict[str, int]) -> list[dict[str, Any]]:
    """One row for each try: the step's own time, its pod's, and the difference.

    Args:
        workflow: that has ended.
        records: milliseconds that each task took by its own record.
    """
    rows = []
    for node in nodes(workflow):
        task, pod_s = task_of(node), seconds(node)
        own_s = records.get(task, 0) / 1000
        rows.append(dict(zip(COLUMNS, (task, own_s, pod_s, round(pod_s - own_s, 1)), strict=True)))
    wall_s = seconds(workflow["status"])
    own_s = sum(row["own_s"] for row in rows)
    rows.append(dict(zip(COLUMNS, ("job", own_s, wall_s, round(wall_s - own_s, 1)), strict=True)))
    return rows


def as_text(rows: list[dict[str, Any]]) -> str:
    """The table for a person."""
    lines = [f"{'step':<20}{'own s':>9}{'pod s':>9}{'beyond s':>10}"]
    lines += [
        f"{row['step']:<20}{row['own_s']:>9.1f}{row['pod_s']:>9.1f}{row['beyond_s']:>10.1f}"
        for row in rows
    ]
    return "\n".join(lines)
