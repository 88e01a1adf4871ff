"""The addresses at which phones in the local network can reach this machine."""

import ipaddress
from collections.abc import Iterable

import ifaddr

_INNER = ("docker", "br-", "veth", "virbr", "lxc", "lxd", "cni", "flannel", "podman", "vmnet", "hassio")
"""Prefixes of network interfaces used only by containers and virtual machines."""
_ANY_ADDRESS = ("0.0.0.0", "::", "")


def interfaces() -> list[tuple[str, str]]:
    """The name and an IPv4 address of each network interface. Blocking."""
    return [
        (adapter.name, str(ip.ip)) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4
    ]


def reachable(host: str, found: Iterable[tuple[str, str]], first: str = "") -> list[str]:
    """The addresses at which others reach a server on ``host``, the most suitable first; empty if it is local only.

    ``found``: names and addresses of the interfaces. ``first``: the address of the default route.
    """
    if host not in _ANY_ADDRESS:
        return [] if _is_inner("", host) else [host]
    outer = dict.fromkeys(address for name, address in found if not _is_inner(name, address))
    return sorted(outer, key=lambda address: address != first)


def in_url(host: str) -> str:
    """``host`` as written in a URL."""
    return f"[{host}]" if ":" in host else host


def _is_inner(name: str, address: str) -> bool:
    if name.startswith(_INNER) or address == "localhost":
        return True
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a name
        return False
    return parsed.is_loopback or parsed.is_link_local
