"""Commands: no shell, and nothing that a user gives is more than the value of one option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from pipelines.argo.lint.problem import Json, Problem, containers, templates
from pipelines.argo.lint.tags import TAG

SHELLS = {"sh", "bash", "dash", "ash", "zsh", "ksh", "busybox", "env", "xargs", "eval"}
_INLINE = re.compile(r"^-[a-z]*c$")
_OPTION = re.compile(r"^--[a-z][a-z0-9-]*=")


def check_argv(document: Json) -> Iterator[Problem]:
    """Shells, code in an argument, scripts, and parameters that could be read as an option."""
    for template in templates(document):
        where = f"templates.{template.get('name')}"
        if "script" in template:
            yield Problem(where, "is a script: its text and its parameters would be one program")
        for container in containers(template):
            yield from _check_container(container, where)


def _check_container(container: Json, where: str) -> Iterator[Problem]:
    command = [str(part) for part in container.get("command") or []]
    args = [str(part) for part in container.get("args") or []]
    if not command:
        yield Problem(where, "has no command: Argo would ask the registry for one")
    words = [*command, *args]
    for word in words:
        if PurePosixPath(word).name in SHELLS:
            yield Problem(where, f"runs {word}, which reads text as a program")
        if _INLINE.match(word):
            yield Problem(where, f"has {word}: a program inside an argument")
    for word in (*command, str(container.get("image", ""))):
        if TAG.search(word):
            yield Problem(where, f"{word}: a parameter may not decide what runs")
    for word in args:
        if TAG.search(word) and not _OPTION.match(word):
            yield Problem(where, f"{word}: a parameter may only be the value of an --option=")
