"""The program behind the embedded broker's gate: what one must do, and what is common to both."""

from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self

from yulelight.mqtt.gate import AdmittedClient

Program = Literal["auto", "mosquitto", "python"]
"""Which one; ``auto`` is mosquitto where it is installed."""
MAX_PACKET = 256 * 1024
MAX_UNSENT = 1024 * 1024
"""Bytes that may wait for a client that does not read; then it is disconnected."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Packets a second that are taken from one client and from all together, in the long run and at once."""

    client: float
    client_burst: float
    all: float
    all_burst: float


class Engine(Protocol):
    """A broker program, running while its context is. ``levels``: of MQTT, those that it speaks."""

    rates: Rates

    @property
    def name(self) -> str:
        """What people know it by."""

    @property
    def levels(self) -> frozenset[int]:
        """See yulelight.mqtt.connect."""

    async def __aenter__(self) -> Self:
        """Start it. Raises NetworkError."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""

    async def serve(self, client: AdmittedClient) -> None:
        """Until the client has gone. Raises ConnectionError when it has to."""
