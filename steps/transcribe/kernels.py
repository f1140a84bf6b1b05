"""The kernels of CTranslate2: pinned, so that every CPU with AVX2 gives the same words.

Left alone, CTranslate2 takes Intel's MKL on Intel's CPUs and oneDNN on others, each with the newest
instructions of the CPU, and they round differently. It reads its variables when it is imported.
"""

from __future__ import annotations

import os
import platform

from steps.model.kernels import cpu_class, cpu_has

ONEDNN_ISA = {"GENERIC": "SSE41", "AVX": "AVX", "AVX2": "AVX2", "AVX512": "AVX512_CORE"}
"""oneDNN's name for each value of CT2_FORCE_CPU_ISA."""


def isa() -> str:
    """The instructions to use: those that CT2_FORCE_CPU_ISA names, else AVX2, or none known."""
    return os.environ.get("CT2_FORCE_CPU_ISA") or ("AVX2" if cpu_has("AVX2") else "")


def pin() -> None:
    """Make CTranslate2 use oneDNN and the instructions of `isa`; call it before its import."""
    chosen = isa()
    os.environ["CT2_USE_MKL"] = "0"
    if chosen:
        os.environ["CT2_FORCE_CPU_ISA"] = chosen
        os.environ["ONEDNN_MAX_CPU_ISA"] = ONEDNN_ISA.get(chosen, "DEFAULT")


def classes() -> dict[str, str]:
    """The class of kernels by package: `avx2`, or the CPU's family if it lacks AVX2."""
    return {"ctranslate2": (isa() or platform.machine()).lower()}


def ncnn_classes() -> dict[str, str]:
    """The class of CPU by package, for an engine on ncnn."""
    return {"ncnn": cpu_class()}
