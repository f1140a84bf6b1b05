from ipaddress import ip_address

import pytest

from steps.contract.errors import Refused
from steps.storage.addresses import ALLOW_VARIABLE, is_public, resolved


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192",
        "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "fc00::1", "fd00:ec2::254", "fe80::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::a00:1",
        "2001:0:53aa:64c:0:fbfe:f5ff:fffe", "2001:db8::1", "fec0::1",
    ],
)  # fmt: skip
def test_private_addresses(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8",
             "64:ff9b::808:808"],
)  # fmt: skip
def test_public_addresses(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "::1"])
def test_hosts_inside_are_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOW_VARIABLE, raising=False)
    with pytest.raises(Refused, match="private address"):
        resolved(host, 80)


def test_one_private_answer_of_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", ("8.8.8.8", 80)), (2, 1, 6, "", ("10.0.0.7", 80))]
    monkeypatch.delenv(ALLOW_VARIABLE, raising=False)
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_named: answers)
    with pytest.raises(Refused):
        resolved("two.example", 80)


def test_private_hosts_can_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, "1")
    assert resolved("127.0.0.1", 80) == (ip_address("127.0.0.1"),)
