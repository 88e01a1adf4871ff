"""Which addresses of the network the service connects to when somebody else names them."""

import ipaddress
from typing import Literal

Reach = Literal["public", "lan", "any"]
"""``public``: the internet alone. ``lan``: private addresses, too. ``any``: this machine itself, too."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TEREDO = ipaddress.ip_network("2001::/32")
_LAN = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
"""Private networks of RFC 1918 and RFC 4193, and the one that providers and VPNs share (RFC 6598)."""


def within(address: str, reach: Reach) -> bool:
    """Whether a connection to ``address`` (a numeric one, as it is connected to) is within ``reach``.

    Link-local addresses are so only with ``any``: routers and clouds answer there with what is not for guests. An IPv6
    address that stands for one of IPv4 counts as that one.
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
    if any(ip.version == network.version and ip in network for network in _LAN):
        return reach == "lan"
    return ip.is_global and not ip.is_loopback and not ip.is_link_local


def _embedded_ipv4(ip: _Address) -> _Address:
    """The IPv4 address that an IPv6 one stands for; ``ip`` itself when it stands for none."""
    if ip.version == 4:
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip
