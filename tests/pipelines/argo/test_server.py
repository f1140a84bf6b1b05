"""The client against a server on the loopback interface with prepared answers."""

import json
import ssl
import subprocess
from pathlib import Path

import pytest
from urllib3.exceptions import InsecureRequestWarning

from pipelines.argo.errors import AlreadyThere, JobOver, NoSuchJob
from pipelines.argo.server import Server
from pipelines.argo.submission import submission
from steps.contract.errors import BadInput, Refused, StepError, Transient
from tests.comparisons import program
from tests.pipelines.argo.answering import answering
from tests.servers import free_ports

PAGE = "<!DOCTYPE html><html><body>Sign in</body></html>"
WORKFLOW = json.dumps({"metadata": {"name": "talk"}, "spec": {}})

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Hera's own


def said(message: str) -> str:
    return json.dumps({"code": 1, "message": message})


OVER = 'cannot shutdown a completed workflow: workflow: "talk", namespace: "clips"'


@pytest.mark.parametrize(
    ("code", "body", "leaf", "says"),
    [
        (400, said("bad label"), BadInput, "refused the request: bad label$"),
        (
            401,
            said("token not valid"),
            Refused,
            "not valid.*create token clipmill-submitter",
        ),
        (403, said('"x" is forbidden'), Refused, 'lacks a right: "x" is forbidden$'),
        (404, said('"talk" not found'), NoSuchJob, 'namespace clips: "talk" not found$'),
        (409, said('"talk" already exists'), AlreadyThere, "already exists"),
        (500, said(OVER), JobOver, "has already ended"),
        (500, said("etcd timeout"), Transient, "failed: etcd timeout: try again$"),
        (501, said("no"), Transient, "failed: no: try again$"),
        (403, PAGE, Refused, "it sent a web page$"),
        (404, "", NoSuchJob, "no message$"),
        (404, "two\nlines", NoSuchJob, "two lines$"),
        (404, '["no", "object"]', BadInput, "does not answer like an Argo Server"),
        (404, "{}", BadInput, "does not answer like an Argo Server"),
        (200, PAGE, BadInput, "does not answer like an Argo Server"),
        (200, "[]", BadInput, "does not answer like an Argo Server"),
        (200, '{"metadata": 3}', BadInput, "does not answer like an Argo Server"),
    ],
)
def test_each_answer_is_a_leaf_with_one_line(
    code: int, body: str, leaf: type[StepError], says: str
) -> None:
    with answering((code, body)) as there, pytest.raises(leaf, match=says) as caught:
        there.server.stop("talk")
    assert type(caught.value) is leaf
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_a_request_to_a_busy_server_is_repeated(code: int) -> None:
    with answering((code, said("busy")), (200, WORKFLOW)) as there:
        assert there.server.get("talk").metadata.name == "talk"
    assert len(there.asked) == 2


@pytest.mark.slow
def test_a_server_that_stays_busy_is_a_transient_error() -> None:
    with answering((503, said("busy"))) as there, pytest.raises(Transient, match="busy"):
        there.server.get("talk")
    assert len(there.asked) == 5


def test_a_creation_is_never_repeated() -> None:
    with answering((503, said("busy"))) as there, pytest.raises(Transient):
        there.server.create(submission("talk", "clipmill", {"source": "https://a/b.mp4"}))
    assert len(there.asked) == 1


def test_a_port_without_a_server() -> None:
    server = Server(f"http://127.0.0.1:{free_ports(1)[0]}", "", "clips")
    with pytest.raises(Transient, match="did not answer"):
        server.get("talk")


def test_an_https_url_of_a_plain_http_server() -> None:
    with answering((200, WORKFLOW)) as there:
        server = Server(there.url.replace("http:", "https:"), "", "clips")
        with pytest.raises(BadInput, match="does not answer with TLS"):
            server.stop("talk")


def test_requests_have_the_right_path_token_and_body() -> None:
    with answering((200, WORKFLOW)) as there:
        there.server.stop("talk")
        there.server.retry("talk", "phase!=Succeeded,name!=talk")
        Server(f"{there.url}/argo", "Bearer other", "clips").stop("talk")
        Server(there.url, "", "clips").create(submission("talk", "clipmill", {"source": "x"}))
    calls = [(method, path, token) for method, path, token, _ in there.asked]
    assert calls == [
        ("PUT", "/api/v1/workflows/clips/talk/stop", "Bearer secret"),
        ("PUT", "/api/v1/workflows/clips/talk/retry", "Bearer secret"),
        ("PUT", "/argo/api/v1/workflows/clips/talk/stop", "Bearer other"),
        ("POST", "/api/v1/workflows/clips", ""),
    ]
    created = json.loads(there.asked[-1][3])["workflow"]
    assert created["spec"]["workflowTemplateRef"] == {"name": "clipmill"}


def test_a_list_leaves_out_nodes() -> None:
    items = json.dumps({"metadata": {}, "items": [json.loads(WORKFLOW)]})
    with answering((200, items), (200, '{"metadata": {}, "items": null}')) as there:
        found = there.server.list("a=b", 3)
        assert [workflow.metadata.name for workflow in found] == ["talk"]
        assert there.server.list("a=b", 3) == []
    path = there.asked[0][1]
    assert "labelSelector=a%3Db" in path
    assert "limit=3" in path
    assert "nodes" not in path


def line(pod: str, content: str) -> str:
    return json.dumps({"result": {"podName": pod, "content": content}})


def test_logs_are_read_line_by_line() -> None:
    stream = "\n".join([line("talk-cut-1", "one"), "", f"data: {line('talk-cut-1', 'tëo')}", ""])
    with answering((200, stream)) as there:
        assert list(there.server.logs("talk", follow=False)) == [
            ("talk-cut-1", "one"),
            ("talk-cut-1", "tëo"),
        ]
    assert "logOptions.follow=false" in there.asked[0][1]


def test_logs_of_no_pods_are_empty() -> None:
    with answering((200, "")) as there:
        assert list(there.server.logs("talk", follow=True)) == []


@pytest.mark.parametrize(
    ("code", "stream", "leaf", "says"),
    [
        (404, said("not found"), NoSuchJob, "not found"),
        (200, PAGE, BadInput, "does not answer like an Argo Server"),
        (200, '{"other": 1}', BadInput, "does not answer like an Argo Server"),
        (200, '{"error": {"message": "pod\\ngone"}}', Refused, "broke off: pod gone"),
        (200, '{"error": {"http_code": 404, "message": "no job"}}', NoSuchJob, "off: no job"),
        (200, '{"error": {"http_code": 500, "message": "no watch"}}', Transient, "off: no watch"),
    ],
)
def test_logs_that_cannot_be_read(code: int, stream: str, leaf: type[StepError], says: str) -> None:
    with answering((code, stream)) as there, pytest.raises(leaf, match=says):
        list(there.server.logs("talk", follow=False))


@pytest.mark.parametrize("name", ["", "Talk", "../talk", "talk/log", "talk?x", "talk-", "tälk"])
def test_a_name_that_is_not_a_job_id_is_refused(name: str) -> None:
    with answering((200, WORKFLOW)) as there, pytest.raises(BadInput, match="is not a job id"):
        there.server.get(name)
    assert there.asked == []


VARIABLES = ("ARGO_SERVER", "ARGO_TOKEN", "ARGO_NAMESPACE", "ARGO_CA_FILE", "ARGO_SECURE",
             "ARGO_INSECURE_SKIP_VERIFY")  # fmt: skip


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({"ARGO_SERVER": "https://argo.example.com/"}, "https://argo.example.com"),
        ({"ARGO_SERVER": "argo.example.com:2746"}, "https://argo.example.com:2746"),
        ({"ARGO_SERVER": "localhost:2746", "ARGO_SECURE": "false"}, "http://localhost:2746"),
        ({"ARGO_SERVER": "https://example.com/argo"}, "https://example.com/argo"),
    ],
)
def test_the_address_is_read_as_argos_own_command_reads_it(
    bare: pytest.MonkeyPatch, environment: dict[str, str], url: str
) -> None:
    for name, value in environment.items():
        bare.setenv(name, value)
    found = Server.from_environment()
    assert (found.url, found.namespace, found.verify) == (url, "default", True)


def test_options_override_the_environment(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("ARGO_SERVER", "https://other.example.com")
    bare.setenv("ARGO_NAMESPACE", "other")
    bare.setenv("ARGO_TOKEN", " Bearer abc\n")
    bare.setenv("ARGO_INSECURE_SKIP_VERIFY", "true")
    found = Server.from_environment("http://a.example.com", "clips")
    assert found == Server("http://a.example.com", "Bearer abc", "clips", verify=False)


@pytest.mark.parametrize(
    ("url", "namespace", "says"),
    [
        ("", "", "ARGO_SERVER"),
        ("ftp://a.example.com", "", "is not the URL"),
        ("https://", "", "is not the URL"),
        ("https://a.example.com", "a/../b", "is not a namespace"),
    ],
)
def test_a_url_or_namespace_that_is_not_one(
    bare: pytest.MonkeyPatch, url: str, namespace: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        Server.from_environment(url, namespace)


def test_authorities_that_cannot_be_read(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare.setenv("ARGO_CA_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(BadInput, match="ARGO_CA_FILE"):
        Server.from_environment("https://a.example.com")


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that signs itself, with its key in the same file."""
    openssl = program("openssl", "the client's check of certificates with a real one")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=argo"]
    files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
    subprocess.run([openssl, *words, *files], check=True, capture_output=True)
    certificate.write_text(certificate.read_text() + key.read_text())
    return certificate


def test_a_certificate_must_be_trusted(self_signed: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed)
    with answering((200, WORKFLOW), tls=context) as there:
        with pytest.raises(BadInput, match="untrusted certificate: set ARGO_CA_FILE"):
            there.server.stop("talk")
        Server(there.url, "", "clips", ca_file=str(self_signed)).stop("talk")
        with pytest.warns(InsecureRequestWarning):
            Server(there.url, "", "clips", verify=False).stop("talk")
