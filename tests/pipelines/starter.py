"""A process that starts runs by fork: it has imported what they need, most of a run's start."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from steps.contract.references import load

CLIPMILL = "pipelines.__main__:main"
TINY = "tests.pipelines.tiny.walk:main"
MARK = "CLIPMILL_TEST_MARK"
"""In the environment of a starter and of all processes that come from it."""
_LATE = ("pipelines.cli.door", "pipelines.cli.run", "pipelines.cli.progress",
         "pipelines.local.delivery", "pipelines.local.executor")  # fmt: skip
"""What `clipmill run` imports when it needs it."""


class Starter:
    """A process that waits for orders."""

    def __init__(self, process: subprocess.Popen[str], mark: str) -> None:
        self.pid, self.mark = process.pid, mark
        self._process = process

    def run(self, *words: str | Path, **environment: str) -> int:
        """Start a run with these words, and return its process id at once."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([[str(word) for word in words], environment]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def starter(function: str, cwd: Path, **environment: str) -> Iterator[Starter]:
    """A starter of runs of a function, `module:name`, that takes words and returns a code."""
    argv = [sys.executable, "-m", "tests.pipelines.starter", function]
    mark, pipe = uuid4().hex, subprocess.PIPE
    own = {**os.environ, **environment, MARK: mark}
    with subprocess.Popen(argv, cwd=cwd, env=own, stdin=pipe, stdout=pipe, text=True) as process:
        yield Starter(process, mark)


def _serve(function: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a run that ended leaves no zombie
    main = load(function)
    for name in _LATE:
        importlib.import_module(name)
    for line in iter(sys.stdin.readline, ""):
        words, environment = json.loads(line)
        child = os.fork()
        if child:
            print(child, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.environ.update(environment)
        os._exit(main(words))


if __name__ == "__main__":
    from steps.startup import light_imports

    with light_imports():
        _serve(sys.argv[1])
