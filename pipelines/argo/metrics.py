"""Metrics of jobs and steps, in the metrics endpoint of Argo's controller."""

from __future__ import annotations

from hera.workflows import Counter, Histogram, Label
from hera.workflows import models as m

from pipelines.dag import Task

STEP_BUCKETS_S: list[float | m.Amount] = [5.0, 15.0, 60.0, 180.0, 600.0, 1800.0, 3600.0]
JOB_BUCKETS_S: list[float | m.Amount] = [60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 21600.0]


Metric = Counter | Histogram


def of_step(task: Task) -> list[Metric]:
    """Durations and results of one step, and the number of clips made.

    Argo reports each try, so the results by status count tries: all but `Succeeded` are retries and
    final failures. A metric cannot use `{{retries}}`, which is only defined for the last try.

    A running controller keeps the first help and labels of a metric: change them only together with
    its name.
    """
    labels = [Label(key="step", value=task.name), Label(key="status", value="{{status}}")]
    found: list[Metric] = [
        Histogram(
            name="clipmill_step_duration_seconds",
            help="Seconds that a step took, its wait for a node included.",
            labels=labels,
            buckets=STEP_BUCKETS_S,
            value="{{duration}}",
        ),
        Counter(
            name="clipmill_step_tries_total",
            help="Tries of a step by how they ended.",
            labels=labels,
            value="1",
        ),
    ]
    if task.fan_out:
        found.append(
            Counter(
                name="clipmill_clips_total",
                help="Clips made.",
                when="{{status}} == Succeeded",
                value="1",
            )
        )
    return found


def of_job(template: str) -> list[Metric]:
    """Durations and results of whole jobs."""
    labels = [
        Label(key="pipeline", value=template),
        Label(key="status", value="{{workflow.status}}"),
    ]
    return [
        Histogram(
            name="clipmill_job_duration_seconds",
            help="Seconds from a job's start to its end.",
            labels=labels,
            buckets=JOB_BUCKETS_S,
            value="{{workflow.duration}}",
        ),
        Counter(
            name="clipmill_jobs_total", help="Jobs by how they ended.", labels=labels, value="1"
        ),
    ]
