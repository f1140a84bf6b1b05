"""The Argo client reaches a server inside the network, but no link-local address."""

import pytest

from pipelines.argo.connection import Session
from steps.contract.errors import Refused
from steps.storage.addresses import ALLOW_VARIABLE
from tests.steps.download.served import Site, serving


def test_a_server_inside_the_network_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOW_VARIABLE, raising=False)
    with serving(Site(b"yes")) as site:
        answer = Session().get(site.url.replace("127.0.0.1", "localhost"))
    assert answer.content == b"yes"
    assert site.asked[0][2]["Host"] == f"localhost:{site.port}"


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]"])
def test_link_local_addresses_are_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, "1")
    with pytest.raises(Refused, match="always refused"):
        Session().get(f"http://{host}/api/v1/version")
