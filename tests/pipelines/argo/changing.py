"""The rendered templates, and small ways to change one."""

from functools import cache
from typing import Any

import yaml

from pipelines.argo.template import render

Json = dict[str, Any]
text_of = cache(render)
"""The text of a template by its name, rendered once."""


@cache
def document(name: str) -> Json:
    """Return a rendered template as its text reads: never change it, change a copy."""
    found: Json = yaml.load(text_of(name), yaml.CSafeLoader)
    return found


RENDERED = document("clipmill")


def template(document: Json, name: str) -> Json:
    found: Json = next(item for item in document["spec"]["templates"] if item["name"] == name)
    return found


def task(document: Json, name: str) -> Json:
    tasks = template(document, "main")["dag"]["tasks"]
    found: Json = next(item for item in tasks if item["name"] == name)
    return found


def output(document: Json, step: str, name: str) -> Json:
    artifacts = template(document, step)["outputs"]["artifacts"]
    found: Json = next(item for item in artifacts if item["name"] == name)
    return found


def args(document: Json, step: str) -> list[str]:
    words: list[str] = template(document, step)["container"]["args"]
    return words


def put(place: Json, **fields: object) -> None:
    place.update(fields)
