"""A whole service with Tasmota, Shelly and Zigbee2MQTT on the broker of its settings: found, lit, listed, left dark."""

from pathlib import Path

import aiohttp

from tests.brokers import Mosquitto, free_port
from tests.mqtt.devices.yard import Yard
from tests.mqtt.house import eventually
from yulelight.app.build import running
from yulelight.app.settings import load


async def test_lights_of_other_makers_belong_to_the_house(tmp_path: Path) -> None:
    async with Mosquitto() as broker, Yard(broker) as yard:
        output = yard.settings(rate=4, release=0.5)
        settings = load(
            data=tmp_path,
            http__host="127.0.0.1",
            http__port=free_port(),
            mqtt__broker=output.pop("broker"),
            sound__enabled=False,
            zeroconf__enabled=False,
            library__render=False,
            output=[output],
        )
        async with running(settings) as service:
            headers = {"Authorization": f"Bearer {service.identity.token}"}
            async with aiohttp.ClientSession(service.address, headers=headers) as client:

                async def switch(channel: int, on: bool) -> None:
                    body = {"on": on, "brightness": 255}
                    async with client.post(f"/api/v1/channels/{channel}", json=body) as answer:
                        assert answer.status == 200

                await eventually(lambda: service.statuses.latest)
                await switch(3, True)
                await switch(5, True)
                await eventually(lambda: yard.first.lit["relay/1"] and yard.shelly.lit["switch:0"])
                assert not any(yard.zigbee.lit.values())
                async with client.get("/api/v1/lights") as answer:
                    (told,) = (await answer.json())["outputs"]
                assert told["type"] == "mqtt-light" and told["healthy"], told
                assert [light["kind"] for light in told["lights"]] == [
                    "relay",
                    "dimmer",
                    "relay",
                    "dimmer",
                    "relay",
                    "dimmer",
                    "relay",
                ]
                async with client.get("/api/v1/lights/found") as answer:
                    (found,) = (await answer.json())["brokers"]
                listed = {light["id"]: light["kind"] for light in found["lights"]}
                assert {light["id"] for light in output["lights"]} < set(listed), found
                assert listed["shelly/shellyplus2pm-a8032abe54dc/switch:1"] == "relay"
                await switch(3, False)
                await eventually(lambda: not yard.first.lit["relay/1"])
                assert yard.shelly.lit["switch:0"]
        await eventually(lambda: yard.dark)
    assert not any(peer.retained for peer in yard.peers)
