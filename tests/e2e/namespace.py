"""A namespace of the cluster, through kubectl."""

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from tests.e2e.waiting import until

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

    def running_pod(self, workflow: str, step: str, within_s: float) -> Object:
        """The pod of a step, when its own container runs, and Argo knows.

        Its inputs are there by then.
        """

        def question() -> Object | None:
            for pod in self.pods(workflow):
                mine = pod["metadata"]["labels"].get("clipmill.dev/step") == step
                if mine and main_state(pod).get("running"):
                    tries = nodes(self.workflow(workflow), step)
                    if any(node["phase"] == "Running" for node in tries):
                        return pod
            return None

        found: Object = until(f"a running pod of {step} in {workflow}", question, within_s)
        return found

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
