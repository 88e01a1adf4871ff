"""How many connections a listening port holds, in all and for one address, and who has to go when it is full.

A *stranger* is a client that has not yet shown the token or password. Strangers have a part of the places only, and
when that part is full the oldest of them is closed for the newest: a client that knows the secret shows it within
milliseconds, so whoever holds a connection open and says nothing can neither keep others out nor use up the files
that the process may open.
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
    """One place, held until :meth:`leave`."""

    def __init__(self, network: str, close: Callable[[], None], places: "Connections") -> None:
        self.network = network
        self.stranger = True
        self.close = close
        self._places = places

    def known(self) -> None:
        """The client has shown the secret: its place is no longer given to another."""
        self.stranger = False

    def leave(self) -> None:
        """The connection is over. May be called again."""
        self._places.remove(self)


class Connections:
    """The connections of one port. ``name`` is what the log calls it; ``clock`` in seconds."""

    def __init__(
        self, name: str, limits: ConnectionLimits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.refused = 0
        """Connections that were closed to keep the limits."""
        self._name = name
        self._limits = limits or ConnectionLimits()
        # A dictionary keeps the order of arrival, and removes in constant time.
        self._held: dict[Connection, None] = {}
        self._throttle = Throttle(_LOG, clock=clock)

    def __len__(self) -> int:
        return len(self._held)

    def add(self, address: str | None, close: Callable[[], None]) -> Connection | None:
        """A place for a client from ``address``; None when there is none, and the connection is to be closed.

        ``close`` is called, at most once and not from within this call's own connection, to give the place to another.
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
        """The place is free again."""
        self._held.pop(connection, None)

    def _full_group(self, network: str) -> list[Connection]:
        """The connections of which one has to go before another may come; empty when there is room."""
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
