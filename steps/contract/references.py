"""References: `module:name`, imported only when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, cast


def load(reference: str) -> Callable[..., Any]:
    """Import the object that `module:name` refers to."""
    module, _, name = reference.partition(":")
    return cast("Callable[..., Any]", getattr(importlib.import_module(module), name))
