"""The Workflow that a submission is, and when two of them are the same job."""

import hashlib
import json
from typing import Any

import pytest
from hera.workflows import models as m
from hypothesis import given
from hypothesis import strategies as st

from pipelines.argo.answers import AlreadyThere
from pipelines.argo.submission import (
    PARAMETER_BYTES,
    SPEC_HASH_LABEL,
    spec_hash,
    submission,
    submit,
)
from steps.contract.errors import BadInput, Refused

SOURCE = "https://example.com/talk.mp4"


def made(job: str = "talk-1", owner: str = "", **values: str) -> dict[str, Any]:
    workflow = submission(job, "clipmill", {"source": SOURCE, **values}, owner=owner)
    found: dict[str, Any] = json.loads(workflow.json(by_alias=True, exclude_none=True))
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_submission_has_a_name_labels_and_parameters_and_nothing_else() -> None:
    assert made(max_height_px="720", owner="alice") == {
        "metadata": {
            "name": "talk-1",
            "labels": {
                "app.kubernetes.io/name": "clipmill",
                "clipmill.dev/owner": "alice",
                "clipmill.dev/spec-hash": spec_hash(
                    "clipmill", {"source": SOURCE, "max-height-px": "720", "owner": "alice"}
                ),
            },
            "annotations": {
                "clipmill.dev/source": SOURCE,
                "workflows.argoproj.io/title": "talk-1",
            },
        },
        "spec": {
            "arguments": {
                "parameters": [
                    {"name": "max-height-px", "value": "720"},
                    {"name": "source", "value": SOURCE},
                    {"name": "owner", "value": "alice"},
                ]
            },
            "workflowTemplateRef": {"name": "clipmill"},
        },
    }


@pytest.mark.parametrize(
    ("job", "owner", "values", "says"),
    [
        ("Talk", "", {}, "job id"),
        ("-talk", "", {}, "job id"),
        ("talk_1", "", {}, "job id"),
        ("", "", {}, "job id"),
        ("t" * 64, "", {}, "63"),
        ("talk", "alice@example.com", {}, "--owner"),
        ("talk", "-alice", {}, "--owner"),
        ("talk", "a" * 64, {}, "--owner"),
        ("talk", "", {"style": "x" * (PARAMETER_BYTES + 1)}, "--style is over 8192 bytes"),
        ("talk", "", {"source": "https://example.com/{{workflow.name}}"}, "--source holds {{"),
        ("talk", "", {"style": "é" * (PARAMETER_BYTES // 2 + 1)}, "--style is over 8192 bytes"),
    ],
)
def test_what_argo_would_refuse_is_refused_first(
    job: str, owner: str, values: dict[str, str], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        submission(job, "clipmill", {"source": SOURCE, **values}, owner=owner)


@pytest.mark.parametrize(
    ("job", "owner", "values"),
    [
        ("t" * 63, "a" * 63, {}),
        ("0", "a.b_c-D", {}),
        ("talk", "", {"style": "x" * PARAMETER_BYTES}),
    ],
)
def test_at_the_limits_it_is_taken(job: str, owner: str, values: dict[str, str]) -> None:
    submission(job, "clipmill", {"source": SOURCE, **values}, owner=owner)


def test_the_hash_is_of_the_canonical_json() -> None:
    text = '["clipmill",{"clips":"3","source":"https://example.com/é"}]'
    parameters = {"source": "https://example.com/é", "clips": "3"}
    assert spec_hash("clipmill", parameters) == hashlib.sha256(text.encode()).hexdigest()[:32]


PARAMETERS = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4)


@given(PARAMETERS, PARAMETERS)
def test_the_hash_tells_parameters_apart_and_not_their_order(
    one: dict[str, str], other: dict[str, str]
) -> None:
    assert (spec_hash("t", one) == spec_hash("t", other)) is (one == other)
    assert spec_hash("t", dict(reversed(one.items()))) == spec_hash("t", one)
    assert spec_hash("t", one) != spec_hash("u", one)
    assert len(spec_hash("t", one)) <= 63


class OneJob:
    """A server with one job."""

    def __init__(self, there: m.Workflow | None) -> None:
        self.there = there

    def create(self, workflow: m.Workflow) -> m.Workflow:
        if self.there is not None:
            raise AlreadyThere("it is there")
        return workflow

    def get(self, name: str) -> m.Workflow:
        assert self.there is not None
        assert name == self.there.metadata.name
        return self.there


def test_a_new_job_is_created() -> None:
    mine = submission("talk", "clipmill", {"source": SOURCE})
    assert submit(OneJob(None), mine) == (mine, True)


def test_the_same_again_is_the_same_job() -> None:
    there = submission("talk", "clipmill", {"source": SOURCE})
    again = submission("talk", "clipmill", {"source": SOURCE}, title="another title")
    assert submit(OneJob(there), again) == (there, False)


@pytest.mark.parametrize("hashed", [True, False])
def test_another_job_under_that_id_is_refused(hashed: bool) -> None:
    there = submission("talk", "clipmill", {"source": SOURCE})
    if not hashed:  # made by other hands
        del there.metadata.labels[SPEC_HASH_LABEL]
    with pytest.raises(Refused, match="talk exists with other options"):
        submit(OneJob(there), submission("talk", "clipmill", {"source": SOURCE, "clips": "3"}))
