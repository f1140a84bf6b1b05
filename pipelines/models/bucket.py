"""Models in a bucket, or in another folder: the same layout as a model folder, with its lock."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.models.fetching import PARTIAL
from pipelines.models.folder import expected, hold, only_writer, write_entry
from steps.contract.errors import BadInput, BrokenContract
from steps.contract.receipt import file_sha256
from steps.contract.weights import LOCK_NAME, Weights, read_lock
from steps.model.weights import MODELS
from steps.storage import NotFound, Store


def contents(store: Store) -> Mapping[str, Any]:
    """The lock entries of all models in a store.

    Raises:
        BadInput: it has no models, or its lock is not one.
    """
    try:
        models: dict[str, Any] = json.loads(store.read_bytes(LOCK_NAME))["models"]
    except NotFound as error:
        raise BadInput(
            f"{store.uri} has no {LOCK_NAME}: fill it with `clipmill models fetch NAME --to "
            f"{store.uri}`"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenContract(f"{LOCK_NAME} in {store.uri} is not a lock of models") from error
    return models


def push(model: Weights, root: Path, store: Store) -> None:
    """Copy a model and its lock entry from a model folder to a store; the lock goes last."""
    entry = read_lock(root)[model.name]
    for path in entry["files"]:
        store.put_file(root / model.name / path, f"{model.name}/{path}")
    try:
        models = dict(contents(store))
    except BadInput:
        models = {}
    models[model.name] = entry
    text = json.dumps({"models": models}, indent=1, sort_keys=True, ensure_ascii=False)
    store.write_bytes(LOCK_NAME, f"{text}\n".encode())


def pull(name: str, entry: Mapping[str, Any], store: Store, root: Path) -> bool:
    """Copy a model from a store to a model folder, unless it is there; whether it was copied.

    Raises:
        BrokenContract: a file is not the pinned one.
    """
    model = MODELS.get(name) or Weights(name=name)
    wanted = expected(model, entry)
    with only_writer(root, name):
        places = {path: root / name / path for path in wanted}
        if read_lock(root).get(name, {}).get("files") == entry["files"] and all(
            place.is_file() and file_sha256(place) == wanted[path] for path, place in places.items()
        ):
            return False
        made = root / PARTIAL / name
        shutil.rmtree(made, ignore_errors=True)
        held = []
        for path, sha256 in wanted.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            store.get_file(f"{name}/{path}", made / path)
            held.append(hold(model, path, made / path, sha256))
        for path, place in places.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            (made / path).replace(place)
        shutil.rmtree(made)
        facts = {fact: text for fact, text in entry.items() if isinstance(text, str)}
        write_entry(root, name, held, **facts)
    return True
