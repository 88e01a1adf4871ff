"""Network addresses as text: which of them count as one client."""

import ipaddress


def network_of(address: str | None) -> str:
    """What counts as one client: an IPv4 address, or the /64 of an IPv6 one, in which it can pick addresses freely.

    ``"?"`` for what is no address.
    """
    try:
        ip = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return "?"
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
