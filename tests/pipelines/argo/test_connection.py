"""The Argo client reaches a server inside the network, but no link-local address."""

from pathlib import Path

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


def test_the_token_counts_and_not_the_users_netrc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving(Site(b"yes")) as site:
        Session().get(site.url, headers={"Authorization": "Bearer token"})
        Session().get(site.url)
    sent = [headers.get("Authorization") for _, _, headers in site.asked]
    assert sent == ["Bearer token", None]


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]"])
def test_link_local_addresses_are_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, "1")
    with pytest.raises(Refused, match="always refused"):
        Session().get(f"http://{host}/api/v1/version")
