"""A whole service with a WLED device and a strip of pixels: borrowed for the show, listed, and given back."""

from pathlib import Path

import aiohttp

from tests.brokers import free_port
from tests.mqtt.house import eventually
from tests.outputs.controllers import Slots
from tests.outputs.wled_double import Wled, segment
from yulelight.app.build import running
from yulelight.app.settings import load


async def test_a_show_on_a_device_that_people_use_too(tmp_path: Path) -> None:
    segments = [segment(0, 0, 30, "Door"), segment(1, 30, 80, "Tree")]
    async with Wled(80, segments) as device, Slots("e131") as fence:
        settings = load(
            data=tmp_path,
            http__host="127.0.0.1",
            http__port=free_port(),
            mqtt__enabled=False,
            sound__enabled=False,
            zeroconf__enabled=False,
            library__render=False,
            output=[device.settings() | {"release": 0.5}, fence.settings()],
        )
        async with running(settings) as service:
            headers = {"Authorization": f"Bearer {service.identity.token}"}
            async with aiohttp.ClientSession(service.address, headers=headers) as client:

                async def switch(on: bool) -> None:
                    async with client.post(
                        "/api/v1/channels/2", json={"on": on, "brightness": 255}
                    ) as answer:
                        assert answer.status == 200

                await eventually(lambda: service.statuses.latest)
                await switch(True)
                await eventually(lambda: device.streams and fence.lit)
                assert device.bri == 0
                shown = device.frames[-1][1]
                assert not any(shown[:90]) and any(shown[90:])  # the second segment alone
                async with client.get("/api/v1/lights") as answer:
                    told = {each["name"]: each for each in (await answer.json())["outputs"]}
                assert [light["channel"] for light in told["porch"]["lights"]] == [1, 2]
                assert told["porch"]["healthy"] and told["e131"]["healthy"], told
                await switch(False)
                await eventually(lambda: device.bri == 40 and not device.live)
                async with client.post("/api/v1/control", json={"command": "blackout", "on": True}) as answer:
                    assert answer.status == 200
                # A blackout is one for lights that people switched on in WLED, too.
                await eventually(lambda: device.live and not device.seen)
        await eventually(lambda: device.bri == 40)
        assert not fence.lit
