"""The check of the workflow-controller: what is evidence that one runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config

from pipelines.doctor.argo import controller
from pipelines.doctor.outcome import Outcome
from tests.pipelines.doctor.kubernetes_api import Json, kubernetes_api

DEPLOYMENTS = "/apis/apps/v1/deployments"
LEASES = "/apis/coordination.k8s.io/v1/leases"
IN_ARGO = "/apis/apps/v1/namespaces/argo/deployments"
LEASES_IN_ARGO = "/apis/coordination.k8s.io/v1/namespaces/argo/leases"
JOBS = "/apis/argoproj.io/v1alpha1/namespaces/clips/workflows"


def moment(seconds_ago: float) -> str:
    then = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    return then.isoformat(timespec="microseconds").replace("+00:00", "Z")


def items(*objects: Json) -> Json:
    return {"metadata": {}, "items": list(objects)}


def deployment(ready: int | None, name: str = "workflow-controller") -> Json:
    status = {} if ready is None else {"readyReplicas": ready}
    spec: Json = {"selector": {}, "template": {}}
    return {"metadata": {"namespace": "argo", "name": name}, "spec": spec, "status": status}


def lease(seconds_ago: float | None) -> Json:
    spec = {} if seconds_ago is None else {"renewTime": moment(seconds_ago)}
    return {"metadata": {"namespace": "argo", "name": "workflow-controller"}, "spec": spec}


def job(seconds_ago: float, **status: Any) -> Json:
    created = moment(seconds_ago).partition(".")[0] + "Z"
    return {"metadata": {"name": "talk", "creationTimestamp": created}, "status": status}


NONE: Json = {DEPLOYMENTS: items(), LEASES: items(), JOBS: items()}


def cases() -> dict[str, tuple[Json, bool, str]]:
    """What the cluster has, the verdict and its message; times count from this call."""
    return {
        "ready": ({DEPLOYMENTS: items(deployment(1))}, True, "argo/workflow-controller is ready"),
        "ready, of the Helm chart": (
            {DEPLOYMENTS: items(deployment(2, "argo-workflows-workflow-controller"))},
            True, "argo/argo-workflows-workflow-controller is ready"),
        "no ready pod": ({DEPLOYMENTS: items(deployment(0))}, False, "has no ready pod"),
        "no pod": ({DEPLOYMENTS: items(deployment(None))}, False, "has no ready pod"),
        "another deployment": ({DEPLOYMENTS: items(deployment(1, "coredns"))}, True, "not visible"),
        "a lease": ({LEASES: items(lease(3))}, True, "it holds the lease argo/workflow-controller"),
        "an old lease": ({LEASES: items(lease(3600))}, False, "was last renewed "),
        "a lease of nobody": ({LEASES: items(lease(None))}, False, "nobody holds the lease"),
        "nothing": ({}, True, "not visible: it has no Deployment and no Lease, and no job waits"),
        "only the namespace argo": (
            {DEPLOYMENTS: 403, LEASES: 403, IN_ARGO: items(deployment(1)), LEASES_IN_ARGO: 403},
            True, "argo/workflow-controller is ready"),
        "no rights": (
            {DEPLOYMENTS: 403, LEASES: 403, IN_ARGO: 403, LEASES_IN_ARGO: 403, JOBS: 403},
            True, "not checked: these credentials cannot list Deployments and Leases"),
        "a job that waits": (
            {JOBS: items(job(3600)), DEPLOYMENTS: items(deployment(1))},
            False, "no controller has handled the job talk"),
        "jobs that wait": (
            {JOBS: items(job(3600), job(3600))}, False, "has handled the job talk and 1 more"),
        "a new job": ({JOBS: items(job(5))}, True, "not visible"),
        "a waiting job": ({JOBS: items(job(3600, phase="Pending"))}, True, "not visible"),
    }  # fmt: skip


@pytest.mark.parametrize("case", sorted(cases()))
def test_what_is_evidence_of_a_controller(case: str, tmp_path: Path) -> None:
    objects, ok, message = cases()[case]
    with kubernetes_api(tmp_path, NONE | objects) as cluster:
        config.load_kube_config(str(cluster.kubeconfig))
        (outcome,) = controller(client.ApiClient(), "clips")
    assert isinstance(outcome, Outcome)
    assert (outcome.name, outcome.ok) == ("workflow-controller", ok), outcome
    assert message in outcome.message
    assert bool(outcome.fix) != ok
