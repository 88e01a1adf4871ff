"""Two services with one identity, as after copying a data folder: each hears the other, and says so.

Pure: what was heard comes in, what is to be said comes out.
"""

import json
import logging
import secrets
from dataclasses import dataclass, field

from yulelight.core.throttle import Throttle
from yulelight.mqtt.payloads import PayloadError

_LOG = logging.getLogger(__name__)
_MAX_BYTES = 300
"""Bytes of a message."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One run of a service. ``asks``: whether others with the same identity are to answer."""

    instance: str
    host: str
    asks: bool = False

    def payload(self) -> bytes:
        """As it is sent; see docs/mqtt.md."""
        return json.dumps({"instance": self.instance, "host": self.host, "asks": self.asks}).encode()

    @classmethod
    def parse(cls, payload: bytes) -> "Instance":
        """Raises PayloadError."""
        try:
            data = json.loads(payload) if len(payload) <= _MAX_BYTES else None
        except (ValueError, RecursionError):
            data = None
        match data:
            case {"instance": str(instance), "host": str(host), "asks": bool(asks)} if (
                instance.isalnum() and host.isprintable()
            ):
                return cls(instance, host, asks)
        raise PayloadError("not an instance of a service")


@dataclass
class DuplicateWatch:
    """What this run of the service, on ``host``, knows of others with its identity."""

    host: str
    name: str = field(default_factory=lambda: secrets.token_hex(6))
    twin: Instance | None = None
    """The one heard last."""
    _throttle: Throttle = field(default_factory=lambda: Throttle(_LOG))

    def hello(self) -> Instance:
        """To be said on each new connection."""
        return Instance(self.name, self.host, asks=True)

    def heard(self, other: Instance) -> Instance | None:
        """What is to be answered, if anything."""
        if other.instance == self.name:
            return None
        if self.twin is None or self.twin.instance != other.instance:
            _LOG.warning(
                "another service with this identity runs on %s: both send light to the same nodes. Stop one of them; "
                "a copied data folder gets an identity of its own when its identity.json is deleted",
                other.host,
            )
        self.twin = other
        return Instance(self.name, self.host) if other.asks else None

    def said_offline(self) -> None:
        """Somebody says in our name that we are gone, while we are here."""
        who = f"the one on {self.twin.host}" if self.twin else "one that was cut off or ended before"
        self._throttle.warning(
            "a service with this identity (%s) said goodbye in our name; the nodes are told that we are here",
            who,
        )
