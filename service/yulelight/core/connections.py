"""Limits the connections of a listening port, in total and per address, and chooses which to close when it is full.

A *stranger* is a client that has not yet presented the token or password. Strangers may use only a part of the
connections; when that part is full, the oldest stranger is closed in favour of the newest. A client that knows the
secret presents it within milliseconds, so idle connections can neither lock out other clients nor use up the file
descriptors of the process.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from yulelight.core.address import network_of
from yulelight.core.throttle import Throttle

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many connections of each kind there may be."""

    total: int = 384
    by_address: int = 96
    strangers: int = 128
    strangers_by_address: int = 32


class Connection:
    """One connection, counted until :meth:`leave`."""

    def __init__(self, network: str, close: Callable[[], None], places: "Connections") -> None:
        self.network = network
        self.stranger = True
        self.close = close
        self._places = places

    def known(self) -> None:
        """The client has presented the secret: its connection is no longer closed in favour of another."""
        self.stranger = False

    def leave(self) -> None:
        """The connection has ended. May be called more than once."""
        self._places.remove(self)


class Connections:
    """The connections of one port. ``name`` is used in the log; ``clock`` returns seconds."""

    def __init__(
        self, name: str, limits: ConnectionLimits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.refused = 0
        """The number of connections that were closed to keep the limits."""
        self._name = name
        self._limits = limits or ConnectionLimits()
        # A dictionary preserves the order of arrival and removes in constant time.
        self._held: dict[Connection, None] = {}
        self._throttle = Throttle(_LOG, clock=clock)

    def __len__(self) -> int:
        return len(self._held)

    def add(self, address: str | None, close: Callable[[], None]) -> Connection | None:
        """Registers a connection from ``address``; None if there is no room, and the connection must be closed.

        ``close`` is called at most once, and never during this call, to make room for another connection.
        """
        network = network_of(address)
        while full := self._full_group(network):
            oldest = next((held for held in full if held.stranger), None)
            self.refused += 1
            self._throttle.warning(
                "%s: too many connections, the latest from %s; those that have not signed in are closed first",
                self._name,
                network,
            )
            if oldest is None:
                return None
            self.remove(oldest)
            oldest.close()
        connection = Connection(network, close, self)
        self._held[connection] = None
        return connection

    def remove(self, connection: Connection) -> None:
        """The connection no longer counts."""
        self._held.pop(connection, None)

    def _full_group(self, network: str) -> list[Connection]:
        """The connections of which one must be closed before another is accepted; empty if there is room."""
        limits = self._limits
        near = [held for held in self._held if held.network == network]
        strange = [held for held in self._held if held.stranger]
        groups = (
            (near, limits.by_address),
            ([held for held in near if held.stranger], limits.strangers_by_address),
            (strange, limits.strangers),
            (list(self._held), limits.total),
        )
        return next((group for group, room in groups if len(group) >= room), [])
