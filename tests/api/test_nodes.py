"""The WebSocket's topic of the light nodes: told when something is news, and not for every figure."""

from typing import Any

import pytest

from tests.api.stubs import House, serve
from yulelight.api import feeds
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.mqtt.payloads import NodeHealth, NodeStatus

HERE = NodeStatus(True, "simulated", (1, 2, 3), "1.0")


class Yard(House):
    """A house with nodes, whose clock the test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.nodes = NodeRegistry(lambda: self.now)


async def test_the_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "NODES_INTERVAL", 0.01)
    monkeypatch.setattr(feeds, "NODES_MAX_INTERVAL", 0.05)
    yard = Yard()
    yard.nodes.heard_status("porch", HERE)
    async with serve(yard) as served, served.client() as client, client.ws_connect("/api/v1/ws") as socket:

        async def told() -> list[tuple[str, bool, bool]]:
            message: Any = await socket.receive_json(timeout=20)
            assert message["type"] == "nodes"
            return [(node["id"], node["online"], node["healthy"]) for node in message["nodes"]]

        await socket.receive_json(timeout=20)
        await socket.send_json({"id": 1, "type": "subscribe", "topic": "nodes"})
        assert (await socket.receive_json(timeout=20))["ok"]
        assert await told() == [("porch", True, True)]
        yard.nodes.heard_health("porch", NodeHealth(shown=1))
        yard.nodes.heard_health("porch", NodeHealth(shown=2))
        yard.nodes.heard_status("roof", HERE)
        assert await told() == [("porch", True, True), ("roof", True, True)]
        yard.nodes.heard_health("porch", NodeHealth(shown=3, driver_works=False))
        assert await told() == [("porch", True, False), ("roof", True, True)]
        yard.now = 60.0  # Nobody says anything: that is news without an event.
        assert await told() == [("porch", True, False), ("roof", True, False)]
        yard.nodes.forget("porch")
        assert await told() == [("roof", True, False)]
