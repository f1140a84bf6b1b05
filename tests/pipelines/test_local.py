"""The local executor on real processes of a tiny catalogue."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.cli import door
from pipelines.local.executor import STEPS_COMMAND, TaskFailed
from pipelines.local.process import held_interrupts
from steps.contract.errors import BadInput
from steps.contract.folders import take_back
from steps.contract.receipt import Receipt, RunRecord, receipt_path, record_path
from tests.pipelines.tiny.dags import tiny_dag
from tests.pipelines.tiny.walk import Noted, run, walking

ROOT = Path(__file__).resolve().parents[2]
IDS_ONLY = """
import shutil, sys
out = next(word for word in sys.argv if word.startswith("--out=")).removeprefix("--out=")
shutil.copy(sys.argv[1], f"{out}/ids.json")
"""


def test_tasks_run_in_order_with_their_params_and_a_fan_out_once_per_id(tmp_path: Path) -> None:
    noted = run(tmp_path, word="bye")
    assert (tmp_path / "total.txt").read_text() == "bye a\nbye b\nbye c"
    started = noted.of("started")
    assert started[0] == "first"
    assert started[-1] == "last"
    assert sorted(started[1:-1]) == ["many-a", "many-b", "many-c", "side"]
    assert noted.counts[-1] == 6
    assert not list(tmp_path.glob(".partial*"))
    receipt = Receipt.from_file(tmp_path / receipt_path("many-b"))
    assert receipt.params == {"clip": "b", "many_do": ""}
    record = RunRecord.from_file(tmp_path / record_path("many-b"))
    assert record.exit_code == 0


def test_a_step_imports_nothing_from_the_folder_that_the_user_is_in(tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('random.py of the user')")
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "__main__.py").write_text("raise SystemExit('steps of the user')")
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*STEPS_COMMAND, "--help"],
        cwd=tmp_path, env=own, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: python -m steps NAME" in done.stdout


def test_an_empty_fan_out_is_no_failure(tmp_path: Path) -> None:
    noted = run(tmp_path, ids="")
    assert (tmp_path / "total.txt").read_text() == ""
    assert "last" in noted.of("finished")


@pytest.mark.parametrize("then", ["kept", "damaged", "taken back"])
def test_what_an_earlier_plan_made_is_removed(tmp_path: Path, then: str) -> None:
    run(tmp_path, ids="a,b")
    receipt = tmp_path / receipt_path("many-b")
    (made,) = Receipt.from_file(receipt).outputs
    if then == "damaged":  # by a machine that lost its power, or of another version
        receipt.write_bytes(b"")
    if then == "taken back":  # by a run that was killed
        take_back(tmp_path, "many-b")
    run(tmp_path, ids="a")
    assert not receipt.exists()
    assert (tmp_path / made.path).exists() == (then == "damaged")
    assert not list(tmp_path.glob(".partial-*"))


def test_a_passing_fault_is_tried_again(tmp_path: Path) -> None:
    noted = run(tmp_path, ids="", side_do=f"transient:2:{tmp_path / 'tries'}")
    assert noted.of("retried Transient") == ["side", "side"]
    assert RunRecord.from_file(tmp_path / record_path("side")).attempt == 2


@pytest.mark.parametrize(
    ("what", "says"),
    [("kill", "side: was killed by SIGKILL.*memory"), ("end", "side: was killed by SIGTERM")],
)
def test_a_lost_process_is_tried_again_until_it_is_too_often(
    tmp_path: Path, what: str, says: str
) -> None:
    with pytest.raises(TaskFailed, match=says) as caught:
        run(tmp_path, ids="", side_do=what)
    assert caught.value.failure.exit_code == 75


@pytest.mark.parametrize(
    ("what", "code", "says"), [("bad", 80, "this one is bad"), ("bug", 1, "a bug in side")]
)
def test_a_failure_for_good_is_not_tried_again(
    tmp_path: Path, what: str, code: int, says: str
) -> None:
    with pytest.raises(TaskFailed, match=says) as caught:
        run(tmp_path, ids="", side_do=what)
    assert caught.value.failure.exit_code == caught.value.exit_code == code
    assert RunRecord.from_file(tmp_path / record_path("side")).attempt == 0
    assert not (tmp_path / "total.txt").exists()


def test_one_of_many_may_fail(tmp_path: Path) -> None:
    noted = run(tmp_path, many_do="b=bad")
    assert noted.of("failed 80") == ["many-b"]
    assert (tmp_path / "total.txt").read_text() == "hello a\nhello c"
    failure = Receipt.from_file(tmp_path / receipt_path("many-b")).failure
    assert failure is not None
    assert failure.message == "this one is bad"


@pytest.mark.parametrize("what", ["full", "full-without-receipt:{receipts}"])
def test_a_full_disk_ends_the_job_even_where_a_clip_may_fail(tmp_path: Path, what: str) -> None:
    doing = what.format(receipts=tmp_path / "receipts")
    with pytest.raises(TaskFailed, match=r"many-b: .*no space") as caught:
        run(tmp_path, ids="a,b", many_do=f"b={doing}")
    assert caught.value.exit_code == 86
    assert not (tmp_path / "total.txt").exists()


def test_one_of_many_that_may_not_fail_ends_the_job(tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="many-b: this one is bad"):
        run(tmp_path, tiny_dag(may_fail=False), ids="a,b", many_do="b=bad")


def test_a_step_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    """On a busy machine a step may not begin within a short limit: then it gets a longer one."""
    pids = tmp_path / "pids"
    for limit_s in (2, 8, 32, 128, 512):
        with pytest.raises(TaskFailed, match=f"took longer than {limit_s} s") as caught:
            run(tmp_path, tiny_dag(side_timeout_s=limit_s), ids="", side_do=f"hang:{pids}")
        assert caught.value.failure.exit_code == 82
        if pids.exists():
            break
    assert gone(pids)


def test_a_failure_ends_what_runs_beside_it(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with pytest.raises(TaskFailed, match="many-b: this one is bad"):
        run(
            tmp_path,
            tiny_dag(may_fail=False),
            workers=4,
            side_do=f"hang:{pids}",
            many_do=f"b=bad-after:{pids}",
        )
    assert gone(pids)


def test_bad_params_start_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="tiny has no option --nonsense"):
        run(tmp_path, nonsense="1")
    assert not list(tmp_path.iterdir())


def most_at_once(noted: Noted) -> int:
    """The most runs that went on side by side."""
    now = most = 0
    for event, _ in noted.events:
        now += (event == "started") - (event == "finished")
        most = max(most, now)
    return most


@pytest.mark.parametrize(("share", "most"), [(0.0, 3), (2.0, 2), (0.5, 1)])
def test_runs_side_by_side_stay_within_the_memory(share: float, most: int, tmp_path: Path) -> None:
    """Its steps only write the ids of the fan-out."""
    memory_mib = int(share * tiny_dag().task("many").step.resources.memory_mib)
    (tmp_path / "ids").write_text('["a", "b"]')
    command = (sys.executable, "-I", "-S", "-c", IDS_ONLY, str(tmp_path / "ids"))
    noted = run(tmp_path / "job", workers=3, memory_mib=memory_mib, command=command)
    assert most_at_once(noted) == most
    assert len(noted.of("finished")) == 5


def test_a_job_goes_on_where_it_failed(tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    with pytest.raises(TaskFailed):
        run(tmp_path / "job", cache=cache, ids="a", side_do="bad")
    noted = run(tmp_path / "job", cache=cache, ids="a")
    assert "first" in noted.of("cached")
    assert "side" in noted.of("finished")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_every_process(tmp_path: Path, number: signal.Signals) -> None:
    pids = tmp_path / "pids"
    process = in_the_background(tmp_path, f"hang:{pids}")
    until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    process.send_signal(number)
    assert process.wait(300) != 0
    assert gone(pids)


def test_a_second_interrupt_does_not_wait_for_a_stubborn_step(tmp_path: Path) -> None:
    pids, told = tmp_path / "pids", tmp_path / "told"
    process = in_the_background(tmp_path, f"stubborn:{pids}")
    until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    process.send_signal(signal.SIGINT)
    until(told.exists)
    process.send_signal(signal.SIGINT)
    assert process.wait(300) != 0
    assert gone(pids)


def test_interrupts_wait_for_a_good_moment() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with held_interrupts() as check:
        check()
        os.kill(os.getpid(), signal.SIGTERM)
        until(lambda: signal.SIGTERM not in signal.sigpending())
        with pytest.raises(KeyboardInterrupt):
            check()
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_hang_up_that_nohup_ignores_is_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert door.main(["styles"]) == 0
        with held_interrupts() as check:
            os.kill(os.getpid(), signal.SIGHUP)
            check()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def in_the_background(folder: Path, side_do: str) -> subprocess.Popen[bytes]:
    """A program that walks the tiny Dag, for as long as its step `side` wants."""
    (folder / "job").mkdir()
    return subprocess.Popen(
        walking(folder / "job", "", side_do),
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # if nohup runs the tests
    )


def until(true: object, seconds: float = 300.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.02)


def gone(pids: Path) -> bool:
    """Whether all noted processes end (a zombie that nobody waits for has ended too)."""
    numbers = [int(text) for text in pids.read_text().split()]
    until(lambda: not any(alive(number) for number in numbers))
    return True


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False
    )
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")
