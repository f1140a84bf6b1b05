"""The class of CPU kernels that a receipt names."""

import platform

import pytest

from steps import detect, moderate
from steps.model import kernels


@pytest.mark.parametrize("step", [detect.STEP, moderate.STEP], ids=["detect", "moderate"])
@pytest.mark.parametrize(
    ("features", "name"),
    [
        ({"AVX512F": True, "AVX2": True, "SSE42": True}, "avx512f"),
        ({"AVX512F": False, "AVX2": True, "SSE42": True}, "avx2"),
        ({"SSE42": True}, "sse42"),
        ({}, platform.machine().lower()),
    ],
)
def test_the_class_is_the_best_that_the_cpu_has(
    step: object, features: dict[str, bool], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(step, type(detect.STEP))
    monkeypatch.setattr(kernels, "__cpu_features__", features)
    needs = step.needs(step.params())
    found = needs.kernel_classes()
    assert found == {"onnxruntime": name, "opencv-python-headless": name}
    assert set(found) <= set(needs.packages)
