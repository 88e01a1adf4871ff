"""A service without MQTT: it lights what it drives itself, and opens no broker's port."""

import socket
from pathlib import Path

import aiohttp

from tests.brokers import free_port
from tests.mqtt.house import eventually
from yulelight.app.build import running
from yulelight.app.parts.lights import DirectLights
from yulelight.app.settings import load
from yulelight.commands.demo import SimulatedLights


async def test_lights_without_a_broker(tmp_path: Path) -> None:
    lights, port = SimulatedLights(), free_port()
    settings = load(
        data=tmp_path,
        http__host="127.0.0.1",
        http__port=free_port(),
        mqtt__enabled=False,
        mqtt__port=port,
        sound__enabled=False,
        zeroconf__enabled=False,
        library__render=False,
    )
    async with running(settings, direct=[DirectLights("demo", "simulated", lights.make)]) as service:
        assert service.mqtt is None
        with socket.socket() as other:
            other.bind(("127.0.0.1", port))
        headers = {"Authorization": f"Bearer {service.identity.token}"}
        async with (
            aiohttp.ClientSession(service.address, headers=headers) as client,
            client.post("/api/v1/channels/3", json={"on": True, "brightness": 255}) as answer,
        ):
            assert answer.status == 200
        await eventually(lambda: lights.terminal.levels == bytes([0, 0, 255, 0, 0, 0, 0, 0]))
        assert lights.output.health().works
    assert not any(lights.terminal.levels)
