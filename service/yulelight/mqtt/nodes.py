"""What the service knows of its nodes, from what they say of themselves."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from yulelight.actors import Broadcast
from yulelight.mqtt.payloads import NodeHealth, NodeStatus

MAX_NODES = 64


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """A node as it last spoke. ``seen``: seconds of the service's monotonic clock."""

    id: str
    status: NodeStatus
    health: NodeHealth | None = None
    seen: float = 0.0


class NodeRegistry:
    """The nodes heard of, at most ``limit``; every change is published on ``changes``.

    A node beyond the limit takes the place of the one that has been offline for longest, or is not taken when
    all are online.
    """

    def __init__(self, clock: Callable[[], float], limit: int = MAX_NODES) -> None:
        self.changes: Broadcast[NodeInfo] = Broadcast()
        self._clock = clock
        self._limit = limit
        self._nodes: dict[str, NodeInfo] = {}

    @property
    def all(self) -> dict[str, NodeInfo]:
        """The nodes by id."""
        return dict(self._nodes)

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
