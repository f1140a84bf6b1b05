import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import structlog

from steps.contract.errors import (
    HostFault,
    StepError,
    Transient,
    UnsupportedMedia,
)
from steps.media import ffmpeg

TWO_SECONDS = ["-f", "lavfi", "-i", "testsrc=duration=2:rate=10:size=64x48"]
NOWHERE = ["-f", "null", "-"]


def test_gives_back_stderr_and_the_time() -> None:
    times: list[int] = []
    stderr = ffmpeg.run([*TWO_SECONDS, *NOWHERE], on_time_ms=times.append)
    assert "Input #0, lavfi" in stderr
    assert times == sorted(times)
    assert 1800 <= times[-1] <= 2000


def test_the_command_in_the_log_can_be_pasted() -> None:
    with structlog.testing.capture_logs() as logs:
        ffmpeg.run([*TWO_SECONDS, "-metadata", "title=it's a test", *NOWHERE])
    assert logs[0]["command"].endswith("""-metadata 'title=it'"'"'s a test' -f null -""")


def test_same_bytes_twice(tmp_path: Path) -> None:
    made = []
    for name in ("a.mp4", "b.mp4"):
        ffmpeg.run([*TWO_SECONDS, "-threads", "1", *ffmpeg.BITEXACT, str(tmp_path / name)])
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert b"Lavf" not in made[0]


@pytest.mark.parametrize(
    ("arguments", "leaf", "words"),
    [
        (["-i", "absent.mp4", *NOWHERE], UnsupportedMedia, "No such file"),
        (["-i", __file__, *NOWHERE], UnsupportedMedia, "Invalid data found"),
        ([*TWO_SECONDS, "-vf", "bogus", *NOWHERE], StepError, "No such filter: 'bogus'"),
        ([*TWO_SECONDS, "-frobnicate", "1", *NOWHERE], StepError, "frobnicate"),
        ([*TWO_SECONDS, "-f", "matroska", "/dev/full"], HostFault, "no space is left"),
        ([*TWO_SECONDS, "-c:v", "rawvideo", "x.mp4"], UnsupportedMedia, "header"),
    ],
)
def test_failures_have_one_line_and_a_leaf(
    arguments: list[str], leaf: type[StepError], words: str, tmp_path: Path
) -> None:
    with pytest.raises(StepError) as caught:
        ffmpeg.run(arguments, cwd=tmp_path)
    assert type(caught.value) is leaf
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "stderr", "leaf"),
    [
        (-9, "", Transient),
        (255, "Exiting normally, received signal 15.\n", Transient),
        (1, "a.mkv: Permission denied\nConversion failed!\n", HostFault),
        (1, "[out#0/mp4 @ 0x55] Error muxing: No space left on device\n", HostFault),
        (1, "x264 [error]: Cannot allocate memory\n", HostFault),
        (1, "Error while opening encoder: Operation not permitted\n", UnsupportedMedia),
        (1, "", UnsupportedMedia),
    ],
)
def test_endings_by_code_and_words(code: int, stderr: str, leaf: type[StepError]) -> None:
    assert type(ffmpeg.failure(code, stderr)) is leaf


def test_the_child_ends_with_the_interrupted_parent(tmp_path: Path) -> None:
    """SIGTERM becomes KeyboardInterrupt at a step's door; ffmpeg must not outlive it."""
    out = tmp_path / "out.mkv"
    program = (
        "import signal, sys\n"
        "def stop(*_): raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "from steps.contract import logs\n"
        "from steps.media import ffmpeg\n"
        "logs.configure()\n"
        "ffmpeg.run(['-re', '-f', 'lavfi', '-i', 'testsrc=duration=600:size=64x48',"
        f" {str(out)!r}], on_time_ms=lambda _: sys.stdout.write('.') and sys.stdout.flush())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.read(1) == b"."
        children = _children(parent.pid)
        assert len(children) == 1
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(timeout=300) != 0
    deadline = time.monotonic() + 300
    while any(_alive(pid) for pid in children):
        assert time.monotonic() < deadline, "ffmpeg outlived the step"


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True
    )
    rows = (line.split() for line in listed.stdout.splitlines())
    return [int(child) for child, owner in rows if int(owner) == pid]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
