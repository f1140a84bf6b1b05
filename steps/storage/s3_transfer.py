"""Whole objects to and from a bucket, with proof that what arrived is what was sent.

Every request is signed with the SHA-256 of its body, which Amazon S3 and R2 check. Not every server
or proxy does, so an upload is compared with the ETag that the server computed, and read back where
the ETag is not an MD5 digest. The object keeps its own SHA-256 as metadata, so that a download can
be checked too. A download asks for parts of one version and checks the length of each.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boto3.s3.transfer import TransferConfig

from steps.contract.errors import Transient
from steps.storage.s3_errors import s3_errors
from steps.storage.store import CHUNK_BYTES, OnBytes

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef

DIGEST_NAME = "sha256"
"""The metadata that carries an object's own digest: `x-amz-meta-sha256`."""

PART_BYTES = 16 << 20
PARTS_AT_ONCE = 4
PART_ATTEMPTS = 3
PART_AGAIN_S = 15
"""After this long a part that broke is not asked for again: boto3 repeated the request itself."""

UPLOAD = TransferConfig(
    multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=PARTS_AT_ONCE
)


@dataclass(frozen=True)
class Digests:
    """What a content is known by.

    Attributes:
        sha256: hexadecimal.
        etag: what S3 computes: the MD5 of the content, or of the MD5s of its parts.
    """

    size_bytes: int
    sha256: str
    etag: str


@dataclass(frozen=True)
class Remote:
    """One object of a bucket."""

    client: S3Client
    bucket: str
    key: str
    uri: str

    def check_arrival(self, sent: Digests) -> None:
        """Prove an upload.

        Raises:
            Transient: the object is not what was sent.
        """
        with s3_errors(self.uri):
            head = self.client.head_object(Bucket=self.bucket, Key=self.key)
        if head["ContentLength"] != sent.size_bytes:
            raise Transient(
                f"{self.uri} has {head['ContentLength']} bytes, {sent.size_bytes} were sent: "
                "try again"
            )
        if head["ETag"].strip('"') == sent.etag:
            return
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        if digest.hexdigest() != sent.sha256:
            raise Transient(f"{self.uri} was changed on the way to the server: try again")

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces."""
        with s3_errors(self.uri):
            answer = self.client.get_object(Bucket=self.bucket, Key=self.key)
            yield from _body(answer, self.uri, answer["ContentLength"])

    def read(self) -> bytes:
        """A small object's content, checked against its own digest."""
        with s3_errors(self.uri):
            answer = self.client.get_object(Bucket=self.bucket, Key=self.key)
            data = b"".join(_body(answer, self.uri, answer["ContentLength"]))
        _check_digest(self.uri, hashlib.sha256(data).hexdigest(), answer["Metadata"])
        return data

    def download(self, to: Path, on_bytes: OnBytes | None) -> None:
        """Write the content to a file, in parts at once where it is large.

        Raises:
            Transient: the object changed meanwhile, or was changed on the way.
        """
        with s3_errors(self.uri):
            head = self.client.head_object(Bucket=self.bucket, Key=self.key)
        size, etag = head["ContentLength"], head["ETag"]
        spans = [(start, min(start + PART_BYTES, size)) for start in range(0, size, PART_BYTES)]
        with s3_errors(self.uri), to.open("wb") as stream:
            if len(spans) > 1:
                os.truncate(stream.fileno(), size)
            with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
                parts = [
                    pool.submit(self._part, span, size, etag, stream.fileno()) for span in spans
                ]
                try:
                    for part in parts:
                        received = part.result()
                        if on_bytes:
                            on_bytes(received)
                finally:
                    pool.shutdown(cancel_futures=True)
        with to.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        _check_digest(self.uri, digest, head["Metadata"])

    def _part(self, span: tuple[int, int], size: int, etag: str, file: int) -> int:
        """Fetch one part to its place in a file, again if it breaks; returns its length."""
        last = time.monotonic() + PART_AGAIN_S
        for attempt in range(PART_ATTEMPTS):
            try:
                return self._try_part(span, size, etag, file)
            except Transient:
                if attempt + 1 == PART_ATTEMPTS or time.monotonic() > last:
                    raise
        raise AssertionError("unreachable")

    def _try_part(self, span: tuple[int, int], size: int, etag: str, file: int) -> int:
        first, end = span
        wanted: dict[str, Any] = {"IfMatch": etag}
        if end - first < size:
            wanted["Range"] = f"bytes={first}-{end - 1}"
        with s3_errors(self.uri):
            answer = self.client.get_object(Bucket=self.bucket, Key=self.key, **wanted)
            if answer["ETag"] != etag:  # not every server knows If-Match
                answer["Body"].close()
                raise Transient(f"{self.uri} changed while it was read: try again")
            place = f"bytes {first}-{end - 1}/{size}" if "Range" in wanted else None
            if answer.get("ContentRange") != place:
                answer["Body"].close()
                raise Transient(
                    f"{self.uri}: the server sent {answer.get('ContentRange') or 'the whole'} "
                    f"when asked for {place or 'the whole'}: try again"
                )
            offset = first
            for chunk in _body(answer, self.uri, end - first):
                offset += os.pwrite(file, chunk, offset)
        return offset - first


def digests_of(path: Path) -> Digests:
    """The digests of a file, read once."""
    whole, size, parts = hashlib.sha256(), 0, []
    with path.open("rb") as stream:
        while part := stream.read(PART_BYTES):
            whole.update(part)
            size += len(part)
            parts.append(hashlib.md5(part, usedforsecurity=False))
    return Digests(size, whole.hexdigest(), _etag(parts, size))


def digests_of_bytes(data: bytes) -> Digests:
    """The digests of a content that is sent in one piece."""
    etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return Digests(len(data), hashlib.sha256(data).hexdigest(), etag)


def _etag(parts: list[Any], size: int) -> str:
    if size < PART_BYTES:
        return (parts[0] if parts else hashlib.md5(usedforsecurity=False)).hexdigest()
    joined = hashlib.md5(b"".join(part.digest() for part in parts), usedforsecurity=False)
    return f"{joined.hexdigest()}-{len(parts)}"


def _body(answer: GetObjectOutputTypeDef, uri: str, length: int) -> Iterator[bytes]:
    """The body of an answer in pieces; it must have this length."""
    received = 0
    with closing(answer["Body"]) as body:
        for chunk in body.iter_chunks(CHUNK_BYTES):
            received += len(chunk)
            if received > length:
                break
            yield chunk
    if received != length:
        raise Transient(f"{uri}: {received} bytes arrived instead of {length}: try again")


def _check_digest(uri: str, found: str, metadata: dict[str, str]) -> None:
    if metadata.get(DIGEST_NAME, found) != found:
        raise Transient(f"{uri} was changed on the way or in the bucket: try again")
