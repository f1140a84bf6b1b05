"""The DAG's params: their order, their groups, and how many runs to expect."""

from __future__ import annotations

import argparse

from pipelines.dag import MAIN_PARAMS, clips_dag, detect_dag
from pipelines.job import add_job_options


def test_the_params_that_matter_most_come_first() -> None:
    assert tuple(clips_dag().params)[: len(MAIN_PARAMS)] == MAIN_PARAMS


def test_every_param_is_in_one_group() -> None:
    dag = clips_dag()
    grouped = [name for group in dag.param_groups.values() for name in group]
    declared = {name for task in dag.tasks for name in task.step.params.model_fields}
    assert sorted(grouped) == sorted(declared - {"clip"})
    assert "crf" in dag.param_groups["render"]


def test_what_a_dag_fills_in_is_no_option() -> None:
    assert {"clips", "lengths"}.isdisjoint(detect_dag().params)


def test_detection_looks_at_the_whole_source_where_no_range_is_named() -> None:
    dag = detect_dag()
    assert dag.params["at"].default == "0-end"
    assert clips_dag().params["at"].default == ""
    source = {"source": "a.mp4"}
    for name in ("download", "highlight"):
        assert dag.task_params(dag.task(name), source).at == "0-end"
        assert dag.task_params(dag.task(name), {**source, "at": "1-2"}).at == "1-2"


def test_a_fan_out_is_as_wide_as_the_job_asks_until_its_ids_are_known() -> None:
    dag = clips_dag()
    render = dag.task("render")
    assert dag.expected_runs(render, {}) == dag.params["clips"].default
    assert dag.expected_runs(render, {"clips": "7"}) == 7
    assert dag.expected_runs(render, {"clips": "7", "aspect": "4:5,1:1"}) == 14
    assert dag.expected_runs(dag.task("cut"), {"clips": "7"}) == 1


def test_a_short_form_gives_one_param_its_value() -> None:
    parser = argparse.ArgumentParser()
    add_job_options(parser, detect_dag(), lambda _: None)
    given = vars(parser.parse_args(["a.mp4", "--no-faces", "--no-poses"]))
    assert (given["detector"], given["pose"]) == ("off", "off")
    assert "detector" not in vars(parser.parse_args(["a.mp4"]))
