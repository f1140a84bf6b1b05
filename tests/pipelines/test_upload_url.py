"""clipmill upload-url: what a backend gives to a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from steps.storage import open_store
from tests.pipelines.clipmill import Said
from tests.servers import S3Server

Call = Callable[..., Said]


def test_what_is_sent_there_is_a_source(s3_environment: S3Server, called: Call) -> None:
    bucket = f"s3://{s3_environment.bucket}"
    said = called("upload-url", "My talk.mp4", "--size", "4", "--store", bucket, "--json")
    assert said.code == 0, said.err
    report = json.loads(said.out)
    assert re.fullmatch(rf"{bucket}/uploads/[0-9a-f]{{16}}/\S+\.mp4", report["source"])
    sent = httpx.request(
        report["method"], report["url"], content=b"talk", headers=report["headers"]
    )
    assert sent.status_code == 200
    assert open_store(bucket).read_bytes(report["source"].removeprefix(f"{bucket}/")) == b"talk"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--size", "0"], "--size 0 is out of bounds"),
        (["--size", str(5 * 1024**3 + 1)], "is out of bounds: give 1 to 5368709120 bytes"),
        (["--size", "4", "--type", "text/html"], "'text/html' is not a media type"),
        (["--size", "4"], "is not a bucket"),
    ],
)
def test_what_it_refuses(options: list[str], said: str, tmp_path: Path, called: Call) -> None:
    answer = called("upload-url", "talk.mp4", *options, "--store", str(tmp_path))
    assert answer.code == 80
    assert said in answer.err
