"""The Argo Server's REST API, through Hera where it is sound and directly where it is not.

Hera 7.1 has no timeouts, cannot read logs of more than one line, and answers a busy server with an
error that has no status; so the session is ours, and logs are streamed here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from hera import exceptions
from hera.workflows import WorkflowsService
from hera.workflows import models as m
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from pipelines.argo.answers import (
    CA_VARIABLE,
    SERVER_VARIABLE,
    TOKEN_VARIABLE,
    NoSuchJob,
    answers,
)
from steps.contract.errors import BadInput, Refused, StepError, Transient, one_line

NAMESPACE_VARIABLE = "ARGO_NAMESPACE"
SECURE_VARIABLE = "ARGO_SECURE"
SKIP_VERIFY_VARIABLE = "ARGO_INSECURE_SKIP_VERIFY"
TIMEOUT_S = 30.0
FOLLOW_TIMEOUT_S = 3600.0

LIST_FIELDS = ",".join(
    [
        "items.metadata",
        "items.spec.arguments",
        "items.spec.shutdown",
        *(
            f"items.status.{name}"
            for name in ("phase", "message", "progress", "startedAt", "finishedAt")
        ),
    ]
)
STATE_FIELDS = ",".join(
    [
        "metadata",
        "spec",
        *(
            f"status.{name}"
            for name in (
                *("phase", "message", "progress", "startedAt", "finishedAt", "nodes"),
                "storedWorkflowTemplateSpec",
            )
        ),
    ]
)
"""All that a job's state is told from; the whole object is half as large again."""

_STREAM_ERRORS: dict[int, type[StepError]] = {404: NoSuchJob, 500: Transient, 503: Transient}
"""What an error means that comes after the 200: of a job that only the archive has, a 404."""

_ADDRESS = re.compile(r"https?://[^/\s]")
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


def named_namespace(option: str) -> str:
    """Where jobs are: as an option says, or the environment, or in `default`."""
    return option or os.environ.get(NAMESPACE_VARIABLE, "") or "default"


def bare_token(text: str) -> str:
    """A token without the scheme that some write before it; empty for none."""
    return text.strip().removeprefix("Bearer ").strip()


class _Session(requests.Session):
    """A session that never waits for ever, and tries a busy server again."""

    def __init__(self) -> None:
        super().__init__()
        again = Retry(
            total=4,
            connect=2,
            other=0,  # a certificate does not get better
            backoff_factor=0.5,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=("GET",),  # a second retry would be refused, though the first was taken
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
        url: with its scheme and, where the server has one, its base path.
        token: a service account's; empty where the server wants none.
        namespace: of the workflows.
        ca_file: certificate authorities for a server with its own; empty for the system's.
        verify: whether the server's certificate counts at all.
    """

    url: str
    token: str
    namespace: str
    ca_file: str = ""
    verify: bool = True

    @classmethod
    def from_environment(cls, url: str = "", namespace: str = "") -> Server:
        """The server that options or the environment name, by the variables of Argo's own CLI.

        Raises:
            BadInput: no server is named, or its certificates are not there.
        """
        where = url or os.environ.get(SERVER_VARIABLE, "")
        if not where:
            raise BadInput(
                f"no Argo Server is named: set {SERVER_VARIABLE}=https://HOST and {TOKEN_VARIABLE}"
            )
        if "://" not in where:
            plain = os.environ.get(SECURE_VARIABLE, "").lower() == "false"
            where = f"{'http' if plain else 'https'}://{where}"
        if not _ADDRESS.match(where):
            raise BadInput(f"{where} is no address of an Argo Server: http:// or https:// and HOST")
        space = named_namespace(namespace)
        if not _NAME.fullmatch(space):
            raise BadInput(f"{space!r} is no namespace: a-z, 0-9 and dashes")
        ca_file = os.environ.get(CA_VARIABLE, "")
        if ca_file and not os.access(ca_file, os.R_OK):
            raise BadInput(f"{CA_VARIABLE}: {ca_file} cannot be read")
        return cls(
            url=where.rstrip("/"),
            token=os.environ.get(TOKEN_VARIABLE, "").strip(),
            namespace=space,
            ca_file=ca_file,
            verify=os.environ.get(SKIP_VERIFY_VARIABLE, "").lower() != "true",
        )

    def version(self) -> str:
        """The server's own version, such as `v4.0.7`.

        Raises:
            StepError: as every method: the leaf that fits the server's answer.
        """
        with self._service() as service:
            found: str = service.get_version().version
        return found

    def create(self, workflow: m.Workflow) -> m.Workflow:
        """Create a workflow.

        Raises:
            AlreadyThere: one of that name exists.
        """
        request = m.WorkflowCreateRequest(workflow=workflow)
        with self._service() as service:
            made: m.Workflow = service.create_workflow(request, namespace=self.namespace)
        return made

    def get(self, name: str) -> m.Workflow:
        """A workflow with its state; from the archive when it is no longer live.

        Raises:
            NoSuchJob: there is none of that name.
        """
        with self._service() as service:
            found: m.Workflow = service.get_workflow(
                _checked(name), namespace=self.namespace, fields=STATE_FIELDS
            )
        return found

    def list(self, selector: str, limit: int) -> list[m.Workflow]:
        """The newest workflows that a label selector matches, without their nodes."""
        with self._service() as service:
            found = service.list_workflows(
                namespace=self.namespace,
                label_selector=selector,
                limit=str(limit),
                fields=LIST_FIELDS,
            )
        return list(found.items or [])

    def stop(self, name: str) -> None:
        """End a workflow; its exit hook still runs (of `terminate` it would not).

        Raises:
            JobOver: it has ended.
        """
        with self._service() as service:
            service.stop_workflow(_checked(name), m.WorkflowStopRequest(), namespace=self.namespace)

    def retry(self, name: str, nodes: str) -> None:
        """Run tasks of a workflow again; the others are kept.

        Args:
            name: the workflow's.
            nodes: field selector of the nodes to run again, besides the pods that failed.

        Raises:
            BadInput: it runs, or it has succeeded.
        """
        request = m.WorkflowRetryRequest(restart_successful=True, node_field_selector=nodes)
        with self._service() as service:
            service.retry_workflow(_checked(name), request, namespace=self.namespace)

    def logs(self, name: str, *, follow: bool) -> Iterator[tuple[str, str]]:
        """The lines of all steps' containers whose pods are there: pod name and line."""
        options = {"logOptions.container": "main", "logOptions.follow": str(follow).lower()}
        with answers(self.url, self.namespace), _Session() as session:
            answer = session.get(
                f"{self.url}/api/v1/workflows/{self.namespace}/{_checked(name)}/log",
                params=options,
                headers={"Authorization": self._authorization()},
                verify=self._trust(),
                stream=True,
                timeout=(TIMEOUT_S, FOLLOW_TIMEOUT_S if follow else TIMEOUT_S),
            )
            if not answer.ok:
                raise exceptions.exception_from_server_response(answer)
            for line in answer.iter_lines():
                if line:
                    yield _entry(line)

    def _authorization(self) -> str:
        token = bare_token(self.token)
        return f"Bearer {token}" if token else ""

    def _trust(self) -> bool | str:
        return self.verify and (self.ca_file or True)

    @contextmanager
    def _service(self) -> Iterator[WorkflowsService]:
        with answers(self.url, self.namespace), _Session() as session:
            yield WorkflowsService(
                host=f"{self.url}/",
                verify_ssl=self._trust(),  # type: ignore[arg-type]  # requests takes a path
                token=self._authorization(),
                namespace=self.namespace,
                session=session,
            )


def _entry(line: bytes) -> tuple[str, str]:
    """Pod name and text of one line of the log's stream, which may be of server-sent events."""
    entry = json.loads(line.removeprefix(b"data: "))
    if "error" in entry:
        error = entry["error"]
        leaf = _STREAM_ERRORS.get(error.get("http_code"), Refused)
        raise leaf(f"the Argo Server broke off: {one_line(str(error.get('message')))}")
    result = entry["result"]
    return result.get("podName", ""), result.get("content", "")


def _checked(name: str) -> str:
    """A name that is safe in a path: as Kubernetes allows it."""
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} is no job id: a-z, 0-9 and dashes")
    return name
