import json
from pathlib import Path

import pytest
import structlog

from steps.contract import logs
from steps.contract.logs import hidden


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://me:pw@host/a?b=1", "https://***@host/a?b=1"),
        ("s3://key:secret@bucket/x and ftp://u@h", "s3://***@bucket/x and ftp://***@h"),
        (
            "https://h/a?X-Amz-Credential=AK%2F1&X-Amz-Signature=0f&t=5",
            "https://h/a?X-Amz-Credential=***&X-Amz-Signature=***&t=5",
        ),
        ("https://h/a?sig=abc", "https://h/a?sig=***"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("https://host/@channel/video", "https://host/@channel/video"),
        ("me@example.org", "me@example.org"),
        ("[0:v]crop=1080:1920,ass=x.ass", "[0:v]crop=1080:1920,ass=x.ass"),
    ],
)
def test_what_looks_like_a_credential_is_blanked(text: str, expected: str) -> None:
    assert hidden(text) == expected


@pytest.fixture(params=["json", "console"])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(logs.FORMAT_VARIABLE, request.param)
    return str(request.param)


def test_no_secret_in_any_field_of_any_depth(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(step="echo")
    url = "https://u:hunter2@h/?X-Amz-Signature=hunter3"
    structlog.get_logger().info(
        f"reading {url}",
        argv=["ffmpeg", "-i", url],
        nested={"headers": {"Authorization": "hunter4"}, "url": url},
        aws_secret_access_key="hunter5",
        cause=ValueError(url),
        place=Path("/x?token=hunter6"),
        api_token="hunter7",
    )
    try:
        raise ValueError(url)
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "hunter" not in captured.err
    assert captured.err.count("***") >= 8
    assert "Traceback" in captured.err


def test_json_lines_carry_what_is_bound(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(logs.FORMAT_VARIABLE, "json")
    logs.configure(step="echo", job="j1")
    structlog.get_logger().info("two\nlines", count=1)
    structlog.get_logger().debug("not said")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said.pop("timestamp").endswith("Z")
    assert said == {"event": "two\nlines", "count": 1, "level": "info", "step": "echo", "job": "j1"}


def test_without_a_terminal_it_is_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(logs.FORMAT_VARIABLE, raising=False)
    logs.configure()
    structlog.get_logger().info("said")
    assert json.loads(capsys.readouterr().err)["event"] == "said"
