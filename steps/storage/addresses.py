"""Which addresses may be connected to: none inside the network, whatever the name of the host.

A URL with a harmless name can lead to the cloud's metadata service or to a neighbour, at once or
after a redirect. So a host is resolved once, every address is checked, and the connection goes to a
checked address.
"""

from __future__ import annotations

import os
import socket
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from steps.contract.errors import Refused, Transient

ALLOW_VARIABLE = "CLIPMILL_ALLOW_PRIVATE_HOSTS"
"""`1` allows private addresses for sources and callbacks: a cluster's own servers."""

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_NEVER = tuple(
    ip_network(text)
    for text in (
        "169.254.0.0/16",  # link-local; the metadata service of most clouds
        "fe80::/10",  # link-local
        "168.63.129.16/32",  # Azure's host
        "192.0.0.192/32",  # Oracle's metadata service
        "100.100.100.200/32",  # Alibaba's metadata service
        "fd00:ec2::/32",  # Amazon's metadata service
        "fd20:ce::254/128",  # Google's metadata service
    )
)
"""Refused always: they hand out the credentials of the machine."""

_REFUSED = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "fec0::/10",  # site-local, of old
        "::/96",  # IPv4-compatible
    )
)

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """Whether an address is on the open internet; an IPv4 address inside an IPv6 one counts."""
    if isinstance(address, IPv6Address) and address.teredo:
        return False
    if (inner := _embedded(address)) is not None:
        return is_public(inner)
    if _is_in(address, _REFUSED) or not is_allowed_inside(address):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_allowed_inside(address: Address) -> bool:
    """Whether an address may be connected to where private addresses are allowed."""
    inner = _embedded(address)
    return not any(_is_in(one, _NEVER) for one in (address, inner) if one is not None)


def resolved(host: str, port: int, *, allow_private: bool = False) -> tuple[Address, ...]:
    """The addresses of a host, IPv4 first, after a check of all of them.

    Args:
        host: a name or an address.
        port: of the service.
        allow_private: whether addresses inside the network are allowed whatever the environment
            says; link-local ones never are.

    Raises:
        Refused: an address is not on the open internet, and `$CLIPMILL_ALLOW_PRIVATE_HOSTS` is not
            1; an address is never allowed; or no host has that name.
        Transient: the resolver does not answer.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise Transient(f"the name {host!r} could not be looked up: try again") from error
        raise Refused(f"there is no host {host!r}: check the address") from error
    except UnicodeError as error:
        raise Refused(f"{host!r} is not a valid host name: check the address") from error
    found = tuple(dict.fromkeys(_plain(str(answer[4][0])) for answer in answers))
    allow_private = allow_private or os.environ.get(ALLOW_VARIABLE) == "1"
    for address in found:
        if not is_allowed_inside(address):
            raise Refused(
                f"{host} has the private address {address}, which is link-local or a cloud's "
                "metadata service and is always refused: use another address"
            )
        if not allow_private and not is_public(address):
            raise Refused(
                f"{host} has the private address {address}, which is refused "
                f"(set {ALLOW_VARIABLE}=1 to allow private addresses)"
            )
    return tuple(sorted(found, key=lambda address: address.version))


def _embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, if any."""
    if isinstance(address, IPv4Address):
        return None
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and any(address in network for network in _NAT64):
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner


def _is_in(address: Address, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address.version == one.version and address in one for one in networks)


def _plain(text: str) -> Address:
    return ip_address(text.partition("%")[0])
