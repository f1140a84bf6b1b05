"""The TypeScript of docs/, compiled by the version that its package.json pins."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.comparisons import not_compared, program

CLIENT = Path(__file__).parents[1] / "docs" / "client"
COMPARED = "the TypeScript client of docs/client, as its compiler and node run it"


def build(folder: Path, sources: Mapping[str, str]) -> Path:
    """Compile the client together with more sources; return the folder of the JavaScript."""
    for tool in ("node", "npm"):
        program(tool, COMPARED)
    for path in CLIENT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    for name, text in sources.items():
        (folder / name).write_text(text)
    npm = ["npm", "--silent", "--cache", str(folder / "cache")]
    got = subprocess.run([*npm, "ci"], cwd=folder, capture_output=True, text=True, check=False)
    if got.returncode:
        not_compared(COMPARED, "give npm a registry that has the compiler of docs/client")
    words = [*npm, "run", "build"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build"


def node(script: Path, *words: str) -> str:
    """Run a script to its end; return what it printed."""
    done = subprocess.run(["node", script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
