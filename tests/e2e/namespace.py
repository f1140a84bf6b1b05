"""A namespace of the cluster, through kubectl."""

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from tests.e2e.waiting import SHORT_POLL_S, until

Object = dict[str, Any]


def tool(*words: str, stdin: str = "", check: bool = True) -> str:
    """Run kubectl or helm; what it printed."""
    done = subprocess.run(words, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not check, f"{' '.join(words)}: {done.stderr}{done.stdout}"
    return done.stdout


@dataclass(frozen=True)
class Namespace:
    """One namespace."""

    name: str

    def kubectl(self, *words: str, stdin: str = "", check: bool = True) -> str:
        return tool("kubectl", "--namespace", self.name, *words, stdin=stdin, check=check)

    def get(self, *words: str) -> Object:
        """An object, or a list of them."""
        found: Object = json.loads(self.kubectl("get", "--output", "json", *words))
        return found

    def apply(self, *objects: Object) -> None:
        for item in objects:
            self.kubectl("apply", "--filename", "-", stdin=json.dumps(item))

    def workflow(self, name: str) -> Object:
        return self.get("workflows.argoproj.io", name)

    def exists(self, workflow: str) -> bool:
        words = ("get", "workflows.argoproj.io", workflow, "--ignore-not-found")
        return bool(self.kubectl(*words))

    def phase(self, name: str) -> str:
        return str(self.workflow(name).get("status", {}).get("phase", ""))

    def ended(self, name: str, within_s: float) -> Object:
        """A workflow, when it has ended."""
        ends = ("Succeeded", "Failed", "Error")
        until(f"the end of {name}", lambda: self.phase(name) in ends, within_s)
        return self.workflow(name)

    def pods(self, workflow: str) -> list[Object]:
        selector = f"workflows.argoproj.io/workflow={workflow}"
        found: list[Object] = self.get("pods", "--selector", selector)["items"]
        return found

    def begun_pod(self, workflow: str, step: str, within_s: float) -> Object:
        """The pod of a step that has begun its work: its inputs are there by then."""

        def question() -> Object | None:
            for pod in self.pods(workflow):
                if pod["metadata"]["labels"].get("clipmill.dev/step") == step:
                    state = main_state(pod)
                    if "running" in state or "terminated" in state:
                        return pod
            return None

        what = f"the begin of {step} in {workflow}"
        found: Object = until(what, question, within_s, SHORT_POLL_S)
        return found

    def running_pod(self, workflow: str, step: str, within_s: float) -> Object:
        """The pod of a step that works for long, when Argo knows that it runs."""
        pod = self.begun_pod(workflow, step, within_s)

        def question() -> bool:
            return any(node["phase"] == "Running" for node in nodes(self.workflow(workflow), step))

        until(f"Argo's notice of {step} in {workflow}", question, within_s)
        return pod

    def log(self, pod: Object) -> str:
        return self.kubectl("logs", pod["metadata"]["name"], "--container", "main")


def main_state(pod: Object) -> Object:
    """The state of a pod's own container: running, waiting or terminated; empty before."""
    statuses = pod["status"].get("containerStatuses", [])
    return next((item["state"] for item in statuses if item["name"] == "main"), {})


def nodes(workflow: Object, step: str = "") -> list[Object]:
    """The tries of a workflow's steps, in order; of one step when it is named."""
    found = workflow.get("status", {}).get("nodes", {}).values()
    tries = [
        node
        for node in found
        if node["type"] == "Pod" and (not step or node["templateName"] == step)
    ]
    return sorted(tries, key=lambda node: (node["startedAt"], node["displayName"]))
