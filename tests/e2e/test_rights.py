"""What a step may do besides its work: nothing."""

import json

import pytest

from tests.e2e.release import Release
from tests.e2e.tiny import tiny

pytestmark = pytest.mark.e2e

LOOK = """
import glob, json, os, ssl, urllib.error, urllib.request

def answer(path):
    url = f"https://kubernetes.default.svc/api/v1/namespaces/{path}"
    unchecked = ssl._create_unverified_context()
    try:
        return urllib.request.urlopen(url, timeout=20, context=unchecked).status
    except urllib.error.HTTPError as error:
        return error.code

def refusal(path):
    try:
        open(path, "w").close()
    except OSError as error:
        return error.errno
    return 0

status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
print(json.dumps({
    "user": os.getuid(),
    "group": os.getgid(),
    "capabilities": int(status["CapEff"], 16),
    "no_new_privileges": int(status["NoNewPrivs"]),
    "root": refusal("/file"),
    "code": refusal("/opt/code/steps/file"),
    "job": refusal("/job/file"),
    "tokens": glob.glob("/var/run/secrets/kubernetes.io/*/token"),
    "pods": answer("NAMESPACE/pods"),
    "secrets": answer("NAMESPACE/secrets"),
}))
"""
READ_ONLY = 30


def test_a_step_is_not_root_and_sees_nothing_of_the_cluster(release: Release) -> None:
    namespace = release.namespace
    tiny(namespace, "rights", LOOK.replace("NAMESPACE", namespace.name))
    assert namespace.ended("rights", 240)["status"]["phase"] == "Succeeded"
    (pod,) = namespace.pods("rights")
    lines = namespace.log(pod).splitlines()
    seen = json.loads(next(line for line in lines if line.startswith("{")))
    assert seen.pop("pods") in (401, 403)
    assert seen.pop("secrets") in (401, 403)
    assert seen == {
        "user": 10001,
        "group": 10001,
        "capabilities": 0,
        "no_new_privileges": 1,
        "root": READ_ONLY,
        "code": READ_ONLY,
        "job": 0,
        "tokens": [],
    }


@pytest.mark.parametrize(
    ("account", "may"),
    [
        ("clipmill-steps", set()),
        ("clipmill-executor", {"create workflowtaskresults.argoproj.io"}),
        ("clipmill-submitter", {"list pods", "create workflows.argoproj.io", "delete pods"}),
    ],
)
def test_an_account_may_do_what_it_needs(release: Release, account: str, may: set[str]) -> None:
    namespace = release.namespace
    user = f"--as=system:serviceaccount:{namespace.name}:{account}"
    asked = (
        "list pods",
        "delete pods",
        "create pods",
        "list secrets",
        "get configmaps",
        "create workflows.argoproj.io",
        "delete workflows.argoproj.io",
        "create workflowtaskresults.argoproj.io",
        "update workflowtemplates.argoproj.io",
    )
    allowed = {
        words
        for words in asked
        if namespace.kubectl("auth", "can-i", *words.split(), user, check=False).strip() == "yes"
    }
    assert allowed == may
