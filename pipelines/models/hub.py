"""The Hugging Face hub and plain web addresses, through the hub's own client."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers, disable_progress_bars

from steps.contract.errors import BadInput, BrokenContract, Refused, Transient
from steps.contract.weights import Weights

TOKEN_VARIABLE = "HF_TOKEN"
TRANSIENT_STATUS = (408, 429, 500, 502, 503, 504)
NOTHING_LEFT = 416
"""The status of a range that starts at the end of the file."""


@dataclass(frozen=True)
class HubFile:
    """One file to fetch.

    Attributes:
        path: inside the model's folder.
        url: where it is.
        sha256: as the hub states it; empty for a small file and for other servers.
        size_bytes: 0 where the server did not say it beforehand.
        hub: whether the hub's token goes along.
    """

    path: str
    url: str
    sha256: str = ""
    size_bytes: int = 0
    hub: bool = False


@dataclass(frozen=True)
class Listing:
    """What there is to fetch of a model.

    Attributes:
        files: in order of their paths.
        revision: the commit of the repository; empty for other servers.
        licence: as the repository states it; may be empty.
    """

    files: tuple[HubFile, ...]
    revision: str = ""
    licence: str = ""


def listing(model: Weights, revision: str) -> Listing:
    """What there is to fetch.

    Args:
        model: with a repository, or files with addresses.
        revision: of the repository; empty for its newest.

    Raises:
        BadInput: the revision does not exist, or the hub's client is offline.
        Refused: the repository does not exist, or is gated.
        Transient: the hub does not answer.
    """
    direct = tuple(HubFile(file.path, file.url) for file in model.files if file.url)
    if not model.repository:
        return Listing(direct)
    with hub_errors(model, revision):
        info = HfApi().model_info(
            model.repository, revision=revision or None, files_metadata=True, token=_token()
        )
    commit = info.sha or revision
    siblings = {one.rfilename: one for one in info.siblings or ()}
    wanted = [file.path for file in model.files if not file.url] or _chosen(model, list(siblings))
    remotes = []
    for path in wanted:
        if path not in siblings:
            raise Refused(f"{model.repository} at {commit} has no file {path!r}")
        lfs = siblings[path].lfs
        url = hf_hub_url(model.repository, path, revision=commit)
        sha256 = lfs.sha256 if lfs else ""
        remotes.append(HubFile(path, url, sha256, siblings[path].size or 0, hub=True))
    stated = getattr(info.card_data, "license", None) or ""
    return Listing((*direct, *remotes), commit, str(stated))


def download(model: Weights, remote: HubFile, to: Path) -> None:
    """Fetch one file, from where an earlier try broke off.

    Raises:
        BadInput, Refused, Transient: as `listing` does.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    headers = build_hf_headers(token=_token()) if remote.hub else None
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    if not sys.stderr.isatty():
        disable_progress_bars()
    with to.open("ab") as stream, hub_errors(model, ""):
        start = stream.tell()
        try:
            http_get(
                remote.url,
                stream,
                resume_size=start,
                headers=headers,
                expected_size=remote.size_bytes or None,
                displayed_filename=f"{model.name}/{remote.path}",
            )
        except HfHubHTTPError as error:
            if not start or error.response.status_code != NOTHING_LEFT:
                raise


@contextmanager
def hub_errors(model: Weights, revision: str) -> Iterator[None]:
    """What goes wrong on the way, as one line that says what to do."""
    where, page = constants.ENDPOINT, f"{constants.ENDPOINT}/{model.repository}"
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise BadInput("HF_HUB_OFFLINE is set: unset it to fetch models") from error
    except GatedRepoError as error:
        how = (
            f"the account of {TOKEN_VARIABLE} may not read it yet: accept its terms at {page}"
            if _token()
            else f"accept its terms at {page} with your account, then set {TOKEN_VARIABLE} to a "
            "token of it"
        )
        raise Refused(f"the model {model.name} is gated: {how}") from error
    except RevisionNotFoundError as error:
        raise BadInput(f"{model.repository} has no revision {revision!r}") from error
    except RemoteEntryNotFoundError as error:
        raise Refused(f"{error.response.url} does not exist") from error
    except RepositoryNotFoundError as error:
        raise Refused(
            f"{where} has no repository {model.repository!r}, or hides it: if it is private, set "
            f"{TOKEN_VARIABLE}"
        ) from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        kind = Transient if status in TRANSIENT_STATUS else Refused
        raise kind(f"{error.response.url.host} answered {status} for {model.name}") from error
    except OSError as error:
        if error.errno:
            raise  # the disk's, not the hub's
        raise BrokenContract(f"{where} sent another size of {model.name} than it states") from error
    except httpx2.TransportError as error:
        raise Transient(
            f"the download of {model.name} broke off ({type(error).__name__}): check the network, "
            "then run the same command again to go on"
        ) from error


def _token() -> str | None:
    return os.environ.get(TOKEN_VARIABLE) or None


def _chosen(model: Weights, paths: list[str]) -> list[str]:
    """The files of a whole repository: no weights twice, in an older format too."""
    shown = [path for path in paths if not path.startswith(".")]
    chosen = [
        path
        for path in shown
        if not model.include or any(fnmatch(path, pattern) for pattern in model.include)
    ]
    if any(path.endswith(".safetensors") for path in chosen):
        chosen = [path for path in chosen if not path.endswith((".bin", ".pt", ".h5", ".msgpack"))]
    return sorted(chosen)
