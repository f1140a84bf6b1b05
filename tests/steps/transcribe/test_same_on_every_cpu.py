"""The same words on other CPUs: no rounding depends on BLAS, NumPy's or glibc's kernels."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.cache import cache_key
from steps.transcribe import STEP, TranscribeParams, kernels
from steps.transcribe.spectrogram import ExactFeatureExtractor, log10

CPUS: tuple[dict[str, str], ...] = (
    {"OPENBLAS_CORETYPE": "Haswell"},
    {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX",
        "CT2_USE_MKL": "1",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
    },
)
"""One that is as the build expects, and one that makes every library choose other kernels."""
SPECTROGRAM = """
import hashlib, warnings
warnings.simplefilter("ignore")
from tests.steps.transcribe.test_same_on_every_cpu import noise
from steps.transcribe.spectrogram import ExactFeatureExtractor
print(hashlib.sha256(ExactFeatureExtractor()(noise()).tobytes()).hexdigest())
"""


def noise() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Ten seconds of sound that has every frequency; made without the platform's functions."""
    return (np.arange(160_000, dtype=np.int64) ** 3 % 65_521 / 32_768 - 1).astype(np.float32)


def test_the_spectrogram_has_the_same_bits_on_every_cpu() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", SPECTROGRAM],
            env={**os.environ, **cpu},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for cpu in CPUS
    }
    assert len(found) == 1


def test_the_spectrogram_is_whisper_s() -> None:
    ours, theirs = (make()(noise()) for make in (ExactFeatureExtractor, FeatureExtractor))
    assert ours.shape == theirs.shape
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


@given(st.lists(st.floats(1e-10, 1e10), min_size=1))
def test_logarithms(values: list[float]) -> None:
    np.testing.assert_allclose(log10(np.array(values)), np.log10(values), atol=1e-13)


@pytest.mark.parametrize(
    ("forced", "named", "onednn"),
    [
        ("GENERIC", "generic", "SSE41"),
        ("AVX512", "avx512", "AVX512_CORE"),
        ("AVX2", "avx2", "AVX2"),
    ],
)
def test_kernels_are_pinned_and_named(
    forced: str, named: str, onednn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"CT2_FORCE_CPU_ISA": forced, "CT2_USE_MKL": "1"})
    kernels.pin()
    assert os.environ["ONEDNN_MAX_CPU_ISA"] == onednn
    assert os.environ["CT2_USE_MKL"] == "0"
    assert STEP.needs(TranscribeParams()).kernel_classes()["ctranslate2"] == named


@pytest.mark.parametrize(("has_avx2", "chosen"), [(True, "AVX2"), (False, None)])
def test_newer_instructions_than_avx2_are_not_used(
    has_avx2: bool, chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr("steps.model.kernels.__cpu_features__", {"AVX2": has_avx2, "AVX512F": True})
    kernels.pin()
    assert os.environ.get("CT2_FORCE_CPU_ISA") == chosen
    assert os.environ.get("ONEDNN_MAX_CPU_ISA") == chosen


def test_another_class_of_kernels_has_another_cache_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = set()
    for forced in ("AVX2", "GENERIC"):
        monkeypatch.setenv("CT2_FORCE_CPU_ISA", forced)
        params = TranscribeParams()
        keys.add(cache_key(STEP, params, (), "", STEP.needs(params)))
    assert len(keys) == 2
