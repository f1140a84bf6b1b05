"""The errors of S3 and of the connection to it, as leaves of the error tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    SSLError,
)
from s3transfer.exceptions import RetriesExceededError

from steps.contract.errors import (
    BadInput,
    OverLimit,
    Refused,
    StepError,
    Transient,
    from_os_error,
    one_line,
)
from steps.storage.store import NotFound

NO_OBJECT = {"404", "NoSuchKey", "NotFound"}
NO_RIGHT = {
    "401", "403", "AccessDenied", "AccountProblem", "AllAccessDisabled", "ExpiredToken",
    "Forbidden", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch",
    "Unauthorized",
}  # fmt: skip
WRONG_REGION = {
    "301", "302", "307", "308", "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException", "PermanentRedirect", "TemporaryRedirect",
}  # fmt: skip
BUSY = {
    "408", "409", "429", "ConditionalRequestConflict", "InternalError", "OperationAborted",
    "RequestTimeout", "ServiceUnavailable", "SlowDown", "Throttling", "TooManyRequests",
}  # fmt: skip
DAMAGED = {
    "BadDigest", "IncompleteBody", "XAmzContentChecksumMismatch",
    "XAmzContentSHA256Mismatch",
}  # fmt: skip
"""The server has noticed it; another try may arrive whole."""
CLOCK = "RequestTimeTooSkewed"
TOO_LARGE = {"413", "EntityTooLarge", "QuotaExceeded", "XMinioStorageFull"}


def code_of(error: ClientError) -> str:
    """The server's code for an error, its HTTP status when it gave none."""
    return str(error.response.get("Error", {}).get("Code", "")) or str(_status(error))


def from_s3_error(error: BotoCoreError | ClientError | RetriesExceededError, uri: str) -> StepError:
    """The leaf for an error of S3, or for a missing answer."""
    if isinstance(error, ClientError):
        return _answered(error, uri)
    if isinstance(error, RetriesExceededError):
        return Transient(f"{uri} could not be read to its end: try again")
    if isinstance(error, NoCredentialsError | PartialCredentialsError | CredentialRetrievalError):
        return BadInput(
            f"no S3 credentials for {uri}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    if isinstance(error, ParamValidationError | ProfileNotFound):
        return BadInput(one_line(f"{uri} cannot be used: {error}"))
    if isinstance(error, SSLError):
        return Refused(one_line(f"no trusted connection to {uri}: {error}; see AWS_CA_BUNDLE"))
    return Transient(one_line(f"{uri} cannot be reached: {error}; try again"))


@contextmanager
def s3_errors(uri: str) -> Iterator[None]:
    """Turn boto3's exceptions, and those of the disk that it reads or writes, into leaves."""
    try:
        yield
    except (BotoCoreError, ClientError, RetriesExceededError) as error:
        raise from_s3_error(error, uri) from error
    except OSError as error:
        raise from_os_error(error) from error
    except ValueError as error:  # botocore's word for a malformed endpoint or bucket
        raise BadInput(one_line(f"{uri} cannot be used: {error}")) from error


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _answered(error: ClientError, uri: str) -> StepError:
    code = code_of(error)
    bucket = "/".join(uri.split("/")[:3])
    if code == "NoSuchBucket":
        return Refused(f"{bucket} does not exist: create it, or check its name and the endpoint")
    if code in {"412", "PreconditionFailed"}:
        return Transient(f"{uri} changed while it was read: try again")
    if code in NO_OBJECT:
        return NotFound(f"{uri} does not exist: check the address")
    if code in DAMAGED:
        return Transient(f"{uri} was changed on the way to the server ({code}): try again")
    if code == CLOCK:
        return Refused(f"{uri} was refused ({code}): set the clock of this machine")
    if code in NO_RIGHT:
        return Refused(
            f"no permission to use {uri} ({code}): check the credentials and their policy"
        )
    if code in WRONG_REGION:
        return BadInput(
            f"{bucket} is in another region or at another endpoint ({code}): "
            "set AWS_REGION or AWS_ENDPOINT_URL_S3"
        )
    if code in TOO_LARGE:
        return OverLimit(f"{uri} is too large for the server ({code})")
    if code in BUSY or _status(error) >= 500:
        return Transient(f"the S3 server is busy with {uri} ({code}): try again")
    return Refused(one_line(f"the S3 server refused {uri}: {error}"))
