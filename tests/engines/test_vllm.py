"""vLLM for real, on the CPU, with a small model: in process, and as a server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from steps.__main__ import main
from steps.contract import Unusable
from steps.contract.receipt import Receipt
from steps.highlight import HighlightParams
from steps.highlight.engines import vllm
from steps.highlight.engines.material import Extract
from steps.highlight.engines.questions import CRITERIA, Asker
from steps.highlight.engines.readings import read_comparison, read_naming, read_rating
from steps.highlight.engines.stills import Stills
from steps.highlight.engines.vllm import LocalModel
from steps.model.answers import Answers, Question
from steps.model.clips import Clips, Summary
from steps.model.weights import named
from tests.engines import gemma
from tests.servers import LOOPBACK, free_ports
from tests.steps.highlight.injections import INJECTIONS, median_noise, median_places, shifts
from tests.steps.highlight.scripted import speech
from tests.steps.highlight.speech import words
from tests.steps.highlight.test_work import job

pytestmark = [pytest.mark.engines(environment="vllm"), pytest.mark.filterwarnings("ignore")]

READY_WITHIN_S = 900
TALK = (
    "I was terrified and then I laughed out loud. | Nobody in the room said a single word. "
    "| The committee thanked all members for the documentation. | You will never guess why! "
)
OPTIONS = ("--clips=1", "--lengths=5-8")
PLAN = ("plan.json", "summary.json", "answers.jsonl")


@pytest.fixture(scope="module")
def folder() -> Path:
    return gemma.made()


@pytest.fixture(scope="module")
def model(folder: Path) -> LocalModel:
    """The model, loaded once: that takes a minute."""
    weights = named(str(folder))
    return LocalModel(folder, weights.name, weights.sha256, Stills(None))


@pytest.fixture
def _loaded(model: LocalModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs of the step in this process use the loaded model."""
    monkeypatch.setattr(vllm, "LocalModel", lambda *_: model)


def highlight(place: Path, *options: str) -> Receipt:
    job(place, words(TALK))
    assert main(["highlight", *OPTIONS, *options, "--in", str(place), "--out", str(place)]) == 0
    return Receipt.from_file(place / "receipts/highlight.json")


def plan(place: Path) -> dict[str, bytes]:
    return {name: (place / name).read_bytes() for name in PLAN}


def test_the_same_questions_get_the_same_bytes_under_the_schema(model: LocalModel) -> None:
    asker = Asker(
        speech("I was terrified.", "Thank you all for coming.", "Then I laughed."),
        HighlightParams(),
    )
    questions = [
        asker.rating(Extract((0, 1, 2), (0,)), [0, 1]),
        asker.comparison([0, 1], [1, 2]),
        asker.naming([0, 1]),
        asker.telling([0, 1, 2], 2),
    ]
    first, again = model.reply(questions), model.reply(questions)
    assert first == again
    assert (model.asked.engine, model.asked.model) == ("vllm", gemma.FOLDER.name)
    assert list(read_rating(first[0])) == list(CRITERIA)
    assert 0 < read_comparison(first[1]) < 1000
    assert read_naming(first[2], []).layout
    assert len(first[0].digits) == len(CRITERIA)
    assert all(set(digit.milli_nats) == set("12345") for digit in first[0].digits)


def test_orders_in_speech_move_a_passage_no_further_than_other_words(model: LocalModel) -> None:
    """A fifth of the orders; `python -m tests.eval.injections` measures all, and lists figures.

    So small a model tells passages apart by little: any words move one by a quarter of the places.
    """

    def rate(questions: list[Question]) -> list[int]:
        return [sum(read_rating(reply).values()) for reply in model.at_once(questions)]

    found = shifts(rate, INJECTIONS[::5], candidates=20)
    assert len(found) == 10
    assert median_places(found) <= max(1, median_noise(found))


@pytest.mark.usefixtures("_loaded")
def test_a_plan_by_vllm_repeats_and_replays(folder: Path, tmp_path: Path) -> None:
    to_german = "--translate=de"
    named_model = ("--chooser=vllm", f"--llm-model={folder}", to_german)
    receipt = highlight(tmp_path / "a", *named_model)
    highlight(tmp_path / "b", *named_model)
    assert plan(tmp_path / "a") == plan(tmp_path / "b")
    assert Clips.from_file(tmp_path / "a/plan.json").method == "llm"
    translation = Summary.from_file(tmp_path / "a/summary.json").translation
    assert translation is not None
    assert translation.language == "de"
    # So small a model may write lines that are not taken; those that are stand for sentences.
    starts = {word.in_ms for word in words(TALK)}
    assert {line.in_ms for line in translation.lines} <= starts
    (chooser,) = (one for one in receipt.engines if one.param == "chooser")
    assert (chooser.name, chooser.promise) == ("vllm", "this-machine")
    assert named(str(folder)).sha256 in [one.sha256 for one in receipt.models]
    recording = tmp_path / "a/answers.jsonl"
    answers_kept = Answers.from_file(recording)
    assert answers_kept.asked.sha256 == named(str(folder)).sha256
    assert "translate" in {one.question.purpose for one in answers_kept.answers}
    highlight(tmp_path / "c", "--chooser=replay", f"--answers={recording}", to_german)
    assert plan(tmp_path / "c") == plan(tmp_path / "a")


def test_a_model_that_vllm_cannot_load_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "nobody-knows"}')
    with pytest.raises(Unusable, match=r"^vLLM cannot load broken: .+") as failed:
        LocalModel(tmp_path, "broken", "0" * 64, Stills(None))
    assert "\n" not in str(failed.value)


@pytest.fixture(scope="module")
def served(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real `vllm serve`."""
    scratch = tmp_path_factory.mktemp("serve")
    (port,) = free_ports(1)
    template, log = scratch / "talk.jinja", scratch / "log.txt"
    template.write_text(gemma.CHAT_TEMPLATE)
    argv = [
        sys.executable, "-m", "vllm.entrypoints.openai.api_server", f"--model={folder}",
        "--served-model-name=gemma", f"--host={LOOPBACK}", f"--port={port}", "--seed=0",
        "--enforce-eager", "--dtype=float32", f"--max-model-len={vllm.CONTEXT_TOKENS}",
        '--structured-outputs-config={"backend":"xgrammar","disable_any_whitespace":true}',
        f"--chat-template={template}",
    ]  # fmt: skip
    with log.open("wb") as stream:
        process = subprocess.Popen(
            argv, stdout=stream, stderr=stream, env={**vllm.ENVIRONMENT, **os.environ}
        )
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not answers(f"http://{LOOPBACK}:{port}/health"):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"vllm serve did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.5)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_a_plan_by_a_real_server_replays(served: str, tmp_path: Path) -> None:
    receipt = highlight(tmp_path / "a", "--chooser=openai", f"--llm-url={served}")
    # So small a model may write a text that is not taken; its choice counts.
    assert {item.code for item in receipt.degradations} <= {"texts-fallback"}
    assert Clips.from_file(tmp_path / "a/plan.json").method == "llm"
    recorded = Answers.from_file(tmp_path / "a/answers.jsonl")
    assert recorded.asked.model == "gemma"
    assert any(digit for answer in recorded.answers for digit in answer.reply.digits)
    highlight(tmp_path / "b", "--chooser=replay", f"--answers={tmp_path / 'a/answers.jsonl'}")
    assert plan(tmp_path / "b") == plan(tmp_path / "a")
