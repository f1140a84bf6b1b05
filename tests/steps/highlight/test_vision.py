"""`--vision`: three pictures of a passage go along to a model that sees."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from steps.highlight.engines.stills import PICTURES, Stills
from steps.model.answers import Answers
from steps.model.clips import Clips
from steps.model.stills import still_name
from steps.model.timing import Span
from tests.steps.highlight.llm_server import (
    Body,
    LlmServer,
    Said,
    completion,
    highlight,
    honest,
    purpose,
)


def still(time_ms: int) -> bytes:
    """A JPEG file of one grey."""
    return cv2.imencode(".jpg", np.full((36, 64, 3), time_ms // 1000 * 3, np.uint8))[1].tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A job's folder with a still every two seconds."""
    stills = tmp_path / "job" / "stills"
    stills.mkdir(parents=True)
    for time_ms in range(0, 60_000, 2000):
        (stills / still_name(time_ms)).write_bytes(still(time_ms))
    return tmp_path / "job"


def seeing(body: Body) -> Said:
    """The answer of a model that gets text with pictures where it should."""
    content = body["messages"][1]["content"]
    if isinstance(content, str):
        assert purpose(body) not in ("rate", "name")
        return honest(body)
    text, *pictures = content
    assert len(pictures) == PICTURES
    for one in pictures:
        assert one["type"] == "image_url"
        kind, _, data = one["image_url"]["url"].partition(",")
        assert kind == "data:image/jpeg;base64"
        pixels = np.frombuffer(base64.b64decode(data, validate=True), np.uint8)
        assert cv2.imdecode(pixels, cv2.IMREAD_COLOR).shape == (36, 64, 3)
    message = {**body["messages"][1], "content": text["text"]}
    return honest({**body, "messages": [body["messages"][0], message]})


def test_a_server_gets_three_pictures_of_each_passage(server: LlmServer, folder: Path) -> None:
    server.answer = seeing
    receipt = highlight(folder, f"--llm-url={server.address}", "--vision=true")
    assert receipt.degradations == ()
    assert {purpose(body) for body in server.asked if not text_only(body)} == {"rate", "name"}
    recording = folder / "answers.jsonl"
    recorded = Answers.from_file(recording)
    known = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("stills/*")}
    shown = {one for answer in recorded.answers for one in answer.question.pictures}
    assert shown <= known
    clips = (folder / "plan.json").read_bytes()
    again = highlight(folder, "--chooser=replay", f"--answers={recording}", "--vision=true")
    assert again.degradations == ()
    assert (folder / "plan.json").read_bytes() == clips


def text_only(body: Body) -> bool:
    return isinstance(body["messages"][1]["content"], str)


def test_without_the_option_no_picture_goes_along(server: LlmServer, folder: Path) -> None:
    highlight(folder, f"--llm-url={server.address}")
    assert all(map(text_only, server.asked))


def test_a_job_without_stills_says_so(server: LlmServer, tmp_path: Path) -> None:
    receipt = highlight(tmp_path, f"--llm-url={server.address}", "--vision=true")
    assert [one.code for one in receipt.degradations] == ["no-pictures"]
    assert Clips.from_file(tmp_path / "plan.json").method == "llm"


def test_a_model_that_does_not_see_ends_in_the_scorer_s_plan(
    server: LlmServer, folder: Path
) -> None:
    server.answer = lambda body: (
        completion("{}") if text_only(body) else (400, {"error": {"message": "text only, please"}})
    )
    receipt = highlight(folder, f"--llm-url={server.address}", "--vision=true")
    (degradation,) = receipt.degradations
    assert degradation.code == "chooser-fallback"
    assert "text only, please" in degradation.message


def test_pictures_are_those_on_screen_at_three_moments(folder: Path) -> None:
    stills = Stills(folder / "stills")
    expected = [hashlib.sha256(still(time_ms)).hexdigest() for time_ms in (12_000, 16_000, 20_000)]
    assert stills.of(Span(in_ms=11_000, out_ms=23_000)) == tuple(expected)
    assert len(stills.of(Span(in_ms=4000, out_ms=4600))) == 1  # one picture, once
    assert Stills(None).of(Span(in_ms=0, out_ms=9000)) == ()
