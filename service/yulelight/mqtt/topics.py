"""Builds and parses the topics of docs/mqtt.md."""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from yulelight.core.errors import UsageError
from yulelight.core.messages import CHANNELS

PREFIX = "yulelight"
HOME_ASSISTANT_STATUS = "homeassistant/status"

_ID = re.compile(r"[a-z0-9_-]{1,64}")
_MAX_TOPIC = 256


def is_id(text: str) -> bool:
    """Whether ``text`` is a valid id of a service or node: 1 to 64 of a-z, 0-9, ``_`` and ``-``."""
    return _ID.fullmatch(text) is not None


def check_id(text: str, what: str = "id") -> str:
    """Returns ``text``; raises UsageError if it is not a valid id (see :func:`is_id`)."""
    if not is_id(text):
        raise UsageError(f"{text[:80]!r} is no {what}: use 1 to 64 of the characters a-z, 0-9, _ and -")
    return text


class Incoming(NamedTuple):
    """A parsed topic; ``id`` is that of the node, ``channel`` is 0 unless kind is "set"."""

    kind: Literal["set", "ping", "node_status", "node_health", "status", "instance"]
    id: str = ""
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics of one service. Raises UsageError for an invalid id or prefix."""

    service_id: str
    prefix: str = PREFIX

    def __post_init__(self) -> None:
        check_id(self.service_id, "service id")
        check_id(self.prefix, "topic prefix")

    @property
    def base(self) -> str:
        """The common prefix of all topics of this service."""
        return f"{self.prefix}/{self.service_id}"

    @property
    def status(self) -> str:
        """``online`` or ``offline``, retained."""
        return f"{self.base}/status"

    @property
    def instance(self) -> str:
        """Identifies this run of the service to others with the same identity."""
        return f"{self.base}/instance"

    @property
    def frames(self) -> str:
        """Frame packets for the nodes."""
        return f"{self.base}/frames"

    @property
    def show_state(self) -> str:
        """State of the show, retained."""
        return f"{self.base}/show/state"

    @property
    def show_event(self) -> str:
        """Events of the show."""
        return f"{self.base}/show/event"

    @property
    def colours(self) -> str:
        """The colours of the channels, retained."""
        return f"{self.base}/colours"

    @property
    def house(self) -> str:
        """The lights of the house, retained."""
        return f"{self.base}/house"

    def channel_state(self, channel: int) -> str:
        """State of channel 1 to 8, retained."""
        return f"{self.base}/channel/{channel}/state"

    def channel_set(self, channel: int | Literal["+"]) -> str:
        """Commands for a channel; ``"+"`` for a subscription to all."""
        return f"{self.base}/channel/{channel}/set"

    def node_status(self, node: str) -> str:
        """Status of a node, retained; ``"+"`` for a subscription to all, as in the next three."""
        return f"{self.base}/node/{node}/status"

    def node_health(self, node: str) -> str:
        """Health figures of a node."""
        return f"{self.base}/node/{node}/health"

    def clock_ping(self, node: str) -> str:
        """Requests of a node for the service's clock."""
        return f"{self.base}/clock/{node}/ping"

    def clock_pong(self, node: str) -> str:
        """The service's answer."""
        return f"{self.base}/clock/{node}/pong"

    def pinged_by(self, topic: str) -> str | None:
        """The node that asks for the clock by this topic; None for any other topic."""
        head, end = f"{self.base}/clock/", "/ping"
        if not topic.startswith(head) or not topic.endswith(end):
            return None
        node = topic[len(head) : -len(end)]
        return node if is_id(node) else None

    def parse(self, topic: str) -> Incoming | None:
        """Parses a topic; None if the service does not listen to it."""
        if len(topic) > _MAX_TOPIC or not topic.startswith(f"{self.base}/"):
            return None
        match topic[len(self.base) + 1 :].split("/"):
            case ["status"]:
                return Incoming("status")
            case ["instance"]:
                return Incoming("instance")
            case ["channel", number, "set"] if number in _CHANNEL_NAMES:
                return Incoming("set", channel=int(number))
            case ["clock", node, "ping"] if is_id(node):
                return Incoming("ping", node)
            case ["node", node, "status"] if is_id(node):
                return Incoming("node_status", node)
            case ["node", node, "health"] if is_id(node):
                return Incoming("node_health", node)
        return None


_CHANNEL_NAMES = frozenset(str(n) for n in range(1, CHANNELS + 1))


def all_statuses(prefix: str = PREFIX) -> str:
    """The subscription with which nodes find services."""
    return f"{prefix}/+/status"


def service_of_status(topic: str, prefix: str = PREFIX) -> str | None:
    """The service id in a status topic, or None."""
    match topic.split("/"):
        case [head, service, "status"] if head == prefix and is_id(service):
            return service
    return None
