"""A language model on a server with OpenAI's protocol, asked for JSON under a schema.

Every wait has an end, and a server that is only busy is asked again. What a server says is
untrusted too: it is bounded, and shown as one printable line.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from pydantic import BaseModel, Field, ValidationError

from steps.contract import Unusable
from steps.contract.errors import BadInput, Refused, Transient, one_line
from steps.contract.redaction import hidden
from steps.highlight.engines.protocol import Unanswered
from steps.highlight.engines.stills import Stills
from steps.model.answers import (
    MAX_ANSWER_CHARACTERS,
    Asked,
    Question,
    Reply,
    weighed_digits,
)
from steps.storage.http import CONNECT_S, checked_address, client, status_text

ANSWER_S = 240.0
"""The longest wait for one answer: a small model on a CPU reads 2,000 tokens in a minute."""
AT_ONCE = 4
"""Questions that wait for an answer at the same time: a server computes them together."""
LIST_S = 20.0
TRIES = 3
PAUSE_S = 2.0
MAX_ANSWER_BYTES = 4_000_000
"""Log-probabilities of 200 tokens take about 500 kB."""
_PASSING = (408, 409, 425, 429, 500, 502, 503, 504)


class _Named(BaseModel):
    token: str
    logprob: float


class _Weighed(_Named):
    top_logprobs: list[_Named] = Field(default_factory=list)


class _Logprobs(BaseModel):
    content: list[_Weighed] | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Model]


class ServedModel:
    """A model on a server.

    Attributes:
        asked: its name there.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        stills: Stills,
        key: str = "",
        allow_private: bool = False,
        wait_s: float = 0,
    ) -> None:
        """Find the model on the server.

        Args:
            url: the API's address, with or without `/v1` at its end.
            model: its name; empty for the only one.
            stills: the pictures that questions name.
            key: sent as a bearer token, if not empty.
            allow_private: whether the address may be private.
            wait_s: how long to wait for a server that is not ready yet.

        Raises:
            Unusable: the address is wrong or refused, the server is not there, or it has no such
                model.
        """
        try:
            base = str(checked_address(url)).rstrip("/")
        except BadInput as error:
            raise Unusable(f"--llm-url: {error}") from error
        self._base = base if base.endswith("/v1") else f"{base}/v1"
        self._shown = one_line(hidden(self._base), limit=100)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._allow_private, self._stills = allow_private, stills
        self.asked = Asked(engine="openai", model=self._name(model, wait_s))

    def reply(self, questions: Sequence[Question]) -> Sequence[Reply]:
        """One reply to each question; see `LanguageModel.reply`.

        The first goes alone, so that the others find what they begin with in the server's cache.
        """
        replies = [self._answer(question) for question in questions[:1]]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [pool.submit(self._answer, question) for question in questions[1:]]
            try:
                return replies + [one.result() for one in waiting]
            finally:
                pool.shutdown(cancel_futures=True)  # after a failure the rest is not asked

    def _answer(self, question: Question) -> Reply:
        body = self._asking(question)
        for pause_s in (*(PAUSE_S * (turn + 1) for turn in range(TRIES - 1)), None):
            try:
                code, answer = self._exchange("POST", "/chat/completions", body, ANSWER_S)
            except (Transient, Refused) as error:
                raise Unanswered(str(error)) from error
            if code not in _PASSING or pause_s is None:
                break
            time.sleep(pause_s)
        if code != 200:
            raise Unanswered(f"{self._shown} answered {status_text(code)}{_said(answer)}")
        return read_completion(answer, self._shown)

    def _asking(self, question: Question) -> dict[str, Any]:
        form = {
            "name": question.purpose,
            "schema": json.loads(question.answer_schema),
            "strict": True,
        }
        weighed: dict[str, Any] = {}
        if question.weighed:
            weighed = {"logprobs": True, "top_logprobs": self.asked.alternatives}
        return {
            "model": self.asked.model,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": self._stills.content(question)},
            ],
            "response_format": {"type": "json_schema", "json_schema": form},
            "temperature": 0,
            "seed": self.asked.seed,
            "max_tokens": question.most_tokens,
            **weighed,
        }

    def _name(self, wanted: str, wait_s: float) -> str:
        ends_s = time.monotonic() + wait_s
        while True:
            try:
                code, answer = self._exchange("GET", "/models", None, LIST_S)
            except Refused as error:
                raise Unusable(f"{error} (--llm-url, CLIPMILL_LLM_URL)") from error
            except Transient as error:
                reason = str(error)
            else:
                if code == 200:
                    return self._chosen(wanted, answer)
                reason = f"{self._shown} answered {status_text(code)}{_said(answer)}"
                if code not in _PASSING:
                    raise Unusable(f"{reason}: check --llm-url and CLIPMILL_LLM_KEY")
            if time.monotonic() >= ends_s:
                raise Unusable(f"{reason}: start the server, or check --llm-url")
            time.sleep(PAUSE_S)

    def _chosen(self, wanted: str, answer: bytes) -> str:
        try:
            names = [model.id for model in _Models.model_validate_json(answer).data]
        except ValidationError as error:
            raise Unusable(
                f"{self._shown} does not list its models as OpenAI's protocol does: check --llm-url"
            ) from error
        listed = one_line(", ".join(sorted(names)[:10]) or "none")
        if wanted and wanted not in names:
            raise Unusable(f"{self._shown} has no model {wanted!r}: it has {listed}")
        if not wanted and len(names) != 1:
            raise Unusable(
                f"{self._shown} has {len(names)} models: choose by --llm-model ({listed})"
            )
        return wanted or names[0]

    def _exchange(
        self, method: str, path: str, body: dict[str, Any] | None, within_s: float
    ) -> tuple[int, bytes]:
        """Status and body.

        Raises:
            Transient: the server cannot be reached, or does not answer in time.
            Refused: the address may not be connected to, or the answer is too large.
        """
        try:
            with (
                client(within_s, within_s, allow_private=self._allow_private) as web,
                web.stream(
                    method,
                    f"{self._base}{path}",
                    json=body,
                    headers=self._headers,
                    timeout=httpx.Timeout(within_s, connect=CONNECT_S),
                ) as answer,
            ):
                return answer.status_code, _bounded(answer, self._shown)
        except httpx.HTTPError as error:
            reason = one_line(str(error) or type(error).__name__)
            raise Transient(f"{self._shown} does not answer ({reason})") from error


def read_completion(answer: bytes, server: str) -> Reply:
    """The reply in a server's answer.

    Raises:
        Unanswered: it holds none, is refused, or ends before its end.
    """
    try:
        choice = _Completion.model_validate_json(answer).choices[0]
    except ValidationError as error:
        raise Unanswered(f"{server} does not answer as OpenAI's protocol does") from error
    if choice.message.refusal:
        raise Unanswered(f"the model refused: {one_line(choice.message.refusal, limit=120)}")
    text = choice.message.content or ""
    if choice.finish_reason == "length" or len(text) > MAX_ANSWER_CHARACTERS:
        raise Unanswered("the answer is cut off: the model did not come to an end")
    if not text.strip():
        raise Unanswered(f"the model said nothing (it ended with {choice.finish_reason!r})")
    tokens = choice.logprobs.content if choice.logprobs else None
    weighed = [
        (one.token, {other.token: other.logprob for other in (one, *one.top_logprobs)})
        for one in tokens or ()
    ]
    return Reply(text=text, digits=weighed_digits(weighed, text) if weighed else ())


def _bounded(answer: httpx.Response, server: str) -> bytes:
    found = bytearray()
    for piece in answer.iter_bytes():
        found += piece
        if len(found) > MAX_ANSWER_BYTES:
            raise Refused(f"{server} sends more than {MAX_ANSWER_BYTES:,} bytes")
    return bytes(found)


def _said(answer: bytes) -> str:
    """A server's own words about an error, if it has any."""
    text = one_line(answer[:2000].decode(errors="replace"), limit=160)
    return f" ({text})" if text else ""
