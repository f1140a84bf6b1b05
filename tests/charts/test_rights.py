"""The rights of the accounts, and the hosts that the pods of steps may connect to."""

from pathlib import Path

import pytest

from tests.charts.helm import IN_CLUSTER, STEPS, Manifest, Values, named, needs_helm, rendered

POD_IDENTITY = "169.254.170.23/32"


@needs_helm
def test_rights(tmp_path: Path) -> None:
    objects = rendered(tmp_path)
    roles = {item["metadata"]["name"]: item for item in objects if item["kind"] == "Role"}
    assert set(roles) == {"clipmill-executor", "clipmill-submitter", "clipmill-viewer"}
    assert roles["clipmill-executor"]["rules"] == [
        {"apiGroups": ["argoproj.io"], "resources": ["workflowtaskresults"],
         "verbs": ["create", "patch"]}
    ]  # fmt: skip
    rules = roles["clipmill-submitter"]["rules"]
    assert not {"secrets", "*"} & {name for rule in rules for name in rule["resources"]}
    assert "*" not in {verb for rule in rules for verb in rule["verbs"]}
    viewer = roles["clipmill-viewer"]["rules"]
    assert {verb for rule in viewer for verb in rule["verbs"]} == {"get", "list", "watch"}
    (secrets,) = [rule for rule in viewer if "secrets" in rule["resources"]]
    assert (secrets["resourceNames"], secrets["verbs"]) == (["clipmill-store"], ["get"])
    bound = {item["subjects"][0]["name"] for item in objects if item["kind"] == "RoleBinding"}
    assert "clipmill-steps" not in bound


def egress(objects: list[Manifest], name: str) -> list[Manifest]:
    """The egress rules that hold for a step's pods."""
    found = []
    for policy in (item for item in objects if item["kind"] == "NetworkPolicy"):
        (term,) = policy["spec"]["podSelector"]["matchExpressions"]
        if term["operator"] == "Exists" or name in term["values"]:
            found += policy["spec"]["egress"]
    return found


def reached(objects: list[Manifest], name: str) -> set[int]:
    """All ports of a step's egress rules."""
    return {port["port"] for rule in egress(objects, name) for port in rule.get("ports", [])}


def addresses(objects: list[Manifest], name: str) -> set[str]:
    """All address blocks of a step's egress rules."""
    peers = [peer for rule in egress(objects, name) for peer in rule.get("to", [])]
    return {peer["ipBlock"]["cidr"] for peer in peers if "ipBlock" in peer}


@needs_helm
@pytest.mark.parametrize("name", STEPS)
def test_the_network_policy_does_not_break_outputs(name: str, tmp_path: Path) -> None:
    """Every pod reaches DNS, the API server and the store; its executor needs all three."""
    assert {53, 443, 6443} <= reached(rendered(tmp_path), name)
    inside = reached(rendered(tmp_path, IN_CLUSTER), name)
    assert {53, 443, 6443, 8333} <= inside
    assert (80 in inside) is (name in ("download", "notify"))


@needs_helm
@pytest.mark.parametrize(
    ("values", "port"),
    [
        ({"storage": {"endpoint": "minio.minio.svc", "insecure": True}}, 80),
        ({"storage": {"endpoint": "minio.minio.svc:80", "insecure": True},
          "networkPolicy": {"storePorts": [9000]}}, 9000),
    ],
)  # fmt: skip
def test_a_store_behind_a_service_is_reached(values: Values, port: int, tmp_path: Path) -> None:
    objects = rendered(tmp_path, values)
    assert port in reached(objects, "cut")
    assert "10.0.0.0/8" in addresses(objects, "cut")
    assert "0.0.0.0/0" not in addresses(objects, "cut")


@needs_helm
def test_only_download_and_notify_reach_private_hosts(tmp_path: Path) -> None:
    objects = rendered(tmp_path, {"allowPrivateHosts": True})
    anywhere = {
        name for name in STEPS if any("ports" not in rule for rule in egress(objects, name))
    }
    assert anywhere == {"download", "notify"}


@needs_helm
def test_pods_without_keys_reach_the_agent_of_pod_identity(tmp_path: Path) -> None:
    own = rendered(tmp_path, {"storage": {"existingSecret": ""}})
    assert POD_IDENTITY in addresses(own, "cut")
    assert POD_IDENTITY not in addresses(rendered(tmp_path), "cut")


@needs_helm
def test_nothing_may_connect_to_steps(tmp_path: Path) -> None:
    policy = named(rendered(tmp_path), "NetworkPolicy", "clipmill-steps")["spec"]
    assert "Ingress" in policy["policyTypes"]
    assert "ingress" not in policy
