"""The Argo Server's REST API, through Hera where it is sound and directly where it is not.

Hera 7.1 has no timeouts, cannot read logs of more than one line, and answers a busy server with an
error that has no status; so the session is ours, and logs are streamed here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from hera import exceptions
from hera.workflows import WorkflowsService
from hera.workflows import models as m
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from steps.contract.errors import BadInput, Refused, StepError, Transient, one_line

SERVER_VARIABLE = "ARGO_SERVER"
TOKEN_VARIABLE = "ARGO_TOKEN"
NAMESPACE_VARIABLE = "ARGO_NAMESPACE"
CA_VARIABLE = "ARGO_CA_FILE"
TIMEOUT_S = 30.0
FOLLOW_TIMEOUT_S = 3600.0


class AlreadyThere(Refused):
    """A workflow of that name exists."""


class NoSuchJob(Refused):
    """There is no workflow of that name."""


class _Session(requests.Session):
    """A session that never waits for ever, and tries a busy server again."""

    def __init__(self) -> None:
        super().__init__()
        again = Retry(
            total=4,
            backoff_factor=0.5,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=("GET", "PUT"),
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(max_retries=again))

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """As requests does it, with a timeout."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = TIMEOUT_S
        return super().request(*args, **kwargs)


@dataclass(frozen=True)
class Server:
    """One namespace of one Argo Server.

    Attributes:
        url: with its scheme, without a path behind the host unless the server has a base path.
        token: a service account's; empty where the server wants none.
        namespace: of the workflows.
        ca_file: certificate authorities for a server with its own; empty for the system's.
    """

    url: str
    token: str
    namespace: str
    ca_file: str = ""

    @classmethod
    def from_environment(cls, url: str = "", namespace: str = "") -> Server:
        """The server that options or the environment name.

        Raises:
            BadInput: no server is named, or not with a scheme.
        """
        where = url or os.environ.get(SERVER_VARIABLE, "")
        if not where:
            raise BadInput(
                f"no Argo Server is named: set {SERVER_VARIABLE}=https://HOST and {TOKEN_VARIABLE}"
            )
        if "://" not in where:
            where = f"https://{where}"
        return cls(
            url=where.rstrip("/"),
            token=os.environ.get(TOKEN_VARIABLE, "").strip(),
            namespace=namespace or os.environ.get(NAMESPACE_VARIABLE, "") or "default",
            ca_file=os.environ.get(CA_VARIABLE, ""),
        )

    def create(self, workflow: m.Workflow) -> m.Workflow:
        """Create a workflow.

        Raises:
            AlreadyThere: one of that name exists.
            StepError: as every method: the leaf that fits the server's answer.
        """
        request = m.WorkflowCreateRequest(workflow=workflow)
        with self._service() as service:
            made: m.Workflow = service.create_workflow(request, namespace=self.namespace)
        return made

    def get(self, name: str) -> m.Workflow:
        """A workflow with its status; from the archive when it is no longer live.

        Raises:
            NoSuchJob: there is none of that name.
        """
        with self._service() as service:
            found: m.Workflow = service.get_workflow(_checked(name), namespace=self.namespace)
        return found

    def list(self, selector: str, limit: int) -> list[m.Workflow]:
        """The newest workflows that a label selector matches, without their nodes."""
        fields = "items.metadata,items.spec.arguments,items.spec.shutdown,"
        fields += ",".join(
            f"items.status.{name}"
            for name in ("phase", "message", "progress", "startedAt", "finishedAt", "conditions")
        )
        with self._service() as service:
            found = service.list_workflows(
                namespace=self.namespace,
                label_selector=selector,
                limit=str(limit),
                fields=fields,
            )
        return list(found.items or [])

    def stop(self, name: str, message: str) -> None:
        """End a workflow; its exit hook still runs (of `terminate` it would not)."""
        request = m.WorkflowStopRequest(message=message)
        with self._service() as service:
            service.stop_workflow(_checked(name), request, namespace=self.namespace)

    def retry(self, name: str, parameters: Mapping[str, str]) -> None:
        """Run the failed tasks of a workflow again; what succeeded is kept."""
        request = m.WorkflowRetryRequest(
            parameters=[f"{key}={value}" for key, value in parameters.items()] or None
        )
        with self._service() as service:
            service.retry_workflow(_checked(name), request, namespace=self.namespace)

    def template(self, name: str) -> m.WorkflowTemplate:
        """An installed WorkflowTemplate."""
        with self._service() as service:
            found: m.WorkflowTemplate = service.get_workflow_template(
                name, namespace=self.namespace
            )
        return found

    def logs(self, name: str, *, follow: bool) -> Iterator[tuple[str, str]]:
        """The lines of all steps' containers: pod name and line."""
        options = {"logOptions.container": "main", "logOptions.follow": str(follow).lower()}
        with self._answers(), _Session() as session:
            answer = session.get(
                f"{self.url}/api/v1/workflows/{self.namespace}/{_checked(name)}/log",
                params=options,
                headers={"Authorization": self._authorization()},
                verify=self.ca_file or True,
                stream=True,
                timeout=(TIMEOUT_S, FOLLOW_TIMEOUT_S if follow else TIMEOUT_S),
            )
            if not answer.ok:
                raise exceptions.exception_from_server_response(answer)
            for line in answer.iter_lines():
                if line:
                    entry = json.loads(line.removeprefix(b"data: ")).get("result", {})
                    yield entry.get("podName", ""), entry.get("content", "")

    def _authorization(self) -> str:
        token = self.token.removeprefix("Bearer ").strip()
        return f"Bearer {token}" if token else ""

    @contextmanager
    def _service(self) -> Iterator[WorkflowsService]:
        with self._answers(), _Session() as session:
            yield WorkflowsService(
                host=self.url,
                verify_ssl=self.ca_file or True,  # type: ignore[arg-type]  # requests takes a path
                token=self._authorization(),
                namespace=self.namespace,
                session=session,
            )

    @contextmanager
    def _answers(self) -> Iterator[None]:
        """Turn what Hera and requests raise into leaves."""
        try:
            yield
        except exceptions.HeraException as error:
            raise self._leaf(error) from error
        except requests.exceptions.SSLError as error:
            raise BadInput(
                f"{self.url} has a certificate that is not trusted: set {CA_VARIABLE}"
            ) from error
        except requests.exceptions.RequestException as error:
            raise Transient(f"the Argo Server at {self.url} cannot be reached") from error

    def _leaf(self, error: exceptions.HeraException) -> StepError:
        said = one_line(str(error))
        match error:
            case exceptions.AlreadyExists():
                return AlreadyThere(f"a workflow of that name is there already: {said}")
            case exceptions.NotFound():
                return NoSuchJob(f"not found in the namespace {self.namespace}: {said}")
            case exceptions.Unauthorized() | exceptions.Forbidden():
                return Refused(f"the Argo Server refused the token: {said}: check {TOKEN_VARIABLE}")
            case exceptions.BadRequest():
                return BadInput(f"the Argo Server refused the request: {said}")
            case _:
                return Transient(f"the Argo Server failed: {said}")


def _checked(name: str) -> str:
    """A name that is safe in a path: a DNS label."""
    if not name.replace("-", "").replace(".", "").isalnum():
        raise BadInput(f"{name!r} is no job id: letters, digits and dashes")
    return name
