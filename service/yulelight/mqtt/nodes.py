"""What the service knows of its nodes, from what they say of themselves."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from yulelight.actors import Broadcast
from yulelight.mqtt.payloads import NodeHealth, NodeStatus

MAX_NODES = 64
SILENCE_LIMIT = 15.0
"""Seconds after which a node that says nothing is not well; it reports every five."""
MAX_ERROR_US = 20_000
"""µs: frames that far off are seen to be."""


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """A node as it last spoke. ``seen``: seconds of the service's monotonic clock."""

    id: str
    status: NodeStatus
    health: NodeHealth | None = None
    seen: float = 0.0

    def problem(self, now: float) -> str:
        """What is wrong with it, in words; empty when it is well."""
        if not self.status.online:
            return "is not there"
        if now - self.seen > SILENCE_LIMIT:
            return f"has said nothing for {now - self.seen:.0f} s"
        if self.health and not self.health.driver_works:
            return "does not reach its lights"
        if self.health and self.health.error_p99_us > MAX_ERROR_US:
            return f"shows light up to {self.health.error_p99_us / 1000:.0f} ms off its moment"
        return ""


class NodeRegistry:
    """The nodes heard of, at most ``limit``; every change is published on ``changes``.

    A node beyond the limit takes the place of the one that has been offline for longest, or is not taken when
    all are online.
    """

    def __init__(self, clock: Callable[[], float], limit: int = MAX_NODES) -> None:
        self.changes: Broadcast[NodeInfo] = Broadcast()
        self.dismissed: Broadcast[str] = Broadcast()
        """Ids of nodes whose retained status is to be cleared, so that they are not heard of again."""
        self._clock = clock
        self._limit = limit
        self._nodes: dict[str, NodeInfo] = {}

    @property
    def all(self) -> dict[str, NodeInfo]:
        """The nodes by id."""
        return dict(self._nodes)

    def report(self) -> list[dict[str, Any]]:
        """The nodes with what they say of themselves and how they are, ready for JSON."""
        now = self._clock()
        return [
            {
                "id": info.id,
                "online": info.status.online,
                "healthy": not info.problem(now),
                "problem": info.problem(now),
                "heard": round(now - info.seen, 1),
                "status": asdict(info.status),
                "health": info.health and asdict(info.health),
            }
            for info in self._nodes.values()
        ]

    def heard_status(self, node: str, status: NodeStatus) -> None:
        """A node's presence changed, or is retained from before."""
        known = self._nodes.get(node)
        if known is not None:
            # Health figures are counted from the node's start; after it was away they are of another life.
            health = known.health if status.online and known.status.online else None
            self._put(replace(known, status=status, health=health, seen=self._clock()))
        elif self._make_room():
            self._put(NodeInfo(node, status, seen=self._clock()))

    def heard_health(self, node: str, health: NodeHealth) -> None:
        """A node reports how it does; one that never said what it is, is ignored."""
        known = self._nodes.get(node)
        if known is not None:
            self._put(replace(known, health=health, seen=self._clock()))

    def forget(self, node: str) -> None:
        """Its retained status was cleared."""
        known = self._nodes.pop(node, None)
        if known is not None:
            self.changes.publish(replace(known, status=replace(known.status, online=False), health=None))

    def dismiss(self, node: str) -> bool:
        """Somebody says that it does not come back; False for one that is unknown or here. See ``dismissed``."""
        known = self._nodes.get(node)
        if known is None or (known.status.online and self._clock() - known.seen <= SILENCE_LIMIT):
            return False
        self.forget(node)
        self.dismissed.publish(node)
        return True

    def _make_room(self) -> bool:
        if len(self._nodes) < self._limit:
            return True
        offline = [info for info in self._nodes.values() if not info.status.online]
        if not offline:
            return False
        del self._nodes[min(offline, key=lambda info: info.seen).id]
        return True

    def _put(self, info: NodeInfo) -> None:
        self._nodes[info.id] = info
        self.changes.publish(info)
