"""Pairing without typing a token: a program asks, and a signed-in user allows it.

Pure: the caller passes the time in seconds.
"""

import hmac
import secrets
from dataclasses import dataclass, field, replace
from enum import StrEnum

from yulelight.actors import Broadcast
from yulelight.core.address import network_of
from yulelight.core.attempts import Attempts, TooManyAttempts

LIFETIME = 300.0
"""Seconds that a request waits for its answer."""
MAX_PENDING = 8
"""Maximum number of pending requests, one per address."""
MAX_ASKS = 10
"""Maximum number of requests from one address within ``LIFETIME``."""


class Answer(StrEnum):
    """The result of a request."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """A request for the token. Both sides show ``code``, so that the user allows the right request."""

    id: str
    name: str
    """The name given by the program; it is not verified."""
    address: str
    code: str
    secret: str = field(repr=False)
    """Known only to the program, and needed to fetch the answer."""
    expires: float
    answer: Answer = Answer.WAITING


class PairingRequests:
    """The pending requests, and their answers until they are fetched. Bounded in number and time."""

    def __init__(self) -> None:
        self.changes: Broadcast[None] = Broadcast()
        """Published to when a request arrives, is answered or is withdrawn."""
        self._requests: dict[str, PairingRequest] = {}
        self._asked = Attempts(MAX_ASKS, LIFETIME, "too many pairing requests from this address")

    def ask(self, name: str, address: str | None, now: float) -> PairingRequest:
        """Adds a request, which replaces an earlier one from this address. Raises TooManyAttempts."""
        self._asked.check(address, now)
        self._expire(now)
        others = {
            id: each for id, each in self._requests.items() if network_of(each.address) != network_of(address)
        }
        if len(others) >= MAX_PENDING:
            first = min(each.expires for each in others.values())
            raise TooManyAttempts("too many others want to pair", max(1, round(first - now)))
        self._asked.add(address, now)
        request = PairingRequest(
            secrets.token_hex(8),
            name,
            address or "",
            _code({each.code for each in others.values()}),
            secrets.token_urlsafe(32),
            now + LIFETIME,
        )
        self._requests = {**others, request.id: request}
        self.changes.publish(None)
        return request

    def waiting(self, now: float) -> tuple[PairingRequest, ...]:
        """Requests without an answer, oldest first."""
        self._expire(now)
        return tuple(each for each in self._requests.values() if each.answer is Answer.WAITING)

    def decide(self, id: str, allow: bool, now: float) -> bool:
        """Answers a request; False if it does not exist or has been answered."""
        self._expire(now)
        request = self._requests.get(id)
        if request is None or request.answer is not Answer.WAITING:
            return False
        self._requests[id] = replace(request, answer=Answer.ALLOWED if allow else Answer.REFUSED)
        self.changes.publish(None)
        return True

    def fetch(self, id: str, secret: str, now: float) -> Answer | None:
        """The answer, which can be fetched once; None for an unknown request or a wrong secret."""
        request = self._mine(id, secret, now)
        if request is None:
            return None
        if request.answer is not Answer.WAITING:
            del self._requests[id]
        return request.answer

    def withdraw(self, id: str, secret: str, now: float) -> bool:
        """Withdraws a request."""
        if self._mine(id, secret, now) is None:
            return False
        del self._requests[id]
        self.changes.publish(None)
        return True

    def _mine(self, id: str, secret: str, now: float) -> PairingRequest | None:
        self._expire(now)
        request = self._requests.get(id)
        given = secret.encode(errors="surrogatepass")
        return request if request and hmac.compare_digest(given, request.secret.encode()) else None

    def _expire(self, now: float) -> None:
        self._requests = {id: each for id, each in self._requests.items() if each.expires > now}


def _code(taken: set[str]) -> str:
    """Four digits not used by any other request."""
    while (code := f"{secrets.randbelow(10_000):04}") in taken:
        pass
    return code
