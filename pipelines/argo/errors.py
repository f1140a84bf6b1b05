"""The errors of the Argo Server, of Hera and of requests, as leaves of this project's tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from hera import exceptions

from pipelines.argo.connection import CA_VARIABLE, SERVER_VARIABLE, TOKEN_VARIABLE
from steps.contract.errors import BadInput, Refused, StepError, Transient, one_line

_MESSAGE = re.compile(r"Server returned status code \d+ with message: `(.*)`", re.DOTALL)
_ENDED = "cannot shutdown a completed workflow"
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml)", re.IGNORECASE)


class AlreadyThere(Refused):
    """A workflow of that name exists."""


class NoSuchJob(Refused):
    """There is no workflow of that name."""


class JobOver(Refused):
    """The workflow has ended, so it cannot be stopped."""


@contextmanager
def translated_errors(url: str, namespace: str) -> Iterator[None]:
    """Turn what Hera and requests raise into leaves.

    Raises:
        StepError: the leaf that fits the server's answer or the lack of one.
    """
    try:
        yield
    except exceptions.HeraException as error:
        raise _leaf(error, namespace) from error
    except requests.exceptions.SSLError as error:
        raise BadInput(f"{url} {_tls_problem(error)}") from error
    except requests.exceptions.InvalidURL as error:
        raise BadInput(f"{url!r} is not a URL: set {SERVER_VARIABLE}=https://HOST") from error
    except (ValueError, TypeError, KeyError) as error:  # not JSON, or not Argo's JSON
        raise BadInput(
            f"{url} does not answer like an Argo Server: check {SERVER_VARIABLE}"
        ) from error
    except requests.exceptions.RequestException as error:
        raise Transient(f"the Argo Server at {url} did not answer, or broke off") from error


def _leaf(error: exceptions.HeraException, namespace: str) -> StepError:
    message = _server_message(str(error))
    match error:
        case exceptions.AlreadyExists():
            return AlreadyThere(f"a workflow of that name exists: {message}")
        case exceptions.NotFound():
            return NoSuchJob(f"not found in the namespace {namespace}: {message}")
        case exceptions.Unauthorized():
            return Refused(
                f"the Argo Server rejects the token ({message}): set {TOKEN_VARIABLE} to the "
                f"output of `kubectl -n {namespace} create token clipmill-submitter`"
            )
        case exceptions.Forbidden():
            return Refused(f"the token lacks a right: {message}")
        case exceptions.BadRequest():
            return BadInput(f"the Argo Server refused the request: {message}")
        case exceptions.InternalServerError() if _ENDED in message:
            return JobOver("the job has already ended")
        case _:
            return Transient(f"the Argo Server failed: {message}: try again")


def _tls_problem(error: requests.exceptions.SSLError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"has an untrusted certificate: set {CA_VARIABLE} to the file of its authority"
    return f"does not answer with TLS: try http:// in {SERVER_VARIABLE}"


def _server_message(text: str) -> str:
    """The server's own message; a web page is only reported as one."""
    found = _MESSAGE.fullmatch(text)
    message = found[1] if found else text
    return "it sent a web page" if _MARKUP.match(message) else one_line(message) or "no message"
