"""Who may come in: the bearer token, compared in constant time, and a bounded memory of failed attempts."""

import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Callable

MAX_FAILURES = 10
WINDOW = 60.0
MAX_ADDRESSES = 1024


class TooManyAttempts(Exception):  # noqa: N818
    """This address has guessed too often. ``retry_after``: seconds until it may try again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many wrong tokens from this address; try again in {retry_after} s")
        self.retry_after = retry_after


class Gate:
    """Checks tokens and slows down who guesses: ``MAX_FAILURES`` wrong ones in ``WINDOW`` seconds an address.

    An IPv6 client counts as its /64, of which it can pick addresses freely. The memory holds
    ``MAX_ADDRESSES`` and forgets the oldest first.
    """

    def __init__(self, token: str, clock: Callable[[], float]) -> None:
        self._token = token.encode()
        self._clock = clock
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def check(self, token: str, address: str | None) -> bool:
        """Whether ``token`` is right. Once an address guessed too often: TooManyAttempts, right or wrong."""
        now = self._clock()
        key = _network(address)
        started, count = self._failures.get(key, (now, 0))
        if now - started >= WINDOW:
            started, count = now, 0
        if count >= MAX_FAILURES:
            raise TooManyAttempts(max(1, round(WINDOW - (now - started))))
        if hmac.compare_digest(token.encode(errors="surrogatepass"), self._token):
            self._failures.pop(key, None)
            return True
        self._failures[key] = (started, count + 1)
        self._failures.move_to_end(key)
        while len(self._failures) > MAX_ADDRESSES:
            self._failures.popitem(last=False)
        return False


def bearer(header: str | None) -> str | None:
    """The token of an ``Authorization: Bearer …`` header; None when there is none, "" for another scheme."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def same_origin(origin: str | None, host: str | None) -> bool:
    """Whether a browser's ``Origin`` names the host it talks to. None: its own page, or no browser."""
    if origin is None:
        return True
    _, separator, rest = origin.partition("://")
    return bool(separator) and host is not None and rest.lower() == host.lower()


def _network(address: str | None) -> str:
    try:
        ip = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return "?"
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
