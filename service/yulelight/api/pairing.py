"""Pairing without typing a token: a program asks, a person who is signed in already allows it.

Pure: the caller passes the time in. Seconds throughout.
"""

import hmac
import secrets
from dataclasses import dataclass, field, replace
from enum import StrEnum

from yulelight.actors import Broadcast
from yulelight.core.address import network_of
from yulelight.core.attempts import Attempts, TooManyAttempts

LIFETIME = 300.0
"""How long a request waits for its answer."""
MAX_PENDING = 8
"""Requests that wait at the same time, one from an address."""
MAX_ASKS = 10
"""Requests from one address within ``LIFETIME``."""


class Answer(StrEnum):
    """What became of a request."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """Somebody who wants the token. Both sides show ``code``: a person allows the request that shows his own."""

    id: str
    name: str
    """What the program calls itself; anybody can claim any name."""
    address: str
    code: str
    secret: str = field(repr=False)
    """Known to the program alone: who has it may fetch the answer."""
    expires: float
    answer: Answer = Answer.WAITING


class PairingRequests:
    """The requests that wait, and their answers until they are fetched. Bounded in number and time."""

    def __init__(self) -> None:
        self.changes: Broadcast[None] = Broadcast()
        """Published to when a request comes, is answered or is taken back."""
        self._requests: dict[str, PairingRequest] = {}
        self._asked = Attempts(MAX_ASKS, LIFETIME, "too many pairing requests from this address")

    def ask(self, name: str, address: str | None, now: float) -> PairingRequest:
        """A new request, which replaces an earlier one of this address. Raises TooManyAttempts."""
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
        """Those without an answer, oldest first."""
        self._expire(now)
        return tuple(each for each in self._requests.values() if each.answer is Answer.WAITING)

    def decide(self, id: str, allow: bool, now: float) -> bool:
        """Answer a request; False when there is none that waits for it."""
        self._expire(now)
        request = self._requests.get(id)
        if request is None or request.answer is not Answer.WAITING:
            return False
        self._requests[id] = replace(request, answer=Answer.ALLOWED if allow else Answer.REFUSED)
        self.changes.publish(None)
        return True

    def fetch(self, id: str, secret: str, now: float) -> Answer | None:
        """The answer, which is told once; None for an unknown request or a wrong secret."""
        request = self._mine(id, secret, now)
        if request is None:
            return None
        if request.answer is not Answer.WAITING:
            del self._requests[id]
        return request.answer

    def withdraw(self, id: str, secret: str, now: float) -> bool:
        """Whoever asked wants it no more."""
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
    """Four digits that no other request shows."""
    while (code := f"{secrets.randbelow(10_000):04}") in taken:
        pass
    return code
