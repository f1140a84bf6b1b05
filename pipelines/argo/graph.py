"""What a task waits for, as Argo's `depends` says it."""

from __future__ import annotations

from pipelines.dag import Dag

ANY_END = ("Succeeded", "Skipped", "Failed", "Errored")
"""Every end of a fan-out that a later task goes on from; Omitted is not one of them."""


def ancestors(dag: Dag, name: str) -> set[str]:
    """All tasks that must end before this one may start."""
    found: set[str] = set()
    ahead = list(dag.edges[name])
    while ahead:
        task = ahead.pop()
        if task not in found:
            found.add(task)
            ahead += dag.edges[task]
    return found


def reduced_edges(dag: Dag) -> dict[str, tuple[str, ...]]:
    """The edges without those that a longer path implies, for a graph that reads well."""
    return {
        name: tuple(
            edge
            for edge in edges
            if not any(edge in ancestors(dag, other) for other in edges if other != edge)
        )
        for name, edges in dag.edges.items()
    }


def depends(dag: Dag, name: str) -> str | None:
    """The `depends` expression of a task; None for one that waits for nothing."""
    parts = [
        f"({' || '.join(f'{edge}.{end}' for end in ANY_END)})"
        if dag.task(edge).may_fail
        else f"{edge}.Succeeded"
        for edge in reduced_edges(dag)[name]
    ]
    return " && ".join(parts) or None
