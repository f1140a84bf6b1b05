"""The check of the Argo Server, against one with prepared answers."""

import json

import pytest

from pipelines.doctor.argo import server
from pipelines.doctor.outcome import Outcome
from tests.pipelines.argo.answering import answering

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Hera's own

LIST = json.dumps({"metadata": {}, "items": None})


def version(text: str) -> str:
    names = ("buildDate", "gitCommit", "gitTag", "gitTreeState", "goVersion", "compiler")
    return json.dumps({**dict.fromkeys(names, ""), "platform": "", "version": text})


def found(*answers: tuple[int, str], monkeypatch: pytest.MonkeyPatch) -> Outcome:
    with answering(*answers) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        (outcome,) = server("clips")
    return outcome


@pytest.mark.parametrize(
    ("text", "ok", "mend"),
    [
        ("v3.7.18", False, "4.0 or later"),
        ("v4.0.7+unknown", True, ""),
        ("v4.0.10", True, ""),
        ("v4.1.0", False, "4.1.2"),
        ("v4.1.1", False, "4.1.2"),
        ("v4.1.2", True, ""),
        ("latest+abcdef.dirty", False, "4.0 or later"),
    ],
)
def test_versions(monkeypatch: pytest.MonkeyPatch, text: str, ok: bool, mend: str) -> None:
    outcome = found((200, version(text)), (200, LIST), monkeypatch=monkeypatch)
    assert (outcome.ok, outcome.message) == (ok, text)
    assert mend in outcome.fix


def test_a_token_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = json.dumps({"code": 16, "message": "Unauthorized"})
    outcome = found((200, version("v4.0.7")), (401, refusal), monkeypatch=monkeypatch)
    assert outcome == Outcome(
        "argo server",
        ok=False,
        message="the Argo Server rejects the token (Unauthorized)",
        fix="set ARGO_TOKEN to the output of `kubectl -n clips create token clipmill-submitter`",
    )


def test_without_a_server_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARGO_SERVER", raising=False)
    (outcome,) = server("clips")
    assert outcome.ok
    assert "ARGO_SERVER is not set" in outcome.message
