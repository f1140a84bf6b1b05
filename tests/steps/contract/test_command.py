"""The door of a step: what it leaves on disk and which code it ends with."""

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from steps.contract import Weights, WeightsFile, errors
from steps.contract.command import main
from steps.contract.receipt import Receipt, RunRecord
from steps.storage.cache import open_cache
from tests.steps.contract.example import ECHO, ONE_CLIP, Words

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A job folder with the step's input."""
    (tmp_path / "words.txt").write_text("so it goes")
    return tmp_path


def echo(folder: Path, *options: str) -> int:
    return main(ECHO, [f"--out={folder}", *options], open_cache)


def receipt_of(folder: Path, task: str = "echo") -> Receipt:
    return Receipt.from_file(folder / f"receipts/{task}.json")


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


PARTS = {"parts/so.txt", "parts/it.txt", "parts/goes.txt"}
GIVEN, TOLD = {"words.txt"}, {"receipts/echo.json", "runs/echo.json"}


def test_outputs_receipt_and_record(folder: Path) -> None:
    assert echo(folder, "--times=2", "--loud=true", "--source-url=https://x/y") == 0
    assert files_of(folder) == GIVEN | TOLD | PARTS | {"words.json"}
    words = Words.from_file(folder / "words.json").words
    assert words == ("SO", "IT", "GOES", "SO", "IT", "GOES")
    receipt = receipt_of(folder)
    assert receipt.failure is None
    assert receipt.params == {"times": "2", "loud": "true", "style": "plain", "fault": ""}
    assert [item.path for item in receipt.inputs] == ["words.txt"]
    assert {item.path for item in receipt.outputs} == PARTS | {"words.json"}
    assert list(receipt.packages) == ["pydantic"]
    record = RunRecord.from_file(folder / "runs/echo.json")
    assert (record.exit_code, record.cache_hit, record.attempt) == (0, False, 0)


def test_the_same_run_leaves_the_same_bytes_anywhere(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "deep"
    assert echo(folder) == 0
    assert echo(other, f"--in={folder}", "--job=j", "--attempt=3") == 0
    for path in ("receipts/echo.json", "words.json"):
        assert (folder / path).read_bytes() == (other / path).read_bytes()
    assert RunRecord.from_file(other / "runs/echo.json").attempt == 3


def test_optional_inputs_count_and_fallbacks_are_noted_once(folder: Path) -> None:
    (folder / "note.txt").write_text("note")
    echo(folder)
    receipt = receipt_of(folder)
    assert [item.path for item in receipt.inputs] == ["words.txt", "note.txt"]
    assert [item.code for item in receipt.degradations] == ["note"]


@pytest.mark.parametrize("leaf", errors.LEAVES)
def test_every_leaf_has_its_exit_code(folder: Path, leaf: type[errors.StepError]) -> None:
    assert echo(folder, f"--fault={leaf.__name__}") == leaf.exit_code
    failure = receipt_of(folder).failure
    assert failure is not None
    assert (failure.exit_code, failure.error) == (leaf.exit_code, leaf.__name__)
    assert failure.message == "it went wrong: do that"
    assert files_of(folder) == GIVEN | TOLD
    assert RunRecord.from_file(folder / "runs/echo.json").exit_code == leaf.exit_code


def test_exit_codes_are_distinct_and_none_is_argos() -> None:
    codes = [leaf.exit_code for leaf in errors.LEAVES]
    assert len(set(codes)) == len(codes)
    assert not {0, 1, 2, 64, 65, 130, 137, 143} & set(codes)


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("bug", 1, "a bug in echo: KeyError"),
        ("undeclared_output", 84, "does not declare that it writes other.txt"),
        ("undeclared_input", 84, "does not declare that it reads other.txt"),
        ("undeclared_weights", 84, "does not declare the weights x"),
        ("wrong_document", 84, "words.json is not a valid clipmill/test-words@1: words.0"),
        ("no_output", 84, "echo did not write words.json"),
        ("no_permission", 86, "no permission to use /somewhere/else"),
        ("no_memory", 86, "no memory left"),
        ("no_memory_in_a_library", 86, "no memory left"),
        ("too_many_files", 86, "too many files are open"),
        ("read_only", 86, "read-only disk"),
        ("heap_address", 83, "[mov] moov atom not found in <Stream object>"),
        pytest.param(
            "full_disk", 86, "no space is left on the disk",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here"),
        ),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_and_a_code(folder: Path, fault: str, code: int, words: str) -> None:
    assert echo(folder, f"--fault={fault}") == code
    failure = receipt_of(folder).failure
    assert failure is not None
    assert words in failure.message
    assert "hunter" not in failure.message
    assert files_of(folder) == GIVEN | TOLD


def test_a_file_larger_than_allowed(folder: Path) -> None:
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, allowed[1]))
    try:
        assert echo(folder, "--fault=too_large") == 86
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert files_of(folder) == GIVEN | TOLD


def test_a_missing_input(tmp_path: Path) -> None:
    assert echo(tmp_path) == 84
    failure = receipt_of(tmp_path).failure
    assert failure is not None
    assert failure.message.startswith("the input words.txt is missing from ")


def test_an_input_that_changed_since_it_was_made(folder: Path, tmp_path: Path) -> None:
    assert echo(folder) == 0
    made = Receipt.from_file(folder / "receipts/echo.json")
    made = made.model_copy(update={"task": "first", "outputs": made.inputs})
    (folder / "receipts/first.json").write_bytes(made.canonical_bytes())
    assert echo(folder) == 0
    (folder / "words.txt").write_text("so it gone")
    assert echo(folder) == 84
    failure = receipt_of(folder).failure
    assert failure is not None
    assert failure.message.startswith("words.txt is not what first wrote")
    (folder / "receipts/first.json").write_text("{")
    assert echo(folder) == 0


def test_an_output_folder_that_is_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert echo(folder / "words.txt", f"--in={folder}") == 80
    assert "cannot use" in capsys.readouterr().err
    assert files_of(folder) == GIVEN


def test_a_receipt_that_cannot_be_written_leaves_no_output(folder: Path) -> None:
    (folder / "receipts").write_text("a file where the folder should be")
    assert echo(folder) == 80
    assert files_of(folder) - {"receipts"} == GIVEN | {"runs/echo.json"}


def test_a_failure_takes_back_the_receipt_of_an_earlier_success(folder: Path) -> None:
    echo(folder)
    assert echo(folder, "--fault=BadInput") == 80
    receipt = receipt_of(folder)
    assert receipt.failure is not None
    assert receipt.outputs == ()


def test_outputs_of_an_earlier_run_do_not_linger(folder: Path) -> None:
    """A later step must not take a file of another input for one of this."""
    (folder / "parts").mkdir()
    (folder / "parts/of-another-task.txt").write_text("stays")
    echo(folder, "--style=fancy")
    assert "extra.txt" in files_of(folder)
    (folder / "words.txt").write_text("so be it")
    echo(folder)
    kept = {"parts/so.txt", "parts/be.txt", "parts/it.txt", "parts/of-another-task.txt"}
    assert files_of(folder) == GIVEN | TOLD | kept | {"words.json"}


def test_outputs_of_a_run_before_a_failed_one_do_not_linger(folder: Path) -> None:
    """The next step reads a whole folder: a file of another plan would change its result."""
    echo(folder)
    (folder / "words.txt").write_text("so be it")
    for _ in range(2):
        assert echo(folder, "--fault=BadInput") == 80
    assert "parts/goes.txt" in files_of(folder)
    echo(folder)
    kept = {"parts/so.txt", "parts/be.txt", "parts/it.txt"}
    assert files_of(folder) == GIVEN | TOLD | kept | {"words.json"}


def test_an_earlier_receipt_cannot_name_files_outside(folder: Path) -> None:
    (folder / "job").mkdir()
    echo(folder / "job", f"--in={folder}")
    receipt = receipt_of(folder / "job")
    evil = receipt.outputs[0].model_copy(update={"path": "parts/../../words.txt"})
    data = receipt.model_copy(update={"outputs": (evil,)}).canonical_bytes()
    (folder / "job/receipts/echo.json").write_bytes(data)
    assert echo(folder / "job", f"--in={folder}") == 0
    assert (folder / "words.txt").exists()


@pytest.mark.parametrize(
    "options",
    [["--times=9"], ["--style=x"], ["--loud=maybe"], ["--unknown=1"], ["stray"], ["--time=1"]],
)
def test_bad_options_are_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert echo(folder, *options) == 80
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert options[0].strip("-").partition("=")[0] in lines[0]
    assert files_of(folder) == GIVEN, "no task was named, so none failed"


def test_a_task_of_one_clip_has_its_own_receipt(folder: Path) -> None:
    argv = [f"--out={folder}", "--clip=clip_07"]
    assert main(ONE_CLIP, argv, open_cache) == 0
    assert receipt_of(folder, "one-clip_07").outputs[0].path == "clips/clip_07.txt"
    (folder / "words.txt").unlink()
    assert main(ONE_CLIP, argv, open_cache) == 84
    assert receipt_of(folder, "one-clip_07").failure is not None


@pytest.mark.parametrize("options", [["--clip=../../x"], ["--clip=clip_07", "--level=9"], []])
def test_a_clip_that_is_not_named_leaves_no_receipt(folder: Path, options: list[str]) -> None:
    assert main(ONE_CLIP, [f"--out={folder}", *options], open_cache) == 80
    assert files_of(folder) == GIVEN


def test_without_out_nothing_happens(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ECHO, [f"--in={folder}"], open_cache) == 80
    assert "--out is missing" in capsys.readouterr().err


def test_check_of_a_step_that_is_ready() -> None:
    assert main(ECHO, ["--check"], open_cache) == 0


@pytest.mark.parametrize(("content", "code"), [(None, 80), (b"damaged", 84), (b"pinned", 0)])
def test_check_verifies_the_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, code: int
) -> None:
    monkeypatch.setenv("CLIPMILL_WEIGHTS_DIR", str(tmp_path))
    sha256 = hashlib.sha256(b"pinned").hexdigest()
    pinned = Weights(name="net", files=(WeightsFile(path="net.onnx", sha256=sha256),))
    if content is not None:
        (tmp_path / "net").mkdir()
        (tmp_path / "net/net.onnx").write_bytes(content)
    assert main(replace(ECHO, weights=(pinned,)), ["--check"], open_cache) == code


@pytest.mark.parametrize("work", ["no.such.module:run", f"{__name__}:no_such_function"])
def test_check_imports_the_work(work: str) -> None:
    assert main(replace(ECHO, work=work), ["--check"], open_cache) == 1


def process(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "tests.steps.contract.example", f"--out={folder}", *options]
    environment = {**os.environ, "CLIPMILL_LOG": "json"}
    return subprocess.Popen(argv, cwd=ROOT, env=environment, stderr=subprocess.PIPE)


def test_sigterm_in_the_middle_leaves_nothing(folder: Path) -> None:
    with process(folder, "--fault=terminated") as running:
        _, errors_said = running.communicate()
    assert running.returncode == errors.INTERRUPTED_EXIT_CODE
    assert json.loads(errors_said.splitlines()[-1])["event"] == "interrupted"
    assert files_of(folder) == GIVEN


def test_what_a_killed_run_left_is_cleared_by_the_next(folder: Path) -> None:
    with process(folder, "--fault=killed") as running:
        running.communicate()
    assert running.returncode == -signal.SIGKILL
    left = files_of(folder) - GIVEN
    assert left
    assert all(path.startswith(".partial-echo/") for path in left)
    assert echo(folder) == 0
    assert files_of(folder) == GIVEN | TOLD | PARTS | {"words.json"}
