"""Which network addresses the service connects to when the address comes from somebody else."""

import ipaddress
from typing import Literal

Reach = Literal["public", "lan", "any"]
"""``public``: only the internet. ``lan``: private addresses, too. ``any``: this machine itself, too."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TEREDO = ipaddress.ip_network("2001::/32")
_PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
"""Private networks (RFC 1918 and RFC 4193)."""
_LAN = (*_PRIVATE, ipaddress.ip_network("100.64.0.0/10"))
"""Also the shared address space of providers and VPNs (RFC 6598)."""


def within(address: str, reach: Reach) -> bool:
    """Whether ``reach`` permits a connection to ``address``, which must be numeric.

    Link-local addresses need ``any``: routers and cloud services answer there with private data. An IPv6 address that
    embeds an IPv4 address counts as that address.
    """
    try:
        ip: _Address = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    ip = _embedded_ipv4(ip)
    if ip.is_multicast or ip.is_unspecified:
        return False
    if reach == "any":
        return True
    if ip in _TEREDO:
        return False
    if _in_any(ip, _LAN):
        return reach == "lan"
    return ip.is_global and not ip.is_loopback and not ip.is_link_local


def nearby(address: str | None) -> bool:
    """Whether the client at ``address`` is on this machine or in its local network: private or link-local addresses.

    An IPv6 address that contains an IPv4 address counts as public, except for the IPv4 clients of an IPv6 port.
    """
    try:
        ip: _Address = ipaddress.ip_address((address or "").split("%", maxsplit=1)[0])
    except ValueError:
        return False
    if ip.version == 6 and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_loopback or ip.is_link_local or _in_any(ip, _PRIVATE)


def _in_any(ip: _Address, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    return any(ip.version == network.version and ip in network for network in networks)


def _embedded_ipv4(ip: _Address) -> _Address:
    """The IPv4 address embedded in ``ip``; ``ip`` itself if there is none."""
    if ip.version == 4:
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip
