"""What `make e2e` is told of the cluster by the environment; docs in README.md beside it."""

import os
import shlex
import subprocess
from dataclasses import dataclass

OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"
"""The taint of a node that is not coming back."""


def _first(*names: str) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


@dataclass(frozen=True)
class Surroundings:
    """A cluster with Argo, and this machine beside it.

    Attributes:
        kubeconfig: of the cluster; empty for none.
        argo_server: address of the Argo Server.
        host: an address of this machine that pods reach.
        registry: where images are pushed to, and pulled from by the nodes.
        base: image that the images are built on; empty for the Containerfiles' own.
        tag: of images that are in the registry already; empty to build them.
        metrics: address of the controller's metrics.
        control: command that breaks and repairs the cluster (`kill DAEMON`, `up`, `gpus N`).
    """

    kubeconfig: str
    argo_server: str
    host: str
    registry: str
    base: str
    tag: str
    metrics: str
    control: str

    @classmethod
    def of_environment(cls) -> "Surroundings":
        return cls(
            kubeconfig=_first("KUBECONFIG"),
            argo_server=_first("ARGO_SERVER", "ARGO_SERVER_URL"),
            host=_first("E2E_HOST", "CLUSTER_HOST_IP"),
            registry=_first("E2E_REGISTRY", "CLUSTER_REGISTRY"),
            base=_first("E2E_BASE"),
            tag=_first("E2E_TAG"),
            metrics=_first("E2E_METRICS"),
            control=_first("E2E_CONTROL"),
        )

    def missing(self) -> str:
        """What is not known and needed; empty when all is."""
        needed = {
            "KUBECONFIG": self.kubeconfig,
            "ARGO_SERVER": self.argo_server,
            "E2E_HOST": self.host,
            "E2E_REGISTRY": self.registry,
        }
        return ", ".join(name for name, value in needed.items() if not value)

    def cluster(self, *words: str) -> None:
        """Break or repair the cluster."""
        subprocess.run([*shlex.split(self.control), *words], check=True, capture_output=True)
