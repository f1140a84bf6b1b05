"""Small neural networks as ONNX files, run on the CPU by ONNX Runtime."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import onnxruntime

ERRORS_ONLY = 3
"""ONNX Runtime's level for its own log."""


@cache
def onnx_session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """A network on a fixed number of threads, so that sums are added in one order.

    A process loads a network once, however often it asks; any number of threads may run it.

    Left alone, ONNX Runtime takes every core of the machine, and its threads spin while they wait:
    on two cores that other work shares, twice the CPU time for the same picture.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = ERRORS_ONLY
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
