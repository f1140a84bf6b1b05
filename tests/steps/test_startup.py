"""What a process does before its slow imports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from steps.__main__ import main as run_step
from steps.model.geometry import Size
from steps.model.tracks import Tracks
from steps.startup import KERNEL_CAN_WATCH, PARENT_VARIABLE, watch_before_exec

ROOT = Path(__file__).resolve().parents[2]
WATCHING = (
    "import subprocess, sys\n{without}from steps.startup import end_with_parent\n"
    "end_with_parent()\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\nchild.wait()\n"
)
WITHOUT_KERNEL = "import fcntl; vars(fcntl).pop('F_SETSIG', None)\n"
WATCHERS = [
    pytest.param(
        True,
        marks=pytest.mark.skipif(not KERNEL_CAN_WATCH, reason="Linux only"),
        id="the kernel",
    ),
    pytest.param(False, id="a thread"),
]


def watching(watched: int, lifeline: int, stdout: int, *, kernel: bool) -> subprocess.Popen[bytes]:
    """A process with a child of its own, which watches a pipe as a step does."""
    return subprocess.Popen(
        [sys.executable, "-c", WATCHING.format(without="" if kernel else WITHOUT_KERNEL)],
        preexec_fn=partial(watch_before_exec, watched, lifeline) if kernel else None,
        cwd=ROOT,
        env={**os.environ, PARENT_VARIABLE: str(watched)},
        stdout=stdout,
        pass_fds=(watched,),
        start_new_session=True,
    )


@pytest.mark.parametrize("kernel", WATCHERS)
def test_a_process_and_its_children_end_with_the_parent(kernel: bool) -> None:
    watched, lifeline = os.pipe()
    process = watching(watched, lifeline, subprocess.PIPE, kernel=kernel)
    os.close(watched)
    with process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert process.poll() is None
        os.close(lifeline)
        assert process.wait(60) == -signal.SIGKILL
        assert ended(child)


@pytest.mark.parametrize("kernel", WATCHERS)
def test_a_parent_that_is_gone_already_is_noticed(kernel: bool) -> None:
    watched, lifeline = os.pipe()
    process = watching(watched, lifeline, subprocess.DEVNULL, kernel=kernel)
    for descriptor in (watched, lifeline):
        os.close(descriptor)
    assert process.wait(60) == -signal.SIGKILL


@pytest.mark.parametrize("module", ["pipelines", "steps"])
def test_an_interrupt_during_imports_prints_no_traceback(module: str) -> None:
    program = (
        "import builtins, os, runpy, signal, sys\n"
        "plain = builtins.__import__\n"
        "def slow(name, *rest, **named):\n"
        "    if name == 'pydantic':\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return plain(name, *rest, **named)\n"
        "builtins.__import__ = slow\n"
        f"sys.argv = ['{module}', '--help']\n"
        f"runpy.run_module('{module}', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGINT
    assert done.stderr == ""


def ended(number: int) -> bool:
    """Whether a process ends; one that nobody waits for stays as a zombie."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        asked = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False
        )
        if not asked.stdout.strip() or asked.stdout.startswith("Z"):
            return True
        time.sleep(0.02)
    return False


UNUSED = ("asyncio.events", "boto3", "httpx", "numpy", "rich")


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--help"], 0), (["--layout=no-such"], 80), ([], 84), (["--cache=cache"], 0)],
)
def test_a_step_imports_only_what_it_uses(tmp_path: Path, options: list[str], code: int) -> None:
    """Without inputs, with wrong params, and where the cache has the result."""
    program = (
        "import runpy, sys\n"
        f"sys.argv = ['steps', 'reframe', '--out=.', *{options!r}]\n"
        "try:\n"
        "    runpy.run_module('steps', run_name='__main__')\n"
        "except SystemExit as ended:\n"
        "    code = ended.code or 0\n"
        f"print(code, *(name for name in {UNUSED!r} if sys.modules.get(name)))\n"
    )
    size = Size(width_px=1920, height_px=1080)
    tracks = Tracks(size=size, sample_ms=200, detector="none", speaker_method="largest", clips=())
    if code == 0:
        (tmp_path / "tracks.json").write_bytes(tracks.canonical_bytes())
    if options == ["--cache=cache"]:
        assert run_step(["reframe", f"--out={tmp_path}", f"--cache={tmp_path / 'cache'}"]) == 0
    asked = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert asked.stdout.splitlines()[-1].split() == [str(code)]
    assert ('"cache":"hit"' in asked.stderr.replace(" ", "")) is (options == ["--cache=cache"])


def printed(program: str) -> str:
    """What a program prints in a Python of its own."""
    argv = [sys.executable, "-c", program]
    return subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_a_module_that_was_put_off_is_imported_on_use() -> None:
    program = (
        "import sys\n"
        "from steps.startup import light_imports\n"
        "with light_imports():\n"
        "    import asyncio, structlog\n"
        "assert 'rich' not in sys.modules\n"
        "assert 'asyncio.events' not in sys.modules\n"
        "async def answer(): return 42\n"
        "print(asyncio.run(answer()))\n"
        "import asyncio.subprocess, rich.console\n"
    )
    assert printed(program) == "42\n"


def test_no_garbage_is_collected_at_exit() -> None:
    program = (
        "import atexit, gc\n"
        "from steps.startup import light_imports\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 0))\n"
        "with light_imports(): pass\n"
        "print(gc.get_freeze_count())\n"
    )
    assert printed(program).split() == ["0", "True"]


def test_a_step_s_pictures_take_one_thread() -> None:
    program = (
        "import os, sys; os.environ.pop('OPENCV_FOR_THREADS_NUM', None)\n"
        "from steps.__main__ import main\n"
        "main(['--help'])\n"
        "import cv2; print(cv2.getNumThreads())\n"
    )
    assert printed(program).splitlines()[-1] == "1"


def test_the_command_line_starts_without_what_it_does_not_use() -> None:
    program = (
        "import sys; from pipelines.__main__ import main\n"
        "main(['--version'])\n"
        f"print({{*{UNUSED}}} & {{*sys.modules}})\n"
    )
    assert printed(program).splitlines()[-1] == "set()"
