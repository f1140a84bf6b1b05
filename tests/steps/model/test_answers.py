"""answers.jsonl: keys, digits and what their tokens say."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.errors import BrokenContract
from steps.model.answers import Answer, Answers, Asked, Digit, Question, Reply, weighed_digits

QUESTION = Question(
    purpose="rate", system="Rate.", prompt="A passage.", answer_schema="{}", most_tokens=9
)
ASKED = Asked(engine="openai", model="m")
LIKELY = {"7": -0.5, "2": -1.0, "x": -0.1}


@pytest.mark.parametrize(
    "changed",
    [{"system": "Rate!"}, {"prompt": "B"}, {"answer_schema": "[]"}, {"most_tokens": 8}],
)
def test_the_key_is_that_of_the_exact_question(changed: dict[str, object]) -> None:
    assert QUESTION.model_copy(update=changed).key(ASKED) != QUESTION.key(ASKED)


@pytest.mark.parametrize(
    "changed",
    [{"engine": "vllm"}, {"model": "n"}, {"version": "1"}, {"sha256": "0" * 64}, {"seed": 1}],
)
def test_the_key_is_that_of_who_was_asked(changed: dict[str, object]) -> None:
    assert QUESTION.key(ASKED.model_copy(update=changed)) != QUESTION.key(ASKED)


@pytest.mark.parametrize(
    ("tokens", "text", "expected"),
    [
        ([('{"a":', {}), ("7", LIKELY), ("}", {})], '{"a":7}', {5: {"2": -1000, "7": -500}}),
        ([('{"a":', {}), (" 7", {" 7": -0.5, "2": -1.0}), ("}", {})], '{"a": 7}',
         {6: {"2": -1000, "7": -500}}),
        ([('{"a":7', LIKELY), ("}", {})], '{"a":7}', {}),
        ([("7", {"7": -0.5}), ("", {})], "7", {}),  # no other digit was weighed
        ([("7", LIKELY), ("<end>", {})], "7", {0: {"2": -1000, "7": -500}}),
        ([("8", LIKELY)], "7", {}),  # the tokens spell something else
        ([("7", {"7": 1e-9, "2": -math.inf})], "7", {0: {"2": -100_000, "7": 0}}),
        ([("²", {"²": -1.0, "2": -1.0})], "²", {}),
    ],
)  # fmt: skip
def test_digits_among_tokens(
    tokens: list[tuple[str, dict[str, float]]], text: str, expected: dict[int, dict[str, int]]
) -> None:
    assert {one.at: one.milli_nats for one in weighed_digits(tokens, text)} == expected


@given(st.dictionaries(st.sampled_from("0123456789"), st.integers(-100_000, 0), min_size=1))
def test_the_expected_digit_lies_among_the_weighed_ones(weighed: dict[str, int]) -> None:
    expected = Digit(at=0, milli_nats=weighed).expected_thousandths(range(1, 6))
    allowed = [1000 * int(one) for one in weighed if one in "12345"]
    assert (expected is None) == (not allowed)
    assert expected is None or min(allowed) <= expected <= max(allowed)


def test_an_answer_under_another_key_is_refused() -> None:
    answer = Answer(key=QUESTION.key(ASKED), question=QUESTION, reply=Reply(text="{}"))
    kept = Answers(asked=ASKED, prompts="0" * 64, answers=(answer,)).canonical_bytes()
    assert Answers.from_bytes(kept).answers == (answer,)
    with pytest.raises(BrokenContract, match="is not that of its question"):
        Answers.from_bytes(kept.replace(b"A passage.", b"A message."))
    with pytest.raises(BrokenContract, match="used twice"):
        Answers.from_bytes(kept + kept.splitlines()[1])


def test_a_recording_has_a_line_for_each_answer() -> None:
    questions = [QUESTION.model_copy(update={"prompt": f"A\n\u2028{at}"}) for at in range(3)]
    answers = tuple(
        Answer(key=one.key(ASKED), question=one, reply=Reply(text="}")) for one in questions
    )
    for some in (answers, ()):
        kept = Answers(asked=ASKED, prompts="0" * 64, failures={"name": "no"}, answers=some)
        data = kept.canonical_bytes()
        assert data.count(b"\n") == 1 + len(some)
        assert Answers.from_bytes(data) == kept
        assert Answers.from_bytes(data.rstrip() + b"\n\n") == kept


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"x\ny", b'{"kind":"clipmill/answers@2"}\n{'])
def test_what_is_no_recording_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenContract, match="clipmill/answers@2"):
        Answers.from_bytes(data, "the recording")
