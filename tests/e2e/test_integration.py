"""The integration in a real Home Assistant, with the real service, a real broker and a light node: a season."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.brokers import Mosquitto
from tests.e2e.hass import HomeAssistant, wait_for
from tests.e2e.house import Lights, ServiceProcess, light_node
from tests.e2e.test_home_assistant import add_mqtt, executable, is_state  # noqa: F401
from yulelight.mqtt.address import BrokerAddress

pytestmark = pytest.mark.home_assistant

MORE = "automation: !include automations.yaml\n"
PLAYER = "media_player.yulelight"
CALENDAR = "calendar.yulelight_schedule"
EVENT = "event.yulelight_show"


@dataclass
class House:
    home: HomeAssistant
    service: ServiceProcess
    lights: Lights
    broker: Mosquitto


@pytest.fixture
async def house(executable: str, tmp_path: Path) -> AsyncIterator[House]:  # noqa: F811
    """Everything started, nothing added yet."""
    async with Mosquitto.with_password() as broker:
        address = BrokerAddress(broker.host, broker.port, broker.user, broker.password)
        service = ServiceProcess(tmp_path, address)
        home = HomeAssistant(executable, more=MORE, integration=True)
        async with service, light_node(service) as lights, home:
            yield House(home, service, lights, broker)


async def test_a_season(house: House) -> None:
    """One test: each part goes on from where the one before left the house, as in life."""
    home = house.home
    await add_mqtt(home, house.service.broker, protocol=None)
    entry = await found_on_the_broker(home, house.service)
    await the_devices_are_linked(home)
    song = await a_playlist_plays(house)
    await an_automation_starts_a_show(house, song)
    await a_calendar_event_starts_a_show(house)
    await home_assistant_restarts_in_mid_show(house, song)
    await the_service_is_killed_and_comes_back(house)
    await diagnostics_are_there(home, entry)
    assert "Traceback" not in "".join(line for line in home.log.splitlines() if "yulelight" in line)


async def found_on_the_broker(home: HomeAssistant, service: ServiceProcess) -> str:
    """One form with the token, and it is there; returns the entry's id."""
    flow = await discovered(home)
    assert flow["context"]["source"] == "mqtt"
    return await pair(home, flow["flow_id"], service.identity.token)


async def discovered(home: HomeAssistant) -> dict[str, Any]:
    """The flow that Home Assistant starts by itself."""

    async def look() -> Any:
        flows = await home.ws_command("config_entries/flow/progress")
        return next((flow for flow in flows if flow["handler"] == "yulelight"), None)

    flow: dict[str, Any] = await wait_for(look, "Home Assistant to discover the service")
    return flow


async def pair(home: HomeAssistant, flow: str, token: str) -> str:
    """The form for the token, once answered wrongly; returns the entry's id."""
    step = await home.post(f"/api/config/config_entries/flow/{flow}", {"token": "wrong"})
    assert step["errors"] == {"base": "invalid_auth"}
    step = await home.post(f"/api/config/config_entries/flow/{flow}", {"token": token})
    assert step["type"] == "create_entry", step
    await wait_for(is_there(home, PLAYER, "idle"), "the player")
    return str(step["result"]["entry_id"])


async def the_devices_are_linked(home: HomeAssistant) -> None:
    async def look() -> bool:
        devices = [device for device in await home.devices() if device["manufacturer"] == "Yulelight"]
        return len(devices) == 2

    await wait_for(look, "the service's and the MQTT device")
    devices = [device for device in await home.devices() if device["manufacturer"] == "Yulelight"]
    assert devices[0]["connections"] == devices[1]["connections"] != []


async def a_playlist_plays(house: House) -> dict[str, Any]:
    """Home Assistant's media player plays a playlist, and the bulbs move."""
    home, service = house.home, house.service
    song: dict[str, Any] = (await service.get("songs"))["songs"][0]
    await service.send("PUT", "playlists/Christmas", {"songs": [song["id"]]})
    await wait_for(has_source(home, "Christmas"), "the playlist to be a source")
    house.lights.frames.clear()
    await home.call_service("media_player", "select_source", entity_id=PLAYER, source="Christmas")
    await wait_for(is_there(home, PLAYER, "playing", media_title=song["title"]), "the playlist to play")
    await wait_for(moving(house.lights), "the lights to move")
    await wait_for(is_there(home, EVENT, None, event_type="started"), "the event")
    await home.call_service("switch", "turn_on", entity_id="switch.yulelight_blackout")
    await wait_for(dark(house.lights), "blackout")
    await home.call_service("switch", "turn_off", entity_id="switch.yulelight_blackout")
    await home.call_service("media_player", "media_stop", entity_id=PLAYER)
    await wait_for(is_there(home, PLAYER, "idle"), "the end")
    return song


async def an_automation_starts_a_show(house: House, song: dict[str, Any]) -> None:
    """At a time of day, as people write it."""
    home = house.home
    at = (await local_now(home) + timedelta(seconds=6)).time().replace(microsecond=0)
    await home.post(
        "/api/config/automation/config/evening",
        {
            "alias": "Evening",
            "triggers": [{"trigger": "time", "at": at.isoformat()}],
            "actions": [
                {"action": "yulelight.play_show", "data": {"song": song["title"], "look": "classic"}}
            ],
        },
    )
    await wait_for(is_there(home, PLAYER, "playing"), "the automation to start the show")
    assert (await house.service.get("status"))["look"] == "classic"
    await home.call_service("yulelight", "stop_show")
    await wait_for(is_there(home, PLAYER, "idle"), "the end")


async def a_calendar_event_starts_a_show(house: House) -> None:
    """Made in Home Assistant's calendar, started by the service itself."""
    home = house.home
    start = (await local_now(home) + timedelta(seconds=5)).replace(microsecond=0)
    await home.call_service(
        "calendar",
        "create_event",
        entity_id=CALENDAR,
        summary="Christmas tonight",
        start_date_time=start.isoformat(),
        end_date_time=(start + timedelta(hours=1)).isoformat(),
    )
    await wait_for(
        is_there(home, PLAYER, "playing", media_playlist="Christmas"), "the calendar to start the show"
    )
    await wait_for(is_there(home, CALENDAR, "on", message="Christmas tonight"), "the calendar to say so")
    await home.call_service("media_player", "media_stop", entity_id=PLAYER)
    await wait_for(is_there(home, PLAYER, "idle"), "the end")


async def home_assistant_restarts_in_mid_show(house: House, song: dict[str, Any]) -> None:
    """The lights do not depend on it."""
    home = house.home
    await home.call_service("media_player", "repeat_set", entity_id=PLAYER, repeat="all")
    await home.call_service("media_player", "select_source", entity_id=PLAYER, source="Christmas")
    await wait_for(moving(house.lights), "the lights to move")
    house.lights.frames.clear()
    await home.restart(kill=True)
    await wait_for(is_there(home, PLAYER, "playing"), "Home Assistant to know that it still plays")
    moments = [frame.at for frame in house.lights.frames]
    gaps = [(after - before) / 1e6 for before, after in pairwise(moments)]
    assert max(gaps) < 2.5, "the node was never without a leader"
    assert len({frame.levels for frame in house.lights.frames}) > 100


async def the_service_is_killed_and_comes_back(house: House) -> None:
    home, service = house.home, house.service
    await service.kill()
    await wait_for(dark(house.lights), "the node to go dark")
    await wait_for(is_there(home, PLAYER, "unavailable"), "Home Assistant to notice")
    await service.__aenter__()
    await wait_for(is_available(home, PLAYER), "the service to be back")


async def diagnostics_are_there(home: HomeAssistant, entry: str) -> None:
    found = await home.get(f"/api/diagnostics/config_entry/{entry}")
    assert found["data"]["entry"]["data"]["token"] == "**REDACTED**"


def is_there(
    home: HomeAssistant, name: str, state: str | None, **attributes: Any
) -> Callable[[], Awaitable[bool]]:
    """For wait_for: whether the entity exists, with this state and these attributes."""

    async def look() -> bool:
        seen = (await home.states()).get(name)
        return (
            seen is not None
            and state in (None, seen["state"])
            and all(seen["attributes"].get(key) == value for key, value in attributes.items())
        )

    return look


def is_available(home: HomeAssistant, name: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        seen = (await home.states()).get(name)
        return seen is not None and seen["state"] != "unavailable"

    return look


def has_source(home: HomeAssistant, source: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return source in ((await home.states())[PLAYER]["attributes"].get("source_list") or [])

    return look


def moving(lights: Lights) -> Callable[[], Awaitable[bool]]:
    """For wait_for: whether the bulbs have shown many different pictures."""

    async def look() -> bool:
        return len({frame.levels for frame in lights.frames}) > 50

    return look


def dark(lights: Lights) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return not any(lights.levels)

    return look


async def local_now(home: HomeAssistant) -> datetime:
    """Home Assistant's clock on the wall."""
    zone = (await home.get("/api/config"))["time_zone"]
    return datetime.now(ZoneInfo(zone))
