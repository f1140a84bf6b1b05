"""The checks of a cluster, against an API with the objects of each case."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.__main__ import main
from pipelines.doctor.cluster import cluster_checks
from pipelines.doctor.outcome import Outcome
from tests.pipelines.doctor.kubernetes_api import Cluster, Json, kubernetes_api
from tests.servers import BUCKET

KUBECONFIG = "kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION"
"""The client reads the variable when it is imported."""
SPACE = "/api/v1/namespaces/clips"
TEMPLATE = "/apis/argoproj.io/v1alpha1/namespaces/clips/workflowtemplates/clipmill"
ARTIFACTS = f"{SPACE}/configmaps/clipmill-artifacts"
PLACE = {"clipmill.dev/pool": "gpu"}
GPU = "nvidia.com/gpu"
SLICE = "nvidia.com/mig-1g.10gb"
TAINT = {"key": GPU, "value": "present", "effect": "NoSchedule"}


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    for name in ("ARGO_SERVER", "ARGO_TOKEN", "ARGO_NAMESPACE", "CLIPMILL_STORE"):
        monkeypatch.delenv(name, raising=False)
    with kubernetes_api(tmp_path, {}) as made:
        monkeypatch.setattr(KUBECONFIG, str(made.kubeconfig))
        yield made


def found(namespace: str = "clips") -> dict[str, Outcome]:
    outcomes = [one for check in cluster_checks(namespace) for one in check()]
    return {one.name: one for one in outcomes}


def step(limits: Json, **fields: Any) -> Json:
    container = {"resources": {"limits": {"cpu": "1", "memory": "1Gi", **limits}}}
    item = {"name": "detect", "container": container, "nodeSelector": PLACE, **fields}
    return {"metadata": {}, "spec": {"templates": [item]}}


def node(name: str, allocatable: Json, labels: Json = PLACE, **spec: Any) -> Json:
    return {
        "metadata": {"name": name, "labels": labels}, "spec": spec,
        "status": {"allocatable": {"cpu": "8", **allocatable}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "fields", "nodes", "ok", "said"),
    [
        ({}, {}, [], True, "no step requests a GPU"),
        ({"ephemeral-storage": "1Gi"}, {}, [], True, "no step requests a GPU"),
        ({GPU: "1"}, {}, [node("a", {GPU: "1"})], True, "a"),
        ({GPU: 1}, {}, [node("a", {GPU: "1"})], True, "a"),
        ({GPU: "2"}, {}, [node("a", {GPU: "1"})], False, "no node has clipmill.dev/pool=gpu and 2"),
        ({GPU: "1"}, {}, [node("a", {GPU: "1"}, {})], False, "no node has clipmill.dev/pool=gpu"),
        ({SLICE: "1"}, {}, [node("a", {GPU: "1"})], False, f"and 1 {SLICE}"),
        ({SLICE: "1"}, {}, [node("a", {SLICE: "7"})], True, "a"),
        ({GPU: "1", "vendor.io/x": "1"}, {}, [node("a", {GPU: "1"})], False, "1 vendor.io/x"),
        ({GPU: "1"}, {}, [node("a", {GPU: "1"}, unschedulable=True)], False, "a is cordoned"),
        ({GPU: "1"}, {}, [node("a", {GPU: "1"}, taints=[TAINT])], False,
         f"does not tolerate {GPU}=present:NoSchedule of a"),
        ({GPU: "1"}, {}, [node("a", {GPU: "1"}, taints=[TAINT]), node("b", {GPU: "1"})], True, "b"),
        ({GPU: "1"}, {}, [node("a", {GPU: "1"}, taints=[{**TAINT, "effect": "PreferNoSchedule"}])],
         True, "a"),
        ({GPU: "1"}, {"tolerations": [{"key": GPU, "operator": "Exists"}]},
         [node("a", {GPU: "1"}, taints=[TAINT])], True, "a"),
        ({GPU: "1"}, {"tolerations": [{"operator": "Exists"}]},
         [node("a", {GPU: "1"}, taints=[TAINT])], True, "a"),
        ({GPU: "1"}, {"tolerations": [TAINT]}, [node("a", {GPU: "1"}, taints=[TAINT])], True, "a"),
        ({GPU: "1"}, {"tolerations": [{**TAINT, "value": "other"}]},
         [node("a", {GPU: "1"}, taints=[TAINT])], False, "does not tolerate"),
        ({GPU: "1"}, {"tolerations": [{"key": GPU, "operator": "Exists", "effect": "NoExecute"}]},
         [node("a", {GPU: "1"}, taints=[TAINT])], False, "does not tolerate"),
    ],
)  # fmt: skip
def test_nodes_for_the_steps(
    cluster: Cluster, limits: Json, fields: Json, nodes: list[Json], ok: bool, said: str
) -> None:
    cluster.objects |= {TEMPLATE: step(limits, **fields), "/api/v1/nodes": {"items": nodes}}
    (one,) = [one for name, one in found().items() if name.startswith("gpu nodes")]
    assert one.ok == ok, one
    assert said in one.message
    assert bool(one.fix) != ok


def test_without_a_template_gpus_are_not_checked(cluster: Cluster) -> None:
    assert found()["gpu nodes"].message == "not checked: there is no template clipmill"


def test_rights_are_those_of_the_commands_token(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.tokens = {"Bearer mine"}
    assert found()["right to create workflows"].ok
    monkeypatch.setenv("ARGO_TOKEN", "Bearer theirs")
    one = found()["right to create workflows"]
    assert (one.ok, one.message) == (False, "not granted")
    cluster.tokens = {"Bearer theirs"}
    assert found()["right to create workflows"].ok
    others = {token for path, token in cluster.asked if "selfsubject" not in path}
    assert others == {"Bearer mine"}


def test_a_token_that_the_cluster_does_not_know(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGO_TOKEN", "nonsense")
    one = found()["rights"]
    assert (one.ok, one.message) == (False, "the cluster rejects ARGO_TOKEN")
    assert "kubectl -n clips create token clipmill-submitter" in one.fix


def test_a_token_of_the_single_sign_on_is_not_asked_about(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGO_TOKEN", "Bearer v2:abc")
    assert found()["rights"].message.startswith("not checked")


def artifacts(bucket: str) -> Json:
    store = {"s3": {"bucket": bucket, "endpoint": "minio:9000"}}
    return {"metadata": {"name": "clipmill-artifacts"}, "data": {"store": yaml.safe_dump(store)}}


@pytest.mark.parametrize(
    ("uri", "clusters", "said"),
    [
        ("my-bucket", "my-bucket", "'my-bucket' is not a bucket that the cluster can reach"),
        ("file:///tmp/x", "x", "is not a bucket that the cluster can reach"),
        ("s3://other", "clips", "s3://other is not the cluster's, which is s3://clips"),
        ("s3://clips/part", "clips", "s3://clips/part is not the cluster's"),
    ],
)
def test_a_bucket_that_is_not_the_clusters(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    uri: str, clusters: str, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLIPMILL_STORE", uri)
    cluster.objects[ARTIFACTS] = artifacts(clusters)
    one = found()["bucket"]
    assert not one.ok
    assert said in one.message
    assert one.fix.startswith("set CLIPMILL_STORE=s3://")


@pytest.mark.parametrize(
    ("answer", "said"),
    [(artifacts(BUCKET), "can be written"), (404, "can be written"),
     (403, "can be written; these credentials cannot see whether it is the cluster's")],
)  # fmt: skip
@pytest.mark.usefixtures("s3_environment")
def test_the_clusters_bucket_is_written(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, answer: Json | int, said: str
) -> None:
    monkeypatch.setenv("CLIPMILL_STORE", f"s3://{BUCKET}/")
    cluster.objects[ARTIFACTS] = answer
    one = found()["bucket"]
    assert (one.ok, one.message) == (True, f"s3://{BUCKET} {said}")


def test_an_artifact_repository_without_a_bucket(cluster: Cluster) -> None:
    broken = {"metadata": {"name": "clipmill-artifacts"}, "data": {"store": "s3: [bucket"}}
    cluster.objects[f"{SPACE}/configmaps"] = {"items": [broken]}
    one = found()["store of clipmill-artifacts"]
    assert (one.ok, one.message) == (False, "has no bucket")


def test_a_secret_with_an_empty_value(cluster: Cluster) -> None:
    cluster.objects[f"{SPACE}/serviceaccounts"] = {"items": []}
    name = "clipmill-executor.service-account-token"
    cluster.objects[f"{SPACE}/secrets/{name}"] = {"data": {"token": ""}}
    one = found()[f"secret {name}"]
    assert (one.ok, one.message) == (False, "has an empty value for token")


def test_the_namespace_is_the_one_that_the_commands_use(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "is not in the namespace default" in found("")["template clipmill"].message
    monkeypatch.setenv("ARGO_NAMESPACE", "clips")
    assert "is not in the namespace clips" in found("")["template clipmill"].message


@pytest.mark.parametrize(
    "text",
    ["a: [\nb: }", "- a\n", "text", "current-context: a\ncontexts:\n- 5\n", b"\xff\xfe",
     "current-context: a\nclusters: 5\ncontexts: {a: b}\n"],
)  # fmt: skip
def test_a_file_that_is_not_a_kubeconfig(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    text: str | bytes,
) -> None:  # fmt: skip
    file = tmp_path / "kubeconfig"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.setattr(KUBECONFIG, str(file))
    assert main(["doctor", "--cluster"]) == 80
    assert (
        capsys.readouterr().err
        == "error: the file in KUBECONFIG is not a kubeconfig: set another one\n"
    )
