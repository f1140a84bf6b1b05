"""The class of this CPU, for receipts of packages that choose their kernels by it.

ONNX Runtime and OpenCV have no setting that makes them round alike on every CPU, so a step that
uses them names the class that it ran on: two jobs with the same class have the same bytes.
"""

from __future__ import annotations

import platform

from numpy._core._multiarray_umath import (  # type: ignore[import-not-found]
    __cpu_features__,
)

CLASSES = ("AVX512F", "AVX2", "AVX", "SSE42")
"""Instruction sets with kernels of their own, best first."""


def cpu_has(feature: str) -> bool:
    """Whether this CPU has an instruction set, by NumPy's name for it."""
    return bool(__cpu_features__.get(feature))


def cpu_class() -> str:
    """The best of `CLASSES` that this CPU has, or the family of the CPU if it has none of them."""
    found = (name for name in CLASSES if cpu_has(name))
    return next(found, platform.machine()).lower()


def vision() -> dict[str, str]:
    """The class by package, for a step that finds objects in pictures."""
    return dict.fromkeys(("onnxruntime", "opencv-python-headless"), cpu_class())


def onnx() -> dict[str, str]:
    """The class by package, for a step that uses ONNX Runtime only."""
    return {"onnxruntime": cpu_class()}
