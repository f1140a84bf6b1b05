"""What a server's code means: whether another try helps, and what to do."""

import pytest
from botocore.exceptions import ClientError

from steps.contract.errors import OverLimit, Refused, StepError, Transient
from steps.storage.s3_errors import from_s3_error
from steps.storage.store import NotFound


@pytest.mark.parametrize(
    ("code", "status", "leaf", "words"),
    [
        ("NoSuchKey", 404, NotFound, "does not exist"),
        ("NoSuchBucket", 404, Refused, "s3://bucket does not exist"),
        ("AccessDenied", 403, Refused, "check the credentials"),
        ("RequestTimeTooSkewed", 403, Refused, "set the clock of this machine"),
        ("EntityTooLarge", 400, OverLimit, "too large"),
        ("SlowDown", 503, Transient, "busy"),
        ("InternalError", 500, Transient, "busy"),
        ("BadDigest", 400, Transient, "changed on the way"),
        ("IncompleteBody", 400, Transient, "changed on the way"),
        ("XAmzContentSHA256Mismatch", 400, Transient, "changed on the way"),
        ("InvalidRequest", 400, Refused, "refused"),
    ],
)
def test_every_code_has_its_leaf(code: str, status: int, leaf: type[StepError], words: str) -> None:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    found = from_s3_error(ClientError(answer, "PutObject"), "s3://bucket/a")  # type: ignore[arg-type]
    assert type(found) is leaf
    assert words in str(found)
