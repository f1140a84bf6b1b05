"""Looking, in a thread, whether a task is finished already: that spares the start of its step."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from steps.contract import Params, Step, logs
from steps.contract.gpu import watched_gpu
from steps.contract.identity import CacheOpener, is_finished
from steps.contract.receipt import RunRecord, record_path
from steps.contract.records import record_of, write_quietly
from steps.storage.schemes import fetch_file


@dataclass
class Recognition:
    """Looks at one task; an interrupt does not wait for it, so it writes nothing.

    Attributes:
        step: the declaration.
        params: the values.
        folder: the job's.
        cache: its URI.
        open_cache: opens it.
        wake: called at the end.
        record: of the finished task, at the end; None if its step must start.
        ended: whether it has looked.
    """

    step: Step[Any]
    params: Params
    folder: Path
    cache: str
    open_cache: CacheOpener
    wake: Callable[[], None]
    record: RunRecord | None = field(default=None, init=False)
    ended: bool = field(default=False, init=False)

    def start(self) -> Recognition:
        """Begin to look; returns itself."""
        threading.Thread(target=self._look, name="finished", daemon=True).start()
        return self

    def write(self, job: str, *, show_log: bool) -> None:
        """Leave what the step would leave: its record and a line in its log."""
        if self.record is None:
            return
        task = self.record.task
        write_quietly(self.folder / record_path(task), self.record.canonical_bytes())
        bound = {"step": self.step.name, "job": job, "task": task, "cache": "hit"}
        if show_log:
            logs.logger_to(sys.stderr, console=logs.wants_console(), **bound).info("done")
            return
        log = self.folder / "logs" / f"{task}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            logs.logger_to(stream, console=False, **bound).info("done")

    def _look(self) -> None:
        began, started, cpu = datetime.now(UTC), time.monotonic(), time.thread_time()
        try:
            with watched_gpu() as gpu:
                found = is_finished(
                    self.step, self.params, self.folder, self.cache, self.open_cache, fetch_file
                )
            if found:
                self.record = record_of(
                    self.step.task_name(self.params),
                    began=began,
                    wall_s=time.monotonic() - started,
                    cpu_s=time.thread_time() - cpu,
                    attempt=0,
                    hit=True,
                    code=0,
                    gpu=gpu,
                )
        finally:
            self.ended = True
            self.wake()
