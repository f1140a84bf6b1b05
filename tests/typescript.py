"""The TypeScript of docs/, checked and translated by the compiler that its package.json pins."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[1] / "docs" / "client"


def build(folder: Path, sources: Mapping[str, str]) -> Path:
    """Compile the client and more sources beside it; the folder of the JavaScript."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    for path in CLIENT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    for name, text in sources.items():
        (folder / name).write_text(text)
    npm = ["npm", "--silent", "--cache", str(folder / "cache")]
    got = subprocess.run([*npm, "ci"], cwd=folder, capture_output=True, text=True, check=False)
    if got.returncode:
        pytest.skip(f"npm cannot get the compiler: {got.stderr[-300:]}")
    words = [*npm, "run", "build"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build"


def node(script: Path, *words: str) -> str:
    """Run a script to its end; what it printed."""
    done = subprocess.run(["node", script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
