"""Detects two services with the same identity, as after copying a data folder.

Pure: received messages in, messages to send out.
"""

import json
import logging
import secrets
from dataclasses import dataclass, field

from yulelight.core.throttle import Throttle
from yulelight.mqtt.payloads import PayloadError

_LOG = logging.getLogger(__name__)
_MAX_BYTES = 300
"""Maximum bytes of a message."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One run of a service. ``asks``: whether others with the same identity should answer."""

    instance: str
    host: str
    asks: bool = False

    def payload(self) -> bytes:
        """The payload; see docs/mqtt.md."""
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
    """Other services with the identity of this one, which runs on ``host``."""

    host: str
    name: str = field(default_factory=lambda: secrets.token_hex(6))
    twin: Instance | None = None
    """The last one heard."""
    _throttle: Throttle = field(default_factory=lambda: Throttle(_LOG))

    def hello(self) -> Instance:
        """The message to send on each new connection."""
        return Instance(self.name, self.host, asks=True)

    def heard(self, other: Instance) -> Instance | None:
        """Processes a message; returns the answer, if any."""
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
        """Called when somebody else published "offline", or anything but "online", for us."""
        who = f"the one on {self.twin.host}" if self.twin else "one that was cut off or ended before"
        self._throttle.warning(
            "a service with this identity (%s) published that we are not online; corrected",
            who,
        )
