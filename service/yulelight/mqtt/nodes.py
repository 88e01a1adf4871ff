"""The registry of nodes, based on their own reports."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from yulelight.actors import Broadcast
from yulelight.mqtt.payloads import NodeHealth, NodeStatus

MAX_NODES = 64
SILENCE_LIMIT = 15.0
"""Seconds without a report after which a node counts as failed; it reports every five."""
MAX_ERROR_US = 20_000
"""µs: larger timing errors of frames are visible."""


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """The last report of a node. ``seen``: seconds of the service's monotonic clock."""

    id: str
    status: NodeStatus
    health: NodeHealth | None = None
    seen: float = 0.0

    def problem(self, now: float) -> str:
        """The node's problem as text; empty if there is none."""
        if not self.status.online:
            return "is not there"
        if now - self.seen > SILENCE_LIMIT:
            return f"has not reported for {now - self.seen:.0f} s"
        if self.health and not self.health.driver_works:
            return "cannot control its lights"
        if self.health and self.health.error_p99_us > MAX_ERROR_US:
            return f"shows light up to {self.health.error_p99_us / 1000:.0f} ms off its moment"
        return ""


class NodeRegistry:
    """The known nodes, at most ``limit``; every change is published on ``changes``.

    Beyond the limit, a new node replaces the one that has been offline longest, or is ignored if all are online.
    """

    def __init__(self, clock: Callable[[], float], limit: int = MAX_NODES) -> None:
        self.changes: Broadcast[NodeInfo] = Broadcast()
        self.dismissed: Broadcast[str] = Broadcast()
        """Ids of nodes whose retained status must be cleared, so that they do not reappear."""
        self._clock = clock
        self._limit = limit
        self._nodes: dict[str, NodeInfo] = {}

    @property
    def all(self) -> dict[str, NodeInfo]:
        """The nodes by id."""
        return dict(self._nodes)

    def report(self) -> list[dict[str, Any]]:
        """The nodes with their status and health, as JSON values."""
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

    def knows(self, node: str) -> bool:
        """Whether it is one of ``all``."""
        return node in self._nodes

    def heard_status(self, node: str, status: NodeStatus) -> None:
        """A status message of a node arrived, new or retained."""
        known = self._nodes.get(node)
        if known is not None:
            # Health figures are counted from the node's start and are void after it was offline.
            health = known.health if status.online and known.status.online else None
            self._put(replace(known, status=status, health=health, seen=self._clock()))
        elif self._make_room():
            self._put(NodeInfo(node, status, seen=self._clock()))

    def heard_health(self, node: str, health: NodeHealth) -> None:
        """A health report of a node arrived; it is ignored if its status is unknown."""
        known = self._nodes.get(node)
        if known is not None:
            self._put(replace(known, health=health, seen=self._clock()))

    def forget(self, node: str) -> None:
        """Its retained status was cleared."""
        known = self._nodes.pop(node, None)
        if known is not None:
            self.changes.publish(replace(known, status=replace(known.status, online=False), health=None))

    def dismiss(self, node: str) -> bool:
        """Removes a node for good; False if it is unknown or online. See ``dismissed``."""
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
