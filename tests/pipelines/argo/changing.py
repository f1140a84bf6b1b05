"""The rendered template, and small ways to change it."""

from typing import Any

import yaml

from pipelines.argo.template import render

Json = dict[str, Any]
RENDERED: Json = yaml.safe_load(render("clipmill"))


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
