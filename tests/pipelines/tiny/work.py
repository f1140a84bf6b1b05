"""What the tiny steps do."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from steps.contract import Context
from steps.contract.errors import BadInput, Transient
from tests.pipelines.tiny.catalogue import IDS, PIECE, PIECES, SIDE, TOTAL, WORD


def first(context: Context[Any]) -> None:
    pause_if_asked("first")
    act(context.params.first_do)
    context.output(WORD).write_text(context.params.word)
    ids = [item for item in context.params.ids.split(",") if item]
    context.output(IDS).write_text(json.dumps(ids))


def side(context: Context[Any]) -> None:
    pause_if_asked("side")
    act(context.params.side_do)
    context.output(SIDE).write_text("side")


def many(context: Context[Any]) -> None:
    clip = context.params.clip
    doing = dict(pair.split("=", 1) for pair in context.params.many_do.split(",") if pair)
    context.progress.report(1, 2)
    pause_if_asked(f"many-{clip}")
    act(doing.get(clip, "ok"))
    context.output(PIECE).write_text(f"{context.input(WORD).read_text()} {clip}")


def last(context: Context[Any]) -> None:
    pause_if_asked("last")
    found = sorted(context.input(PIECES).glob("*.txt"))
    context.output(TOTAL).write_text("\n".join(path.read_text() for path in found))


def apart(_context: Context[Any]) -> str:
    import tiny_engine

    return str(tiny_engine.NAME)


def plain(_context: Context[Any]) -> str:
    return "plain"


def left(context: Context[Any]) -> None:
    _note_engine(context, "left")


def right(context: Context[Any]) -> None:
    _note_engine(context, "right")


def _note_engine(context: Context[Any], param: str) -> None:
    pause_if_asked(param)
    name = context.use(param, lambda engine: engine)
    said = {"engine": name, "prefix": sys.prefix, "offline": os.environ.get("HF_HUB_OFFLINE")}
    context.output(context.step.writes[0]).write_text(json.dumps(said))


def pause_if_asked(name: str) -> None:
    """Hang in the run that `$TINY_PAUSE` names; unlike a param, it is in no receipt."""
    if os.environ.get("TINY_PAUSE") == name:
        _hang(Path(os.environ["TINY_PIDS"]))


def act(what: str) -> None:
    """Do `ok`, `bad`, `bug`, `kill`, `hang:FILE`, `bad-after:FILE`, `transient:N:FILE` (N times).

    And `end`, as `kill` but by SIGTERM; and `full`, `full-without-receipt:FOLDER`: no space is
    left, not even for the receipt.
    """
    name, _, rest = what.partition(":")
    if name == "bad":
        raise BadInput("this one is bad")
    if name == "bug":
        raise ZeroDivisionError("nothing")
    if name == "full":
        raise OSError(errno.ENOSPC, "No space left on device")
    if name == "full-without-receipt":
        shutil.rmtree(Path(rest))
        Path(rest).touch()
        raise OSError(errno.ENOSPC, "No space left on device")
    if name == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "end":
        os.kill(os.getpid(), signal.SIGTERM)
    if name == "stubborn":
        told = Path(rest).with_name("told")
        signal.signal(signal.SIGTERM, lambda *_: told.touch())
    if name in ("hang", "stubborn"):
        _hang(Path(rest))
    if name == "bad-after":
        while not Path(rest).exists():
            time.sleep(0.02)
        raise BadInput("this one is bad")
    if name == "transient":
        times, _, file = rest.partition(":")
        done = len(Path(file).read_text()) if Path(file).exists() else 0
        if done < int(times):
            Path(file).write_text("x" * (done + 1))
            raise Transient("not yet")


def _hang(pids: Path) -> None:
    """Start a child, note both processes, and wait for an end that comes from outside."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    partial = pids.with_suffix(".partial")
    partial.write_text(f"{os.getpid()} {child.pid}")
    partial.replace(pids)  # whoever waits for the file finds both
    time.sleep(600)
