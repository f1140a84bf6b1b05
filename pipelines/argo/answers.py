"""What the Argo Server's refusals mean: each of Hera's and requests' errors as a leaf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from hera import exceptions

from steps.contract.errors import BadInput, Refused, StepError, Transient, one_line

SERVER_VARIABLE = "ARGO_SERVER"
TOKEN_VARIABLE = "ARGO_TOKEN"
CA_VARIABLE = "ARGO_CA_FILE"

_SAID = re.compile(r"Server returned status code \d+ with message: `(.*)`", re.DOTALL)
_OVER = "cannot shutdown a completed workflow"
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml)", re.IGNORECASE)


class AlreadyThere(Refused):
    """A workflow of that name exists."""


class NoSuchJob(Refused):
    """There is no workflow of that name."""


class JobOver(Refused):
    """The workflow has ended, so it cannot be stopped."""


@contextmanager
def answers(url: str, namespace: str) -> Iterator[None]:
    """Turn what Hera and requests raise into leaves.

    Raises:
        StepError: the leaf that fits the server's answer, or that there was none.
    """
    try:
        yield
    except exceptions.HeraException as error:
        raise _leaf(error, namespace) from error
    except requests.exceptions.SSLError as error:
        raise BadInput(f"{url} {_distrust(error)}") from error
    except requests.exceptions.InvalidURL as error:
        raise BadInput(f"{url} is no address: set {SERVER_VARIABLE}=https://HOST") from error
    except (ValueError, TypeError, KeyError) as error:  # no JSON, or other JSON than Argo's
        raise BadInput(
            f"{url} does not answer as an Argo Server does: check {SERVER_VARIABLE}"
        ) from error
    except requests.exceptions.RequestException as error:
        raise Transient(f"the Argo Server at {url} cannot be reached, or broke off") from error


def _leaf(error: exceptions.HeraException, namespace: str) -> StepError:
    said = _words(str(error))
    match error:
        case exceptions.AlreadyExists():
            return AlreadyThere(f"a workflow of that name is there already: {said}")
        case exceptions.NotFound():
            return NoSuchJob(f"not in the namespace {namespace}: {said}")
        case exceptions.Unauthorized():
            return Refused(
                f"the Argo Server knows no such token ({said}): set {TOKEN_VARIABLE} to what "
                f"`kubectl -n {namespace} create token clipmill-submitter` prints"
            )
        case exceptions.Forbidden():
            return Refused(f"this token may not do that: {said}")
        case exceptions.BadRequest():
            return BadInput(f"the Argo Server refused the request: {said}")
        case exceptions.InternalServerError() if _OVER in said:
            return JobOver("the job has ended already")
        case _:
            return Transient(f"the Argo Server failed, try again: {said}")


def _distrust(error: requests.exceptions.SSLError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"has a certificate that is not trusted: set {CA_VARIABLE} to its authority's file"
    return f"does not speak TLS: is it http:// in {SERVER_VARIABLE}?"


def _words(text: str) -> str:
    """The server's own words; of a web page, only that it is one."""
    found = _SAID.fullmatch(text)
    said = found[1] if found else text
    return "it sent a web page" if _MARKUP.match(said) else one_line(said) or "without a word"
