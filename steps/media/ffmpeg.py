"""Run the pinned ffmpeg: argv lists, the command in the log, failures as leaves."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import imageio_ffmpeg
import structlog

from steps.contract.errors import (
    BadInput,
    StepError,
    Transient,
    UnsupportedMedia,
    host_fault_in,
    one_line,
)

BITEXACT = (
    "-fflags", "+bitexact",
    "-flags:v", "+bitexact",
    "-flags:a", "+bitexact",
    "-map_metadata", "-1",
)  # fmt: skip
"""Output options that keep the writer's name, dates and random ids out of a file.

Chapters are kept; add `-map_chapters -1` to drop them.
"""

SAME_ON_ALL_CPUS = ("-cpuflags", "0")
"""Options for sound: without them its float arithmetic differs between SSE, AVX, AVX2 and FMA.

ffmpeg then runs its plain C code, for sound about as fast. Pictures need no such option: their
decoders and, with `bitexact`, their scaling work in whole numbers.
"""

EXACT_SCALING = "accurate_rnd+full_chroma_int+bitexact"
"""Flags with which ffmpeg's scaler gives the same pixels on every CPU; add the method."""

STOP_SECONDS = 5.0
"""How long a child may take to end after SIGTERM."""

NAMING_SECONDS = 5
"""The longest wait for ffmpeg to describe an input."""

KEPT_LINES = 200_000
"""Most lines of stderr that are kept; older ones are dropped."""

_NOISE = re.compile(
    r"Conversion failed|Error opening (input|output) files?[ .]|Nothing was written|Task finished"
    r"|Terminating thread|Error sending frames|Last message repeated|^frame=|^size=|video:.*audio:"
    r"|Exiting with exit code|Error while filtering|Error muxing a packet|Error writing trailer"
    r"|Error submitting a packet"
)
_TELLING = re.compile(
    r"error|invalid|fail|no such|not |cannot|could|unable|denied|unsupported|missing|exceed|only",
    re.IGNORECASE,
)
_OUR_FAULT = re.compile(
    r"^.*(Unrecognized option|No such filter|Error parsing (filterchain|options|global)"
    r"|Unknown (encoder|decoder|muxer)|matches no streams|Option .* not found).*$",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"^\[[^\]]*@ 0x[0-9a-f]+\] ")


def executable() -> str:
    """The path of ffmpeg: the one that imageio-ffmpeg carries, or `$IMAGEIO_FFMPEG_EXE`.

    Raises:
        BadInput: no ffmpeg exists for this machine.
    """
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise BadInput(
            "there is no ffmpeg for this machine: set IMAGEIO_FFMPEG_EXE to version 7 or later"
        ) from error


def version() -> str:
    """The version that the pinned ffmpeg prints: `ffmpeg version 7.0.2-static`."""
    printed = subprocess.run([executable(), "-version"], capture_output=True, text=True, check=True)
    return " ".join(printed.stdout.split()[:3])


def command(arguments: Sequence[str]) -> list[str]:
    """The whole argv of a run with these arguments."""
    return [executable(), "-hide_banner", "-nostdin", "-nostats", "-y", *arguments]


def run(
    arguments: Sequence[str],
    *,
    cwd: Path | None = None,
    on_time_ms: Callable[[int], None] | None = None,
) -> str:
    """Run ffmpeg to its end.

    Existing outputs are overwritten. If this process is interrupted, the child ends first. Use
    `BITEXACT` so that outputs are the same everywhere.

    Args:
        arguments: what follows the program's name; write a file name as an absolute path, or
            with `file:` before it.
        cwd: where it runs.
        on_time_ms: called about twice a second with the output's time in milliseconds.

    Returns:
        What it wrote to stderr, where filters print their measures.

    Raises:
        HostFault: no space is left, or no permission.
        Transient: it was killed.
        UnsupportedMedia: it cannot process the media; the message says why.
        StepError: the arguments are wrong: a bug.
    """
    progress = ["-progress", "pipe:1"] if on_time_ms else []
    argv = command([*progress, *arguments])
    structlog.get_logger().info(
        "ffmpeg", command=shlex.join(argv), **({"cwd": str(cwd)} if cwd else {})
    )
    kept: deque[str] = deque(maxlen=KEPT_LINES)
    with _child(argv, cwd) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        drain = threading.Thread(target=_drain, args=(child.stderr, kept), daemon=True)
        drain.start()
        for line in child.stdout:
            name, _, value = line.strip().partition("=")
            if on_time_ms and name == "out_time_us" and value.lstrip("-").isdigit():
                on_time_ms(int(value) // 1000)
        code = child.wait()
        drain.join()
    stderr = "".join(kept)
    if code:
        raise failure(code, stderr)
    return stderr


def stated_codec(input_arguments: Sequence[str], index: int) -> str:
    """The four letters by which a container names the codec of a stream; empty for none.

    For streams whose codec ffmpeg does not know.
    """
    printed = _description(input_arguments)
    found = re.search(rf"Stream #0:{index}\b.*: \w+: [^(,]+ \((.+?) / 0x", printed)
    return found[1] if found else ""


def stated_programs(input_arguments: Sequence[str]) -> list[set[int]]:
    """The indices of the streams of each program of a transport stream: a broadcast has several."""
    parts = re.split(
        r"^ *(?:Program \d+|No Program)\b.*$", _description(input_arguments), flags=re.M
    )
    return [{int(index) for index in re.findall(r"Stream #0:(\d+)", part)} for part in parts[1:]]


def dolby_vision_profile(input_arguments: Sequence[str]) -> int | None:
    """The profile of the first Dolby Vision stream that a container states; None without one."""
    found = re.search(
        r"DOVI configuration record:.*? profile: (\d+)", _description(input_arguments)
    )
    return int(found[1]) if found else None


def _description(input_arguments: Sequence[str]) -> str:
    """What ffmpeg prints about an input; empty when that takes too long."""
    argv = command(input_arguments)
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, errors="replace", timeout=NAMING_SECONDS
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stderr


def failure(code: int, stderr: str) -> StepError:
    """The leaf for a run that ended with this exit code and this stderr."""
    line = telling_line(stderr)
    if full := host_fault_in(stderr):
        return full
    if code < 0 or "Exiting normally, received signal" in stderr:
        why = f"signal {-code}" if code < 0 else "a signal"
        return Transient(f"ffmpeg was stopped by {why}: run again, with more memory if it ran out")
    if fault := _OUR_FAULT.search(stderr):
        return StepError(one_line(f"a wrong ffmpeg command: {_ADDRESS.sub('', fault[0])}"))
    return UnsupportedMedia(f"ffmpeg cannot handle this media: {line}")


def telling_line(stderr: str) -> str:
    """The line of a failed run that says why: the last one that names a fault."""
    lines = [_ADDRESS.sub("", line.strip()) for line in stderr.splitlines()]
    lines = [line for line in lines if line and not _NOISE.search(line)]
    found = next((line for line in reversed(lines) if _TELLING.search(line)), None)
    return one_line(found or (lines[-1] if lines else "ffmpeg gave no reason"), limit=300)


def _drain(stream: IO[str], kept: deque[str]) -> None:
    kept.extend(stream)


@contextmanager
def _child(argv: list[str], cwd: Path | None) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        argv,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "AV_LOG_FORCE_NOCOLOR": "1"},
    )
    with child:
        try:
            yield child
        finally:
            _stop(child)


def _stop(child: subprocess.Popen[str]) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
