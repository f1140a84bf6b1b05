"""answers.jsonl: what a language model was asked and what it answered, to replay a plan.

JSON Lines: the first line says who was asked, each other line is an answer. An answer is found
again by its key: the SHA-256 of everything that decides it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection
from typing import Annotated, Any, ClassVar, Literal, Self

import rfc8785
from pydantic import Field, model_validator

from steps.contract import Document, Value
from steps.model.timing import check_unique

MAX_ANSWERS = 1000
MAX_PROMPT_CHARACTERS = 100_000
"""A question holds one window of bounded length; this is far above."""
MAX_ANSWER_CHARACTERS = 20_000
MAX_DIGITS = 1000
DIGITS = "0123456789"

Purpose = Literal["rate", "compare", "name", "tell", "translate"]
"""Digits for a passage, the better of two, texts for a clip, texts for the source, sentences in
another language."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ShortText = Annotated[str, Field(max_length=300)]
Prompt = Annotated[str, Field(max_length=MAX_PROMPT_CHARACTERS)]
MilliNats = Annotated[int, Field(ge=-100_000, le=0)]


class Asked(Value):
    """Who was asked, and how: the same for every question of a recording.

    Attributes:
        engine: `vllm` or `openai`.
        version: of the engine's package; empty for a server.
        model: its name; a server's own name for it.
        sha256: of the model's files, or empty for a server's.
        seed: of the sampling, whose temperature is always 0.
        alternatives: how many log-probabilities were asked for at each token.
    """

    engine: ShortText
    version: ShortText = ""
    model: ShortText
    sha256: Sha256 | Literal[""] = ""
    seed: int = 0
    alternatives: Annotated[int, Field(ge=0, le=100)] = 20


class Question(Value):
    """One request: the exact text, and the schema that the answer has to follow.

    Attributes:
        purpose: what the answer is for.
        system: the instructions.
        prompt: the material; it holds speech of the source, which can give no orders.
        answer_schema: a JSON schema, as text.
        most_tokens: the answer ends here at the latest.
        pictures: the SHA-256 of each JPEG file that goes along.
    """

    purpose: Purpose
    system: Prompt
    prompt: Prompt
    answer_schema: Prompt
    most_tokens: Annotated[int, Field(ge=1, le=100_000)]
    pictures: Annotated[tuple[Sha256, ...], Field(max_length=10)] = ()

    @property
    def weighed(self) -> bool:
        """Whether the log-probabilities of the answer's digits matter."""
        return self.purpose in ("rate", "compare")

    def key(self, asked: Asked) -> str:
        """The SHA-256 of the question and of whom it is put to."""
        parts: dict[str, Any] = {"asked": asked.model_dump(), "question": self.model_dump()}
        return hashlib.sha256(rfc8785.dumps(parts)).hexdigest()


class Digit(Value):
    """How sure the model was of one digit of its answer.

    Attributes:
        at: the digit's place in the text of the answer, in characters.
        milli_nats: thousandths of the natural logarithm of the probability, by digit.
    """

    at: Annotated[int, Field(ge=0, le=MAX_ANSWER_CHARACTERS)]
    milli_nats: dict[Annotated[str, Field(pattern=r"^[0-9]$")], MilliNats]

    def expected_thousandths(self, among: Collection[int]) -> int | None:
        """The expected value over the digits that the model weighed.

        Args:
            among: the digits that the schema allows. Engines give a model's log-probabilities as
                they were before the schema narrowed them.

        Returns:
            None if none of these digits was weighed.
        """
        odds = {
            int(digit): math.exp(nats / 1000)
            for digit, nats in self.milli_nats.items()
            if int(digit) in among
        }
        total = math.fsum(odds.values())
        if not total:
            return None
        return round(1000 * math.fsum(digit * one for digit, one in odds.items()) / total)

    @model_validator(mode="after")
    def _weighed(self) -> Digit:
        if not self.milli_nats:
            raise ValueError(f"the digit at {self.at} has no probability")
        return self


class Reply(Value):
    """What the model said.

    Attributes:
        text: as it came; it follows the schema only where the engine enforces it.
        digits: of its tokens that are one digit, in order; empty where the engine gives no
            log-probabilities.
    """

    text: Annotated[str, Field(max_length=MAX_ANSWER_CHARACTERS)]
    digits: Annotated[tuple[Digit, ...], Field(max_length=MAX_DIGITS)] = ()


class Answer(Value):
    """A question with its reply, under the question's key."""

    key: Sha256
    question: Question
    reply: Reply


class Answers(Document):
    """All that one run asked of one model, in the order of asking.

    Attributes:
        prompts: the SHA-256 of the package's prompts.
        failures: why questions of a purpose got no reply, so that a replay fails alike.
    """

    MEDIA_TYPE: ClassVar[str] = "application/jsonl"

    kind: Literal["clipmill/answers@2"] = "clipmill/answers@2"
    asked: Asked
    prompts: Sha256
    failures: dict[Purpose, Annotated[str, Field(max_length=1000)]] = Field(default_factory=dict)
    answers: Annotated[tuple[Answer, ...], Field(max_length=MAX_ANSWERS)]

    def canonical_bytes(self) -> bytes:
        """One line for who was asked, and one for each answer, each in the form of RFC 8785."""
        whole = self.model_dump(mode="json")
        lines = (whole, *whole.pop("answers"))
        return b"".join(rfc8785.dumps(line) + b"\n" for line in lines)

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "") -> Self:
        """Parse and check the lines; raises as `Document.from_bytes` does."""
        head, *lines = data.strip().split(b"\n")
        whole = head.rstrip().removesuffix(b"}") + b',"answers":[' + b",".join(lines) + b"]}"
        return super().from_bytes(whole, name)

    @model_validator(mode="after")
    def _keyed(self) -> Answers:
        check_unique((answer.key for answer in self.answers), "the key")
        for answer in self.answers:
            if answer.key != answer.question.key(self.asked):
                raise ValueError(f"the key {answer.key[:12]}… is not that of its question")
        return self


def weighed_digits(tokens: list[tuple[str, dict[str, float]]], text: str) -> tuple[Digit, ...]:
    """The digits among an answer's tokens, with their log-probabilities.

    Args:
        tokens: each token's text, and the natural logarithms of its alternatives by their text.
        text: the whole answer. Tokens that do not spell it say nothing about its digits.
    """
    if not "".join(token for token, _ in tokens).startswith(text):
        return ()
    found, at = [], 0
    for token, alternatives in tokens:
        sign = token.strip()
        if len(sign) == 1 and sign in DIGITS and at < len(text):
            weighed: dict[str, int] = {}
            for other, nats in sorted(alternatives.items()):
                digit = other.strip()
                if len(digit) == 1 and digit in DIGITS:
                    bounded = round(1000 * min(0.0, max(-100.0, nats)))
                    weighed[digit] = max(weighed.get(digit, -100_000), bounded)
            if sign in weighed and len(weighed) > 1:
                place = at + len(token) - len(token.lstrip())
                found.append(Digit(at=place, milli_nats=weighed))
        at += len(token)
    return tuple(found)
