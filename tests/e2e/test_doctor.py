"""`clipmill doctor --cluster`: all is well after the install; each broken part gets its remedy."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.namespace import tool
from tests.e2e.release import CHART, Release, install
from tests.e2e.surroundings import Surroundings
from tests.servers import READER, S3Server
from tests.steps.notify.receiver import Receiver

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

Checks = dict[str, dict[str, str]]


def checked(release: Release, **environment: str) -> tuple[int, Checks]:
    """Exit code and the checks by their names."""
    own = {**release.environment, **environment}
    other = Release(release.namespace, release.store, release.receiver, own, release.home)
    said = other.clipmill("doctor", "--cluster", "--json")
    assert said.out, said.err
    return said.code, {one["name"]: one for one in json.loads(said.out)["checks"]}


@pytest.fixture(scope="module")
def scratch(
    surroundings: Surroundings, bucket: S3Server, callback: Receiver, work: Path
) -> Iterator[Release]:
    """The chart in a namespace that may be broken; no job runs there, so no image is needed."""
    with install("clipmill-e2e-doctor", surroundings, "none", bucket, callback, work) as made:
        yield made


def test_all_is_well_after_the_install(release: Release) -> None:
    code, checks = checked(release)
    assert {name: one["message"] for name, one in checks.items() if not one["ok"]} == {}
    assert code == 0
    assert checks["argo server"]["message"].startswith("v4.")
    assert checks["bucket"]["message"].endswith("can be written")
    assert set(checks) >= {
        "kubernetes", "argo", "workflow-controller",
        "template clipmill", "template clipmill-detect",
        "right to create workflows", "right to get pods/log", "service account clipmill-steps",
        "secret clipmill-executor.service-account-token", "configuration clipmill-artifacts",
        "configuration clipmill-limits", "secret clipmill-store", "secret clipmill-webhook",
        "gpu nodes",
    }  # fmt: skip
    assert not [name for name, one in checks.items() if "not checked" in one["message"]]


def test_for_a_person(release: Release) -> None:
    said = release.clipmill("doctor", "--cluster")
    assert said.code == 0
    assert all(line.startswith("ok    ") for line in said.out.splitlines())


def test_the_submitters_own_rights_are_enough(
    release: Release, tmp_path: Path, surroundings: Surroundings
) -> None:
    config = tmp_path / "kubeconfig"
    words = ("config", "--kubeconfig", str(config))
    admin = json.loads(tool("kubectl", "config", "view", "--raw", "--minify", "--output", "json"))
    config.write_text(json.dumps({**admin, "users": []}))
    token = release.environment["ARGO_TOKEN"]
    tool("kubectl", *words, "set-credentials", "submitter", f"--token={token}")
    tool("kubectl", *words, "set-context", "--current", "--user=submitter")
    code, checks = checked(release, KUBECONFIG=str(config))
    assert {name: one["message"] for name, one in checks.items() if not one["ok"]} == {}
    assert code == 0
    assert "lack the right" in checks["accounts"]["message"]
    code, checks = checked(release, KUBECONFIG=str(config), ARGO_NAMESPACE="default")
    assert code == 80
    assert not checks["right to create workflows"]["ok"]
    assert "bind the role clipmill-submitter in default" in (
        checks["right to create workflows"]["fix"])  # fmt: skip


@pytest.fixture
def with_gpus(scratch: Release) -> Iterator[Release]:
    """The chart, to be upgraded and set back."""
    yield scratch
    tool("helm", "rollback", "clipmill", "1", "--namespace", scratch.namespace.name)


def test_gpus_that_no_node_has(with_gpus: Release) -> None:
    space = with_gpus.namespace
    pool = ("--set", "pools.gpu.enabled=true", "--set", "engines.detector=yolo")
    values = ("--reuse-values", *pool, "--namespace", space.name)
    tool("helm", "upgrade", "clipmill", str(CHART), *values)
    code, checks = checked(with_gpus)
    gpus = {name: one for name, one in checks.items() if name.startswith("gpu nodes")}
    assert gpus
    assert all(one["ok"] for one in gpus.values()), gpus
    where = "pools.gpu.nodeSelector.clipmill\\.dev/pool=moon"
    tool("helm", "upgrade", "clipmill", str(CHART), *values, "--set", where)
    code, checks = checked(with_gpus)
    assert code == 80
    one = checks["gpu nodes for detect"]
    assert one["message"] == "no node has clipmill.dev/pool=moon and 1 nvidia.com/gpu"
    assert one["fix"].startswith("label nodes with clipmill.dev/pool=moon")


def test_each_broken_part_gets_its_remedy(scratch: Release) -> None:
    space = scratch.namespace
    for words in (
        ("delete", "workflowtemplate", "clipmill-detect"),
        ("label", "workflowtemplate", "clipmill", "app.kubernetes.io/version=0.0.1", "--overwrite"),
        ("delete", "serviceaccount", "clipmill-steps"),
        ("delete", "secret", "clipmill-executor.service-account-token"),
        ("delete", "secret", "clipmill-webhook"),
        ("patch", "secret", "clipmill-store", "--patch", '{"data":{"secret-key":null}}'),
        ("patch", "configmap", "clipmill-limits", "--patch", '{"data":{"jobs":null}}'),
        ("delete", "configmap", "clipmill-artifacts"),
    ):
        space.kubectl(*words)
    code, checks = checked(
        scratch, ARGO_TOKEN="nonsense", AWS_ACCESS_KEY_ID=READER[0],
        AWS_SECRET_ACCESS_KEY=READER[1],
    )  # fmt: skip
    assert code == 80
    broken = {name: (one["message"], one["fix"]) for name, one in checks.items() if not one["ok"]}
    again = f"helm upgrade --install clipmill charts/clipmill -n {space.name} -f VALUES"
    secret = f"kubectl -n {space.name} create secret generic"
    bucket = broken.pop("bucket")
    assert "bucket's policy" in bucket[1]
    for name in ("argo server", "rights"):
        assert f"kubectl -n {space.name} create token clipmill-submitter" in broken.pop(name)[1]
    assert broken == {
        "template clipmill": ("has version 0.0.1, but this is 0.1.0", again),
        "template clipmill-detect": (f"is not in the namespace {space.name}", again),
        "service account clipmill-steps": ("is missing", again),
        "secret clipmill-executor.service-account-token": ("is missing", again),
        "configuration clipmill-artifacts": ("is missing", again),
        "configuration clipmill-limits": ("has no key jobs", again),
        "secret clipmill-store": (
            "has no key secret-key",
            f"{secret} clipmill-store --from-literal=access-key=... --from-literal=secret-key=...",
        ),
        "secret clipmill-webhook": (
            "is missing", f"{secret} clipmill-webhook --from-literal=secret=..."),
    }  # fmt: skip


def test_no_cluster_at_all(release: Release, tmp_path: Path) -> None:
    said = Release(
        release.namespace, release.store, release.receiver,
        {**release.environment, "KUBECONFIG": str(tmp_path / "none")}, release.home,
    ).clipmill("doctor", "--cluster")  # fmt: skip
    assert (said.code, "set KUBECONFIG" in said.errors[0]) == (80, True)
