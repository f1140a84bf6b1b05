"""Does the Argo Server that the commands talk to answer them?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from pipelines.argo.connection import SERVER_VARIABLE
from pipelines.argo.server import Server
from pipelines.doctor.check import Outcome, bad, good
from steps.contract.errors import StepError

LEAST_ARGO = (4, 0)
BROKEN_ARGO = ((4, 1, 0), (4, 1, 1))
"""These break the log-in through SSO (argo-workflows 16744)."""


def answers_well(namespace: str) -> Iterator[Outcome]:
    """Whether it answers, takes the token, and is of a version that works."""
    name = "argo server"
    if not os.environ.get(SERVER_VARIABLE):
        yield good(name, f"not looked at: {SERVER_VARIABLE} is not set")
        return
    try:
        server = Server.from_environment(namespace=namespace)
        said = server.version()
        server.list("", 1)
    except StepError as error:
        text, _, mend = str(error).partition(": ")
        yield bad(name, text, mend or f"check {SERVER_VARIABLE} and the token")
        return
    numbers = tuple(int(part) for part in re.findall(r"\d+", said)[:3])
    if numbers < LEAST_ARGO:
        yield bad(name, said, "install Argo Workflows 4.0 or later")
    elif numbers in BROKEN_ARGO:
        yield bad(name, said, "install 4.1.2 or later, or the newest 4.0")
    else:
        yield good(name, said)
