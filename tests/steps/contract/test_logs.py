import json
from pathlib import Path

import pytest
import structlog

from steps.contract import logs


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


def test_no_escape_sequence_reaches_the_terminal(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure()
    hostile = "\x1b]0;title\x07\u202e\x1b[31mred"
    structlog.get_logger().info(hostile, server=hostile, list=[hostile], error=ValueError(hostile))
    written = capsys.readouterr().err
    assert written.count("red") == 4
    assert "title" not in written
    assert not any(sign in written for sign in ("\x1b", "\x07", "\u202e", "\\u202e", "\\u001b"))
