"""Progress: the forecast, the lines in a pipe, and what stays on a terminal."""

from __future__ import annotations

import pytest

from pipelines.cli.progress import Forecast, Lines, _duration
from steps.contract.receipt import Failure


def test_the_share_is_of_the_work_and_not_of_the_steps() -> None:
    forecast = Forecast(
        {"quick": 1.0, "slow": 8.0, "last": 1.0}, {"quick": 1, "slow": 1, "last": 1}
    )
    forecast.note("quick", 1.0)
    assert forecast.share == pytest.approx(0.1)
    forecast.note("slow", 0.5)
    assert forecast.share == pytest.approx(0.5)
    assert forecast.left_s(20.0) == pytest.approx(20.0)
    forecast.note("slow", 1.0)
    forecast.note("last", 1.0)
    assert forecast.share == 1.0
    assert forecast.left_s(40.0) == 0.0


def test_a_fan_out_costs_once_per_clip() -> None:
    forecast = Forecast({"plan": 2.0, "render": 4.0}, {"plan": 1, "render": 2})
    forecast.note("plan", 1.0)
    forecast.note("render-clip_01", 0.5)
    assert forecast.share == pytest.approx(0.4)


def test_work_from_the_cache_counts_neither_as_done_nor_as_left() -> None:
    forecast = Forecast({"first": 90.0, "last": 10.0}, {"first": 1, "last": 1})
    forecast.note("first", 1.0, cached=True)
    assert forecast.share == 0.0
    assert forecast.left_s(60.0) is None
    forecast.note("last", 0.5)
    assert forecast.share == pytest.approx(0.5)


def test_an_early_forecast_would_be_a_guess() -> None:
    forecast = Forecast({"only": 1.0}, {"only": 1})
    forecast.note("only", 0.04)
    assert forecast.left_s(100.0) is None
    forecast.note("only", 0.5)
    assert forecast.left_s(1.0) is None
    assert forecast.left_s(10.0) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "5 s"), (12, "10 s"), (52, "50 s"), (58, "1 min"), (150, "2 min"), (4800, "1 h 20 min")],
)
def test_a_forecast_is_no_more_precise_than_it_can_be(seconds: float, text: str) -> None:
    assert _duration(seconds) == text


def test_a_pipe_gets_one_line_for_each_finished_run(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for name in ("download", "render-clip_01", "render-clip_02"):
        lines.started(name)
        lines.progressed(name, 50)
    lines.finished("download", cached=True)
    lines.finished("render-clip_01", cached=False)
    lines.failed("render-clip_02", Failure(exit_code=82, error="OverLimit", message="too long"))
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "download: 0.0 s from the cache",
        "render-clip_01: 0.0 s",
        "render-clip_02: failed after 0.0 s",
    ]
