"""The interface of the broker programs behind the embedded broker's gate, and their common limits."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from yulelight.mqtt.gate import AdmittedClient

Program = Literal["auto", "mosquitto", "python"]
"""The choice of program; ``auto`` is mosquitto if it is installed."""
MAX_PACKET = 256 * 1024
MAX_UNSENT = 1024 * 1024
"""Bytes that may wait for a client that does not read, before it is disconnected."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Packets per second accepted from one client and from all together, sustained and in a burst."""

    client: float
    client_burst: float
    all: float
    all_burst: float


class Engine(Protocol):
    """A broker program that runs while its context is open. ``levels``: the supported MQTT protocol levels."""

    rates: Rates

    @property
    def name(self) -> str:
        """Its name for display."""

    @property
    def socket(self) -> Path | None:
        """The path of a socket on which it takes connections without the gate, for this program alone; None without
        one.
        """

    @property
    def levels(self) -> frozenset[int]:
        """See yulelight.mqtt.connect."""

    async def __aenter__(self) -> Self:
        """Start the program. Raises NetworkError."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the program."""

    async def serve(self, client: AdmittedClient) -> None:
        """Serve a client until it disconnects. Raises ConnectionError if it must be disconnected."""
