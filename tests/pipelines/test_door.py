"""The door of the command line: whatever happens is one line and an exit code."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli import door
from pipelines.cli.command import Command, Stopped
from steps.contract.errors import OverLimit, StepError


def command_that(error: BaseException) -> Command:
    def run(_options: argparse.Namespace) -> int:
        raise error

    def add_options(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    return Command("try", "Raise.", add_options, run)


def lines_of(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[str]]:
    monkeypatch.setattr(door, "load_command", lambda _name: command_that(error))
    code = door.main(["try"])
    return code, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (OverLimit("too\nlong"), 82, ["error: too long"]),
        (Stopped("render: no", 75, ("x", "y")), 75, ["error: render: no", "x", "y"]),
        (PermissionError(13, "denied", "there"), 86, None),
        (MemoryError(), 86, None),
        (KeyboardInterrupt(), 130, None),
        (ModuleNotFoundError("No module named 'hera'", name="hera.workflows"), 80, None),
    ],
)
def test_every_failure_is_one_line(
    error: BaseException,
    code: int,
    lines: list[str] | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found, said = lines_of(error, monkeypatch, capsys)
    assert found == code
    assert said == lines if lines else len(said) == 1
    assert said[0].startswith("error: ")


@pytest.mark.parametrize(
    ("error", "report"),
    [
        (OverLimit("too\nlong"), {"error": "too long", "exit_code": 82}),
        (Stopped("no", 75, ("x",), {"job": "a"}), {"job": "a", "error": "no", "exit_code": 75}),
    ],
)
def test_json_is_printed_for_failures_too(
    error: StepError,
    report: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(door, "load_command", lambda _name: command_that(error))
    assert door.main(["try", "--json"]) == report["exit_code"]
    said = capsys.readouterr()
    assert json.loads(said.out) == report
    assert said.err.startswith("error: ")


def test_an_option_that_argparse_cannot_read_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert door.main(["run", "a.mp4", "--out=--", "--json"]) == 80
    said = capsys.readouterr()
    assert "argument --out: '--' is not a value" in said.err
    assert json.loads(said.out)["exit_code"] == 80


def test_the_help_of_run_begins_with_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    assert door.main(["run", "--help"]) == 0
    said = capsys.readouterr().out
    main = re.findall(r"^  (--[a-z-]+)", said.partition("this job:")[0], flags=re.MULTILINE)
    assert main[:9] == [
        "--clips", "--lengths", "--at", "--range", "--platform", "--style", "--language",
        "--captions", "--layout",
    ]  # fmt: skip
    assert said.index("this job:") < said.index("\ndownload:") < said.index("\nexamples:")


def test_a_bug_is_one_line_and_its_traceback_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, said = lines_of(ZeroDivisionError("oh"), monkeypatch, capsys)
    assert (code, len(said)) == (1, 1)
    found = re.fullmatch(r"error: a bug: ZeroDivisionError: oh \(details: (.+)\)", said[0])
    assert found is not None
    assert "Traceback" in Path(found[1]).read_text()


def test_help_and_version_need_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert door.main([]) == 0
    assert "usage: clipmill COMMAND" in capsys.readouterr().out
    assert door.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("clipmill ")


HELP = "from pipelines.__main__ import main; main(['--help'])"
ENGINES = (
    "from pipelines.dag import clips_dag; from pipelines.environments.choice import places_of; "
    "places_of(clips_dag(), {'source': 'a.mp4'})"
)


@pytest.mark.parametrize("work", [HELP, ENGINES], ids=["help", "choice of engines"])
def test_what_runs_no_step_imports_no_heavy_module(work: str) -> None:
    program = (
        f"import sys; {work}\n"
        "heavy = {'av', 'boto3', 'cv2', 'hera', 'httpx', 'numpy', 'onnxruntime', 'yt_dlp'}\n"
        "sys.stderr.write(' '.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["styles"], 0),
        (["models"], 0),
        (["models", "--json"], 0),
        (["verify", "nowhere", "--json"], 84),
        (["verify", "nowhere"], 84),
    ],
)
def test_the_code_is_the_commands_when_nobody_reads(words: list[str], code: int) -> None:
    """Output of any length, which Python may write at its end only."""
    own = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", *words],
        stdout=writer, stderr=subprocess.PIPE, text=True, env=own, check=False,
    )  # fmt: skip
    os.close(writer)
    assert done.returncode == code
    assert "Exception" not in done.stderr
