"""Network addresses as text, grouped by client."""

import ipaddress


def network_of(address: str | None) -> str:
    """The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address, within which a client
    can choose addresses freely.

    ``"?"`` if ``address`` is not an IP address.
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
