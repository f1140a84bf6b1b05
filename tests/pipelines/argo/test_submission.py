"""The Workflow that a submission is, and when two of them are the same job."""

import hashlib
import json
from typing import Any

import pytest
from hera.workflows import models as m
from hypothesis import given
from hypothesis import strategies as st

from pipelines.argo.errors import AlreadyThere, NoSuchJob
from pipelines.argo.submission import (
    LONGEST_CALLBACK,
    PARAMETER_BYTES,
    SPEC_HASH_LABEL,
    check_choices,
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
        ("talk", "", {"style": "x" * (PARAMETER_BYTES + 1)}, "--style is longer than 8192 bytes"),
        ("talk", "", {"source": "https://example.com/{{workflow.name}}"}, "--source holds {{"),
        (
            "talk",
            "",
            {"style": "é" * (PARAMETER_BYTES // 2 + 1)},
            "--style is longer than 8192 bytes",
        ),
        ("talk", "", {"style": "a\x7fb"}, "--style holds a character that Argo cannot pass on"),
        ("talk", "", {"style": "\x1b[1m"}, "--style holds a character"),
        ("talk", "", {"source": "s3://b/\U0001fae9.mp4"}, "--source holds a character"),
        ("talk", "", {"source": "s3://b/\udcff.mp4"}, "--source holds a character"),
        ("talk", "", {"callback": "backend.example.com/hook"}, "--callback is not a URL"),
        ("talk", "", {"callback": "ftp://backend.example.com"}, "--callback is not a URL"),
        ("talk", "", {"callback": "https://h/a b"}, "--callback is not a URL.*white space"),
        ("talk", "", {"callback": "https://h/a\nb"}, "--callback is not a URL.*white space"),
        ("talk", "", {"callback": "https:///hook"}, "--callback: the address has no host"),
        ("talk", "", {"callback": "https://[::1/hook"}, "--callback: the address is not valid"),
        (
            "talk",
            "",
            {"callback": "https://h/".ljust(LONGEST_CALLBACK + 1, "x")},
            "longer than 2000",
        ),
    ],
)
def test_bad_submissions_are_refused(
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
        (
            "talk",
            "",
            {"style": '{\n\t"font": "\u0645\u06cc\u200c\u062e\u00a0\U0001f468\u200d\U0001f469"}'},
        ),
        ("talk", "", {"callback": "https://h/".ljust(LONGEST_CALLBACK, "x")}),
        ("talk", "", {"callback": "HTTP://h:8080/?a=%20b"}),
    ],
)
def test_values_at_the_limits_are_accepted(job: str, owner: str, values: dict[str, str]) -> None:
    submission(job, "clipmill", {"source": SOURCE, **values}, owner=owner)


def test_the_hash_is_of_the_canonical_json() -> None:
    text = '["clipmill",{"clips":"3","source":"https://example.com/é"}]'
    parameters = {"source": "https://example.com/é", "clips": "3"}
    assert spec_hash("clipmill", parameters) == hashlib.sha256(text.encode()).hexdigest()[:32]


PARAMETERS = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4)


@given(PARAMETERS, PARAMETERS)
def test_the_hash_depends_on_parameters_but_not_on_their_order(
    one: dict[str, str], other: dict[str, str]
) -> None:
    assert (spec_hash("t", one) == spec_hash("t", other)) is (one == other)
    assert spec_hash("t", dict(reversed(one.items()))) == spec_hash("t", one)
    assert spec_hash("t", one) != spec_hash("u", one)
    assert len(spec_hash("t", one)) <= 63


class Jobs:
    """A server with the jobs that were made, and those that only its archive has."""

    def __init__(self, *archived: m.Workflow) -> None:
        self.live: dict[str, m.Workflow] = {}
        self.archived = {str(one.metadata.name): one for one in archived}

    def create(self, workflow: m.Workflow) -> m.Workflow:
        if workflow.metadata.name in self.live:
            raise AlreadyThere("it is there")
        return self.live.setdefault(str(workflow.metadata.name), workflow)

    def get(self, name: str) -> m.Workflow:
        try:
            return (self.archived | self.live)[name]
        except KeyError:
            raise NoSuchJob("it is not there") from None


def never() -> None:
    pytest.fail("there is nothing to prepare")


def test_a_new_job_is_prepared_then_created() -> None:
    mine, jobs = submission("talk", "clipmill", {"source": SOURCE}), Jobs()
    found_by_prepare: list[dict[str, m.Workflow]] = []
    assert submit(jobs, mine, lambda: found_by_prepare.append(dict(jobs.live))) == (mine, True)
    assert (found_by_prepare, jobs.live) == ([{}], {"talk": mine})


def test_a_job_that_cannot_be_prepared_is_not_created() -> None:
    def no() -> None:
        raise Refused("no")

    jobs = Jobs()
    with pytest.raises(Refused, match=r"^no$"):
        submit(jobs, submission("talk", "clipmill", {"source": SOURCE}), no)
    assert jobs.live == {}


@pytest.mark.parametrize("archived", [True, False])
def test_a_repeated_submission_is_the_same_job(archived: bool) -> None:
    there = submission("talk", "clipmill", {"source": SOURCE})
    jobs = Jobs(*[there] if archived else [])
    if not archived:
        jobs.create(there)
    again = submission("talk", "clipmill", {"source": SOURCE}, title="another title")
    assert submit(jobs, again, never) == (there, False)
    assert jobs.live == ({} if archived else {"talk": there})


def test_only_one_of_two_concurrent_submissions_creates_the_job() -> None:
    mine, jobs = submission("talk", "clipmill", {"source": SOURCE}), Jobs()
    theirs = submission("talk", "clipmill", {"source": SOURCE}, title="theirs")
    assert submit(jobs, mine, lambda: jobs.create(theirs)) == (theirs, False)


@pytest.mark.parametrize("hashed", [True, False])
@pytest.mark.parametrize("archived", [True, False])
def test_a_different_job_with_that_id_is_refused(hashed: bool, archived: bool) -> None:
    there = submission("talk", "clipmill", {"source": SOURCE})
    if not hashed:  # made by other hands
        del there.metadata.labels[SPEC_HASH_LABEL]
    jobs = Jobs(*[there] if archived else [])
    if not archived:
        jobs.create(there)
    with pytest.raises(Refused, match="talk exists with other options"):
        submit(jobs, submission("talk", "clipmill", {"source": SOURCE, "clips": "3"}), never)


def test_credentials_of_a_source_are_only_in_its_parameter() -> None:
    made = submission("talk", "clipmill", {"source": "https://me:pw@h/a.mp4?X-Amz-Signature=abc"})
    assert made.metadata.annotations["clipmill.dev/source"] == "https://h/a.mp4"
    assert made.spec.arguments.parameters[0].value.endswith("=abc")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"asr": "large", "speaker_method": "mouth"}, ""),
        ({"clips": "99"}, ""),
        ({"asr": "small"}, "--asr=small: this cluster offers large: the chart's values decide"),
        ({"speaker_method": "net"}, "--speaker-method=net: this cluster offers auto, mouth"),
    ],
)
def test_only_the_choices_of_the_installed_template_are_accepted(
    values: dict[str, str], message: str
) -> None:
    installed = m.WorkflowTemplate(
        metadata=m.ObjectMeta(name="clipmill"),
        spec=m.WorkflowSpec(
            arguments=m.Arguments(
                parameters=[
                    m.Parameter(name="asr", enum=["large"]),
                    m.Parameter(name="speaker-method", enum=["auto", "mouth"]),
                    m.Parameter(name="clips"),
                ]
            )
        ),
    )
    if not message:
        check_choices(installed, values)
        return
    with pytest.raises(BadInput) as caught:
        check_choices(installed, values)
    assert str(caught.value).startswith(message)
