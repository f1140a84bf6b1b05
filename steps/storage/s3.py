"""A store in a bucket: Amazon S3, Cloudflare R2, or any server that speaks S3.

Endpoint and credentials come from the environment: `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`,
and what boto3 knows (`AWS_ACCESS_KEY_ID`, profiles, roles). boto3's own checksums are off beyond
what an operation requires, since R2 and others lack them; see `steps.storage.s3_transfer` for how
content is checked.

A server that does not answer costs `ATTEMPTS` times `SILENCE_S`: under 40 s with the pauses.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from mimetypes import MimeTypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import structlog
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from steps.contract.errors import BadInput
from steps.contract.folders import PARTIAL
from steps.storage.s3_errors import code_of, s3_errors
from steps.storage.s3_transfer import (
    DIGEST_NAME,
    UPLOAD,
    Digests,
    Remote,
    digests_of,
    digests_of_bytes,
)
from steps.storage.store import Entry, OnBytes, checked_key, is_safe

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
LONGEST_SIGNATURE_S = 7 * 24 * 3600  # Signature Version 4 allows no more
CONDITION_ATTEMPTS = 3
MEDIA_TYPES = MimeTypes()
"""Python's own table, the same on every machine."""

CONNECT_S = 5
"""The longest wait for a connection."""

SILENCE_S = 10
"""The longest wait for the next byte of an answer."""

ATTEMPTS = 3
"""How often a request is sent that a busy server refuses or does not answer."""


@cache
def _service_models() -> Loader:
    """Return botocore's descriptions of services for all stores: to parse them takes 0.1 s."""
    loader: Loader = botocore.session.get_session().get_component("data_loader")
    return loader


@dataclass(frozen=True)
class S3Store:
    """Objects of a bucket whose keys start with a prefix (empty, or ending in `/`)."""

    bucket: str
    prefix: str
    client: S3Client

    @classmethod
    def connect(cls, bucket: str, prefix: str) -> S3Store:
        """A store by the environment's endpoint and credentials; nothing is sent yet.

        Raises:
            BadInput: the endpoint or the profile is malformed.
        """
        endpoint = _first_set(ENDPOINT_VARIABLES)
        with s3_errors(f"s3://{bucket}"):
            core = botocore.session.get_session()
            core.register_component("data_loader", _service_models())
            session = boto3.Session(botocore_session=core)
            region = (
                _first_set(REGION_VARIABLES)
                or session.region_name
                or ("auto" if endpoint else "us-east-1")
            )
            config = Config(
                signature_version="s3v4",
                s3={
                    "addressing_style": "path" if endpoint else "auto",
                    "payload_signing_enabled": True,
                },
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                connect_timeout=CONNECT_S,
                read_timeout=SILENCE_S,
            )
            client = session.client(
                "s3", region_name=region, endpoint_url=endpoint or None, config=config
            )
            client.meta.events.register("before-call.s3.HeadBucket", _follow_no_redirect)
        return cls(bucket, prefix, client)

    @property
    def uri(self) -> str:
        """As `s3://bucket/prefix`."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def read_bytes(self, key: str) -> bytes:
        """See `Store`."""
        return self._remote(key).read()

    def chunks(self, key: str) -> Iterator[bytes]:
        """See `Store`."""
        return self._remote(key).chunks()

    def write_bytes(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
        """See `Store`; where the server lacks `If-None-Match`, it looks first and says so."""
        remote, sent = self._remote(key), digests_of_bytes(data)
        with s3_errors(remote.uri):
            if if_absent and not self._put_new(remote, data, sent):
                return False
            if not if_absent:
                self.client.put_object(**_put(remote, data, sent))
        remote.check_arrival(sent)
        return True

    def get_file(self, key: str, to: Path, on_bytes: OnBytes | None = None) -> None:
        """See `Store`."""
        to.parent.mkdir(parents=True, exist_ok=True)
        partial = to.with_name(PARTIAL + os.urandom(8).hex())
        try:
            self._remote(key).download(partial, on_bytes)
            partial.replace(to)
        finally:
            partial.unlink(missing_ok=True)

    def put_file(self, path: Path, key: str) -> None:
        """See `Store`."""
        remote = self._remote(key)
        with s3_errors(remote.uri), path.open("rb") as stream:
            sent = digests_of(path)
            self.client.upload_fileobj(
                stream,
                remote.bucket,
                remote.key,
                ExtraArgs=_about(key, sent),
                Config=UPLOAD,
            )
        remote.check_arrival(sent)

    def list(self, prefix: str = "") -> tuple[Entry, ...]:
        """See `Store`."""
        start, found = self.prefix + prefix, []
        with s3_errors(self.uri):
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=start):
                for item in page.get("Contents", []):
                    key = item["Key"].removeprefix(self.prefix)
                    modified_ms = int(item["LastModified"].timestamp() * 1000)
                    found.append(Entry(key, item["Size"], modified_ms, item["ETag"].strip('"')))
        # Folder markers (`jobs/`) and keys that no folder could hold do not belong to the store.
        return tuple(sorted((one for one in found if is_safe(one.key)), key=lambda one: one.key))

    def folders(self, prefix: str = "") -> tuple[str, ...]:
        """See `Store`."""
        start, found = self.prefix + prefix, set()
        with s3_errors(self.uri):
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=start, Delimiter="/"):
                for item in page.get("CommonPrefixes", []):
                    found.add(item["Prefix"].removeprefix(start).rstrip("/"))
        return tuple(sorted(name for name in found if is_safe(name)))

    def head(self, key: str) -> Entry | None:
        """See `Store`."""
        full = self._full(key)
        with s3_errors(f"{self.uri}/{key}"):
            try:
                item = self.client.head_object(Bucket=self.bucket, Key=full)
            except ClientError as error:
                if code_of(error) in {"404", "NoSuchKey"}:
                    return None
                raise
        modified_ms = int(item["LastModified"].timestamp() * 1000)
        return Entry(key, item["ContentLength"], modified_ms, item["ETag"].strip('"'))

    def delete(self, key: str) -> None:
        """See `Store`."""
        with s3_errors(f"{self.uri}/{key}"):
            self.client.delete_object(Bucket=self.bucket, Key=self._full(key))

    def signed_url(self, key: str, seconds: int) -> str:
        """See `Store`.

        Raises:
            BadInput: more than seven days, or no credentials to sign with.
        """
        wanted = {"Bucket": self.bucket, "Key": self._full(key)}
        return self._signed("get_object", wanted, seconds)

    def upload_url(self, key: str, seconds: int, size_bytes: int, media_type: str) -> str:
        """An address that takes one object by PUT, of exactly this size and type.

        Raises:
            BadInput: more than seven days, or no credentials to sign with.
        """
        wanted = {
            "Bucket": self.bucket,
            "Key": self._full(key),
            "ContentLength": size_bytes,
            "ContentType": media_type,
        }
        return self._signed("put_object", wanted, seconds)

    def _signed(self, operation: str, wanted: Mapping[str, object], seconds: int) -> str:
        if not 1 <= seconds <= LONGEST_SIGNATURE_S:
            raise BadInput(f"a link can last 1 to {LONGEST_SIGNATURE_S} seconds, not {seconds}")
        with s3_errors(f"s3://{wanted['Bucket']}/{wanted['Key']}"):
            return self.client.generate_presigned_url(operation, wanted, seconds)

    def _full(self, key: str) -> str:
        return self.prefix + checked_key(key)

    def _remote(self, key: str) -> Remote:
        return Remote(self.client, self.bucket, self._full(key), f"{self.uri}/{key}")

    def _put_new(self, remote: Remote, data: bytes, sent: Digests) -> bool:
        for attempt in range(CONDITION_ATTEMPTS):
            try:
                self.client.put_object(**_put(remote, data, sent), IfNoneMatch="*")
            except ClientError as error:
                code = code_of(error)
                if code in {"PreconditionFailed", "412"}:
                    return False
                if code in {"NotImplemented", "501"}:
                    return self._put_after_look(remote, data, sent)
                # Another conditional write is under way: S3 asks to try again.
                if code == "ConditionalRequestConflict" and attempt + 1 < CONDITION_ATTEMPTS:
                    continue
                raise
            return True
        raise AssertionError("unreachable")

    def _put_after_look(self, remote: Remote, data: bytes, sent: Digests) -> bool:
        structlog.get_logger().warning(
            "the S3 server has no conditional writes: two at once could both succeed", uri=self.uri
        )
        if self.head(remote.key.removeprefix(self.prefix)) is not None:
            return False
        self.client.put_object(**_put(remote, data, sent))
        return True


def _put(remote: Remote, data: bytes, sent: Digests) -> Any:
    return {
        "Bucket": remote.bucket,
        "Key": remote.key,
        "Body": data,
        **_about(remote.key, sent),
    }


def _about(key: str, sent: Digests) -> dict[str, Any]:
    """What is kept with an object: its digest, and its media type, else browsers only save it."""
    media_type, _ = MEDIA_TYPES.guess_type(key)
    kept = {"ContentType": media_type} if media_type else {}
    return {**kept, "Metadata": {DIGEST_NAME: sent.sha256}}


def _follow_no_redirect(params: dict[str, Any], **_: object) -> None:
    """Keep botocore from following a redirect of its own request for the bucket's region.

    It sends that request when another one is redirected, and would do so without end.
    """
    params["context"].setdefault("s3_redirect", {})["redirected"] = True


def _first_set(names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := os.environ.get(name))), "")
