"""What a job costs beyond its steps' own work, by step."""

from datetime import datetime
from typing import Any

from pipelines.dag import clips_dag
from tests.e2e.namespace import Object, nodes

COLUMNS = ("step", "own_s", "wall_s", "beyond_s")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def seconds(node: Object) -> float:
    """From a node's start to its end; Argo keeps whole seconds."""
    return (moment(node["finishedAt"]) - moment(node["startedAt"])).total_seconds()


def task_of(node: Object) -> str:
    """The task's name: a step's, followed by the clip's id."""
    inputs = node.get("inputs", {}).get("parameters", [])
    clip = next((item["value"] for item in inputs if item["name"] == "clip"), "")
    return f"{node['templateName']}-{clip}" if clip else str(node["templateName"])


def table(workflow: Object, records: dict[str, int]) -> list[dict[str, Any]]:
    """One row for each task, in order: its own time, its pods' and waits', and the difference.

    The last row is the job's: the longest chain of steps' own times against the wall.

    Args:
        workflow: that has ended.
        records: milliseconds that each task took by its own record.
    """
    spans: dict[str, list[Object]] = {}
    for node in nodes(workflow):
        spans.setdefault(task_of(node), []).append(node)
    rows = []
    for task, tries in spans.items():
        begun, ended = moment(tries[0]["startedAt"]), moment(tries[-1]["finishedAt"])
        rows.append(_row(task, records.get(task, 0) / 1000, (ended - begun).total_seconds()))
    rows.append(_row("job", _longest_chain_s(rows), seconds(workflow["status"])))
    return rows


def _row(name: str, own_s: float, wall_s: float) -> dict[str, Any]:
    return dict(zip(COLUMNS, (name, own_s, wall_s, round(wall_s - own_s, 1)), strict=True))


def _longest_chain_s(rows: list[dict[str, Any]]) -> float:
    """What the job would take with every step on time and nothing between them."""
    ended: dict[str, float] = {}
    edges = clips_dag().edges
    for step, before in edges.items():
        own = [row["own_s"] for row in rows if row["step"].split("-")[0] == step]
        ended[step] = max((ended[name] for name in before), default=0.0) + max(own, default=0.0)
    return max(ended.values())


def as_text(rows: list[dict[str, Any]]) -> str:
    """The table for a person."""
    lines = [f"{'step':<20}{'own s':>9}{'wall s':>9}{'beyond s':>10}"]
    lines += [
        f"{row['step']:<20}{row['own_s']:>9.1f}{row['wall_s']:>9.1f}{row['beyond_s']:>10.1f}"
        for row in rows
    ]
    return "\n".join(lines)
