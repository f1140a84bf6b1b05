"""Which hosts may be spoken to: none inside the network, whatever their name.

A URL that is harmless by its name can lead to the cloud's metadata service or to a neighbour, at
once or after a redirect. So a host is resolved once, every address is judged, and the connection
goes to a judged address.
"""

from __future__ import annotations

import os
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from steps.contract.errors import Refused, Transient

ALLOW_VARIABLE = "CLIPMILL_ALLOW_PRIVATE_HOSTS"
"""`1` lets sources come from private addresses, and callbacks go there: a cluster's own servers."""

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_REFUSED = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure's host, a public number
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata service
        "192.88.99.0/24",  # 6to4 relays
        "fec0::/10",  # site-local, of old
        "::/96",  # IPv4-compatible
    )
)

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """Whether an address is on the open internet; what is embedded in IPv6 counts."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            return False
        if inner is None and any(address in network for network in _NAT64):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    if any(address.version == net.version and address in net for net in _REFUSED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolved(host: str, port: int) -> tuple[Address, ...]:
    """The addresses of a host, in the resolver's order, all of them judged.

    Raises:
        Refused: one of them is not on the open internet, and `$CLIPMILL_ALLOW_PRIVATE_HOSTS` is
            not 1; or no host has that name.
        Transient: the resolver does not answer.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise Transient(f"the name {host} could not be looked up: try again") from error
        raise Refused(f"no host is called {host}: check the address") from error
    except UnicodeError as error:
        raise Refused(f"{host} is no name of a host: check the address") from error
    found = tuple(dict.fromkeys(_plain(str(answer[4][0])) for answer in answers))
    if os.environ.get(ALLOW_VARIABLE) != "1":
        for address in found:
            if not is_public(address):
                raise Refused(
                    f"{host} is a private address, which is not spoken to "
                    f"(set {ALLOW_VARIABLE}=1 to allow it)"
                )
    return found


def _plain(text: str) -> Address:
    return ip_address(text.partition("%")[0])
