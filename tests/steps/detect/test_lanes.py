from __future__ import annotations

from threading import Barrier, Event

import pytest

from steps.detect.lanes import Alive, in_lanes

DEADLINE_S = 60


def test_clips_are_looked_at_side_by_side() -> None:
    both_run = Barrier(2)

    def work(item: str, alive: Alive) -> int:
        alive()
        both_run.wait(DEADLINE_S)
        return len(item)

    assert in_lanes(work, ["one", "three"], lanes=2) == [3, 5]


def test_one_lane_takes_one_clip_after_the_other() -> None:
    order = []

    def work(item: int, _: Alive) -> int:
        order.append(("begun", item))
        order.append(("done", item))
        return -item

    assert in_lanes(work, [1, 2, 3], lanes=1) == [-1, -2, -3]
    assert order == [(state, item) for item in (1, 2, 3) for state in ("begun", "done")]


def test_no_clips_are_no_work() -> None:
    assert in_lanes(lambda item, _: item, [], lanes=4) == []


def test_a_failure_ends_the_other_clips() -> None:
    second_runs, ended = Event(), Event()

    def work(item: str, alive: Alive) -> None:
        if item == "bad":
            second_runs.wait(DEADLINE_S)
            raise ValueError("bad")
        second_runs.set()
        try:
            while True:
                alive()
        finally:
            ended.set()

    with pytest.raises(ValueError, match="bad"):
        in_lanes(work, ["bad", "good", "waiting"], lanes=2)
    assert ended.is_set()
