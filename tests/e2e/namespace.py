"""A namespace of the cluster, through kubectl."""

import json
import subprocess
import threading
import time
from collections.abc import Callable
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

    def watched(
        self, what: str, question: Callable[[list[str]], Any], within_s: float, *words: str
    ) -> Any:
        """Watch objects until the answer about one is true, and return it.

        One process waits all the time: to ask again and again took a tenth of a core.

        Args:
            what: is waited for.
            question: gets an object's line, split at blanks; a new object may have none yet.
            within_s: time to wait.
            words: of `kubectl get`, with an output of one line for each object.
        """
        deadline = time.monotonic() + within_s
        argv = ["kubectl", "--namespace", self.name, "get", "--watch", *words]
        while (left_s := deadline - time.monotonic()) > 0:
            with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
                timer = threading.Timer(left_s, process.kill)
                timer.start()
                try:
                    assert process.stdout is not None
                    for line in process.stdout:
                        found = line.split()
                        if found and (answer := question(found)):
                            return answer
                finally:
                    timer.cancel()
                    process.kill()
            assert process.returncode <= 0, f"{what}: kubectl ended with {process.returncode}"
        there = self.kubectl("get", "workflows.argoproj.io,pods", check=False)
        raise AssertionError(f"{what}: not within {within_s:.0f} s\n{there}")

    def ended(self, name: str, within_s: float, after: str = "") -> Object:
        """A workflow, when it has ended, at another time than `after`."""

        def question(words: list[str]) -> bool:
            return words[0] in ("Succeeded", "Failed", "Error") and words[1:] != [after]

        output = 'jsonpath={.status.phase} {.status.finishedAt}{"\\n"}'
        kind = "workflows.argoproj.io"
        self.watched(f"the end of {name}", question, within_s, kind, name, "--output", output)
        return self.workflow(name)

    def pods(self, workflow: str) -> list[Object]:
        selector = f"workflows.argoproj.io/workflow={workflow}"
        found: list[Object] = self.get("pods", "--selector", selector)["items"]
        return found

    def begun_pod(self, workflow: str, step: str, within_s: float) -> Object:
        """The pod of a step that has begun its work: its inputs are there by then."""

        def question(words: list[str]) -> str:
            begun = any(state in " ".join(words[1:]) for state in ("running", "terminated"))
            return words[0] if begun else ""

        which = f"workflows.argoproj.io/workflow={workflow},clipmill.dev/step={step}"
        state = '{.status.containerStatuses[?(@.name=="main")].state}'
        output = f'jsonpath={{.metadata.name}} {state}{{"\\n"}}'
        words = ("pods", "--selector", which, "--output", output)
        return self.get("pod", self.watched(f"the begin of {step}", question, within_s, *words))

    def running_pod(self, workflow: str, step: str, within_s: float) -> Object:
        """The pod of a step that works for long, when Argo knows that it runs."""
        pod = self.begun_pod(workflow, step, within_s)

        def question() -> bool:
            return any(node["phase"] == "Running" for node in nodes(self.workflow(workflow), step))

        until(f"Argo's notice of {step} in {workflow}", question, within_s)
        return pod

    def stop_came_early(self, workflow: str, step: str) -> None:
        """Give an ended workflow the state in which a stop leaves a busy controller's.

        The step's pod has succeeded, and the node of its tries still runs.
        """
        ended = self.workflow(workflow)["status"]["nodes"].items()
        phases = {"Retry": "Running", "Pod": "Succeeded"}
        changed = {
            key: {"phase": phases[node["type"]]}
            for key, node in ended
            if node["templateName"] == step and node["type"] in phases
        }
        assert len(changed) >= len(phases), changed
        patch = json.dumps({"status": {"nodes": changed}})
        self.kubectl("patch", "workflows.argoproj.io", workflow, "--type=merge", "--patch", patch)

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
