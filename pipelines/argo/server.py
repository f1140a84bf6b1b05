"""The Argo Server's REST API: through Hera, and directly where Hera falls short.

Hera 7.1 has no timeouts, cannot read logs of more than one line, and reports a busy server without
its status; so the session is our own, and logs are streamed here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hera import exceptions
from hera.workflows import WorkflowsService
from hera.workflows import models as m

from pipelines.argo.connection import (
    SKIP_VERIFY_VARIABLE,
    TIMEOUT_S,
    TOKEN_VARIABLE,
    Session,
    bare_token,
    named_authorities,
    named_namespace,
    named_url,
)
from pipelines.argo.errors import NoSuchJob, translated_errors
from steps.contract.errors import BadInput, Refused, StepError, Transient, one_line

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
"""What `job_state` reads; the whole object is half as large again."""

_STREAM_ERRORS: dict[int, type[StepError]] = {404: NoSuchJob, 500: Transient, 503: Transient}
"""Leaves of the errors that follow a 200: a job that only the archive has gives a 404."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


@dataclass(frozen=True)
class Server:
    """One namespace of one Argo Server.

    Attributes:
        url: with its scheme and, where the server has one, its base path.
        token: of a service account; empty where the server needs none.
        namespace: of the workflows.
        ca_file: certificate authorities of the server; empty for the system's.
        verify: whether to check the server's certificate.
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
            BadInput: no server is named, or a value cannot be used.
        """
        where = named_url(url)
        space = named_namespace(namespace)
        if not _NAME.fullmatch(space):
            raise BadInput(f"{space!r} is not a namespace: use a-z, 0-9 and dashes")
        return cls(
            url=where,
            token=os.environ.get(TOKEN_VARIABLE, "").strip(),
            namespace=space,
            ca_file=named_authorities(),
            verify=os.environ.get(SKIP_VERIFY_VARIABLE, "").lower() != "true",
        )

    def version(self) -> str:
        """The version of the server: `v4.0.7`.

        Raises:
            StepError: in this and every method, the leaf that fits the server's answer.
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
        """A workflow with its state; from the archive once it is no longer live.

        Raises:
            NoSuchJob: there is none of that name.
        """
        with self._service() as service:
            found: m.Workflow = service.get_workflow(
                _checked(name), namespace=self.namespace, fields=STATE_FIELDS
            )
        return found

    def template(self, name: str) -> m.WorkflowTemplate:
        """An installed WorkflowTemplate.

        Raises:
            NoSuchJob: there is none of that name.
        """
        with self._service() as service:
            found: m.WorkflowTemplate = service.get_workflow_template(
                _checked(name), namespace=self.namespace
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
        """Stop a workflow; its exit hook still runs, which `terminate` would skip.

        Raises:
            JobOver: it has already ended.
        """
        with self._service() as service:
            service.stop_workflow(_checked(name), m.WorkflowStopRequest(), namespace=self.namespace)

    def retry(self, name: str, nodes: str) -> None:
        """Run failed tasks of a workflow again, and keep the others.

        Args:
            name: the workflow's.
            nodes: field selector of the nodes to run again, besides the pods that failed.

        Raises:
            BadInput: it is running, or it has succeeded.
        """
        request = m.WorkflowRetryRequest(restart_successful=True, node_field_selector=nodes)
        with self._service() as service:
            service.retry_workflow(_checked(name), request, namespace=self.namespace)

    def logs(self, name: str, *, follow: bool) -> Iterator[tuple[str, str]]:
        """Pod name and line, for every line of every step whose pod still exists."""
        options = {"logOptions.container": "main", "logOptions.follow": str(follow).lower()}
        with translated_errors(self.url, self.namespace), Session() as session:
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
        with translated_errors(self.url, self.namespace), Session() as session:
            yield WorkflowsService(
                host=f"{self.url}/",
                verify_ssl=self._trust(),  # type: ignore[arg-type]  # requests takes a path
                token=self._authorization(),
                namespace=self.namespace,
                session=session,
            )


def _entry(line: bytes) -> tuple[str, str]:
    """Pod name and text of one line of the log stream, with or without the prefix of an event."""
    entry = json.loads(line.removeprefix(b"data: "))
    if "error" in entry:
        error = entry["error"]
        leaf = _STREAM_ERRORS.get(error.get("http_code"), Refused)
        raise leaf(f"the Argo Server broke off: {one_line(str(error.get('message')))}")
    result = entry["result"]
    return result.get("podName", ""), result.get("content", "")


def _checked(name: str) -> str:
    """A name that Kubernetes allows, so it is safe in a path."""
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} is not a job id: use a-z, 0-9 and dashes")
    return name
