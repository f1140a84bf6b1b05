"""Artifact keys: under the job's prefix, each written once, each read after it was written."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.argo.lint.problem import Json, Problem, templates
from pipelines.argo.lint.tasks import ancestors_of, is_fan_out, tasks_of, template_of
from pipelines.argo.names import JOB_FOLDER, JOB_PREFIX


def check_keys(document: Json) -> Iterator[Problem]:
    """Keys outside of the job, paths that differ from their keys, keys with two writers."""
    writers: dict[str, str] = {}
    for template in templates(document):
        name = str(template.get("name"))
        for side in ("inputs", "outputs"):
            seen: set[str] = set()
            for artifact in template.get(side, {}).get("artifacts") or []:
                where = f"templates.{name}.{side}.{artifact.get('name')}"
                yield from _check_artifact(artifact, where)
                if artifact.get("path") in seen:
                    yield Problem(where, f"two {side} share the path {artifact.get('path')}")
                seen.add(artifact.get("path", ""))
        for key in _keys(template, "outputs"):
            if key in writers:
                yield Problem(f"templates.{name}", f"{writers[key]} writes the key {key} too")
            writers[key] = name
        for task in (dag := tasks_of(template)):
            yield from _check_fan_out(document, task, f"templates.{name}.{task['name']}")
            yield from _check_reads(document, dag, task, f"templates.{name}.{task['name']}")


def _check_artifact(artifact: Json, where: str) -> Iterator[Problem]:
    place = artifact.get("s3", {})
    key = str(place.get("key", ""))
    relative = key.removeprefix(f"{JOB_PREFIX}/")
    if set(place) != {"key"}:
        yield Problem(where, "has to name a key of the artifact repository, and nothing else")
    elif relative == key:
        yield Problem(where, f"its key is not under {JOB_PREFIX}/")
    elif not relative or relative.startswith("/") or ".." in relative.split("/"):
        yield Problem(where, f"its key {key} could leave the job's folder")
    elif artifact.get("path") != f"{JOB_FOLDER}/{relative}".rstrip("/"):
        yield Problem(where, f"its path is {artifact.get('path')}, unlike its key")
    if "none" not in artifact.get("archive", {}):
        yield Problem(where, "is archived: it would be no plain file in the bucket")


def _check_fan_out(document: Json, task: Json, where: str) -> Iterator[Problem]:
    if not is_fan_out(task):
        return
    for key in _keys(template_of(document, task) or {}, "outputs"):
        if "{{inputs.parameters." not in key:
            yield Problem(where, f"each of its runs writes the same key {key}")


def _check_reads(document: Json, tasks: list[Json], task: Json, where: str) -> Iterator[Problem]:
    before = ancestors_of(tasks, task["name"])
    written = {
        key
        for other in tasks
        if other["name"] in before
        for key in _keys(template_of(document, other) or {}, "outputs")
    }
    folders = tuple(key for key in written if key.endswith("/"))
    for artifact in (template_of(document, task) or {}).get("inputs", {}).get("artifacts") or []:
        key = artifact.get("s3", {}).get("key", "")
        if key.endswith("/"):
            yield Problem(where, f"reads {key}: a store may have an empty object of that name")
        known = {key, f"{key}/"} & written or (folders and key.startswith(folders))
        if artifact.get("optional") or known:
            continue
        yield Problem(where, f"reads {key}, which no task before it writes")


def _keys(template: Json, side: str) -> list[str]:
    artifacts = template.get(side, {}).get("artifacts") or []
    return [str(item.get("s3", {}).get("key", "")) for item in artifacts]
