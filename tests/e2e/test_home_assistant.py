"""A real Home Assistant, the real service with its embedded broker, and a light node: one evening in a house."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.brokers import Mosquitto
from tests.e2e.hass import HomeAssistant, wait_for
from tests.e2e.house import Lights, ServiceProcess, light_node
from yulelight.mqtt.address import BrokerAddress

pytestmark = pytest.mark.home_assistant

NOT_HERE = {"zeroconf", "ssdp", "dhcp", "bluetooth", "usb", "cloud", "default_config"}
"""Components that would talk to the network around the test."""


@pytest.fixture
def executable() -> str:
    found = os.environ.get("YULELIGHT_HASS")
    if not found:
        pytest.skip("YULELIGHT_HASS names no Home Assistant; scripts/test installs one")
    return found


@pytest.fixture(params=["embedded", "mosquitto"])
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[BrokerAddress | None]:
    """Each of the brokers that a home may have; None stands for the service's own."""
    if request.param == "embedded":
        yield None
        return
    async with Mosquitto.with_password() as mosquitto:
        yield BrokerAddress(mosquitto.host, mosquitto.port, mosquitto.user, mosquitto.password)


async def test_an_evening(executable: str, broker: BrokerAddress | None, tmp_path: Path) -> None:
    async with (
        ServiceProcess(tmp_path, broker) as service,
        light_node(service) as lights,
        HomeAssistant(executable) as home,
    ):
        assert not await home.components() & NOT_HERE
        await add_mqtt(home, service.broker, protocol=None if broker else "3.1.1")
        names = await eight_lights(home)
        await home_sets_a_light(home, lights, names[2])
        await a_song_plays(home, service, lights, names)
        await the_show_stops(home, service, lights, names)


async def add_mqtt(home: HomeAssistant, broker: BrokerAddress, protocol: str | None) -> None:
    """``protocol``: None for what Home Assistant suggests (5); the embedded broker speaks 3.1.1 only."""
    more = {"protocol": protocol} if protocol else {}
    entry = await home.add_mqtt(broker.host, broker.port, broker.username, broker.password, **more)
    assert entry["state"] == "loaded"


async def eight_lights(home: HomeAssistant) -> list[str]:
    """Waits until the device is there; returns the entity ids of its lights, channel 1 first."""

    async def look() -> list[str] | None:
        devices = [device["id"] for device in await home.devices() if device["manufacturer"] == "Yulelight"]
        entities = [entity for entity in await home.entities() if entity["device_id"] in devices]
        lights = [entity["entity_id"] for entity in entities if entity["entity_id"].startswith("light.")]
        states = await home.states()
        known = [name for name in lights if states.get(name, {}).get("state") in {"on", "off"}]
        return sorted(known) if len(devices) == 1 and len(known) == 8 else None

    return await wait_for(look, "a device with eight lights that Home Assistant knows the state of")


async def home_sets_a_light(home: HomeAssistant, lights: Lights, third: str) -> None:
    """Half brightness from Home Assistant reaches the bulb and comes back as the light's state; so does off."""
    await home.call_service("light", "turn_on", entity_id=third, brightness_pct=50)
    await wait_for(is_state(home, third, "on", brightness=128), "the light to be on in Home Assistant")
    await wait_for(shows(lights, {3: 128}), "the bulb to glow at half")
    assert sum(lights.levels) == 128

    await home.call_service("light", "turn_off", entity_id=third)
    await wait_for(is_state(home, third, "off"), "the light to be off in Home Assistant")
    await wait_for(shows(lights, dict.fromkeys(range(1, 9), 0)), "all bulbs to be dark")


async def a_song_plays(
    home: HomeAssistant, service: ServiceProcess, lights: Lights, names: list[str]
) -> None:
    """The show takes the lights, its frames reach the node on time, and Home Assistant can take one over."""
    song = (await service.get("songs"))["songs"][0]
    lights.frames.clear()
    await service.control("play", song=song["id"])
    for name in names:
        await wait_for(is_state(home, name, "on", effect="show"), f"the show to have {name}")
    await wait_for(lambda: enough(lights.frames, 400), "400 frames at the node")

    levels = [frame.levels for frame in lights.frames]
    assert len(set(levels)) > 100, "the lights hardly change"
    moving = [channel for channel in range(8) if len({frame[channel] for frame in levels}) > 10]
    assert len(moving) >= 4, f"only channels {moving} move"
    await wait_for(lambda: in_time(lights), "400 frames of which hardly any is late", pause=0)

    await home.call_service("light", "turn_on", entity_id=names[4], brightness=77)
    await wait_for(is_state(home, names[4], "on", brightness=77, effect=None), "one light to be taken over")
    await wait_for(shows(lights, {5: 77}), "its bulb to glow as told")
    lights.frames.clear()
    await wait_for(lambda: enough(lights.frames, 100), "100 more frames")
    assert {frame.levels[4] for frame in lights.frames} == {77}
    assert len({frame.levels for frame in lights.frames}) > 10, "the other lights go on"


async def the_show_stops(
    home: HomeAssistant, service: ServiceProcess, lights: Lights, names: list[str]
) -> None:
    status = await service.control("stop")
    assert status["state"] == "idle"
    await wait_for(shows(lights, dict.fromkeys(range(1, 9), 0)), "all bulbs to be dark")
    for name in names:
        await wait_for(is_state(home, name, "off"), f"{name} to be off in Home Assistant")


def is_state(home: HomeAssistant, name: str, state: str, **attributes: Any) -> Any:
    """For wait_for: whether the entity has this state and these attributes."""

    async def look() -> bool:
        seen = (await home.states())[name]
        return seen["state"] == state and all(
            seen["attributes"].get(key) == value for key, value in attributes.items()
        )

    return look


def shows(lights: Lights, levels: dict[int, int]) -> Any:
    """For wait_for: whether the channels have these brightnesses now."""

    async def look() -> bool:
        return all(lights.level(channel) == level for channel, level in levels.items())

    return look


async def in_time(lights: Lights) -> bool:
    """Whether of the next 400 frames less than a tenth are late; a machine that stands still makes some so."""
    before = lights.node.health()
    await wait_for(lambda: enough_shown(lights, before.shown + 400), "400 frames at the node")
    health = lights.node.health()
    late = health.late + health.dropped - before.late - before.dropped
    return late < (health.shown - before.shown) * 0.1


async def enough_shown(lights: Lights, count: int) -> bool:
    return lights.node.health().shown >= count


async def enough(frames: list[Any], count: int) -> bool:
    return len(frames) >= count
