"""Authentication: the bearer token, compared in constant time, and limits on failed attempts."""

import hmac
from collections.abc import Callable, Mapping

from yulelight.core.attempts import Attempts

MAX_FAILURES = 10
WINDOW = 60.0


class Gate:
    """Checks tokens, and permits ``MAX_FAILURES`` wrong ones per address in ``WINDOW`` seconds."""

    def __init__(self, token: str, clock: Callable[[], float]) -> None:
        self._token = token.encode()
        self._clock = clock
        self._failures = Attempts(MAX_FAILURES, WINDOW, "too many wrong tokens from this address")

    def check(self, token: str, address: str | None) -> bool:
        """Whether ``token`` is valid. After too many failures of an address, even the right one raises
        TooManyAttempts.
        """
        now = self._clock()
        self._failures.check(address, now)
        if hmac.compare_digest(token.encode(errors="surrogatepass"), self._token):
            self._failures.forgive(address)
            return True
        self._failures.add(address, now)
        return False


def bearer(header: str | None) -> str | None:
    """The token of an ``Authorization: Bearer …`` header; None if there is none, "" for another scheme."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def by_ingress(remote: str | None, headers: Mapping[str, str], ingress: str | None) -> bool:
    """Whether the request comes through Home Assistant's ingress, which has authenticated the user."""
    return ingress is not None and remote == ingress and "X-Ingress-Path" in headers


def same_origin(origin: str | None, host: str | None) -> bool:
    """Whether a browser's ``Origin`` is the host that it talks to. None: not a cross-origin request, or not a
    browser.
    """
    if origin is None:
        return True
    _, separator, rest = origin.partition("://")
    return bool(separator) and host is not None and rest.lower() == host.lower()
