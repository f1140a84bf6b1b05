"""Artifact keys: under the job's prefix, written once, and read only after they were written."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.argo.lint.document import (
    EXPRESSION,
    Json,
    Problem,
    is_elsewhere,
    is_fan_out,
    tasks,
    template_of,
    templates,
)
from pipelines.argo.lint.references import earlier_tasks
from pipelines.argo.lint.schema import GROUPS
from pipelines.argo.names import JOB_FOLDER, JOB_PREFIX


def check_artifacts(document: Json) -> Iterator[Problem]:
    """Keys outside the job, paths that differ from their keys, keys with two writers."""
    writers: dict[str, str] = {}
    for template in templates(document):
        name = str(template.get("name"))
        for side in ("inputs", "outputs"):
            yield from _check_side(template, side, f"templates.{name}.{side}")
        for key in _keys(template, "outputs"):
            if key in writers:
                yield Problem(f"templates.{name}", f"{writers[key]} also writes the key {key}")
            writers[key] = name
        for task in tasks(template):
            where = f"templates.{name}.{task['name']}"
            yield from _check_fan_out(document, task, where)
            yield from _check_reads(document, tasks(template), task, where)


def _check_side(template: Json, side: str, where: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for artifact in template.get(side, {}).get("artifacts") or []:
        place = f"{where}.{artifact.get('name')}"
        if not GROUPS & set(template):
            yield from _check_artifact(artifact, place)
        path = artifact.get("path", "")
        if path and path in seen:
            yield Problem(place, f"two {side} have the path {path}")
        seen.add(path)


def _check_artifact(artifact: Json, where: str) -> Iterator[Problem]:
    place = artifact.get("s3", {})
    key = str(place.get("key", ""))
    relative = key.removeprefix(f"{JOB_PREFIX}/")
    if set(place) != {"key"}:
        yield Problem(where, "needs a key of the artifact repository, and nothing else")
    elif relative == key:
        yield Problem(where, f"its key is not under {JOB_PREFIX}/")
    elif not relative or relative.startswith("/") or ".." in relative.split("/"):
        yield Problem(where, f"its key {key} could leave the job's folder")
    elif artifact.get("path") != f"{JOB_FOLDER}/{relative}".rstrip("/"):
        yield Problem(where, f"its path {artifact.get('path')} differs from its key")
    if "none" not in artifact.get("archive", {}):
        yield Problem(where, "is archived: set archive.none, to keep a plain file in the bucket")


def _check_fan_out(document: Json, task: Json, where: str) -> Iterator[Problem]:
    if not is_fan_out(task):
        return
    for key in _keys(template_of(document, task) or {}, "outputs"):
        if "{{inputs.parameters." not in key:
            yield Problem(where, f"each of its runs writes the same key {key}")


def _check_reads(
    document: Json, all_tasks: list[Json], task: Json, where: str
) -> Iterator[Problem]:
    before = earlier_tasks(all_tasks, task["name"])
    earlier = [other for other in all_tasks if other["name"] in before]
    written = {
        key for other in earlier for key in _keys(template_of(document, other) or {}, "outputs")
    }
    folders = tuple(key for key in written if key.endswith("/"))
    any_key = any(is_elsewhere(other) for other in earlier)
    for artifact in (template_of(document, task) or {}).get("inputs", {}).get("artifacts") or []:
        key = EXPRESSION.sub("", artifact.get("s3", {}).get("key", ""))
        if key.endswith("/"):
            yield Problem(where, f"reads {key}: drop the /, a store may have an empty object there")
        known = {key, f"{key}/"} & written or (folders and key.startswith(folders))
        if not (artifact.get("optional") or known or any_key):
            yield Problem(where, f"reads {key}, which no earlier task writes")


def _keys(template: Json, side: str) -> list[str]:
    artifacts = template.get(side, {}).get("artifacts") or []
    return [str(item["s3"].get("key", "")) for item in artifacts if "s3" in item]
