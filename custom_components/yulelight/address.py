"""Parses the address of a service in any form that people use."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from yarl import URL


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` as it stands in a URL without brackets; ``token`` is empty unless the text held one."""

    host: str
    port: int
    token: str = ""


def parse_address(text: str, port: int) -> Address:
    """Parse a host name or IP address with or without port, or the URL of the service's page.

    >>> parse_address("http://house.local:8771/#token=abc", 8770)
    Address(host='house.local', port=8771, token='abc')

    A port in ``text`` takes precedence over ``port``. Raises ValueError if ``text`` is not an address for plain HTTP.
    """
    text = text.strip()
    if text.count(":") > 1 and "[" not in text and "//" not in text:
        text = f"[{text}]"  # A bare IPv6 address.
    url = URL(text if "//" in text else f"http://{text}")
    if url.scheme != "http" or not url.host or url.user is not None:
        raise ValueError(text)
    token = parse_qs(url.fragment).get("token", [""])[0]
    found = Address(url.host, url.explicit_port or port, token)
    URL.build(scheme="http", host=found.host, port=found.port)  # Invalid for a request.
    return found
