"""The integration in a real Home Assistant, with the real service, a real broker and a light node: a season."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from tests.brokers import Mosquitto
from tests.e2e import loudspeaker
from tests.e2e.hass import HomeAssistant, wait_for
from tests.e2e.house import Lights, ServiceProcess, light_node
from tests.e2e.test_home_assistant import add_mqtt, executable, is_state  # noqa: F401
from yulelight.mqtt.address import BrokerAddress

pytestmark = pytest.mark.home_assistant

MORE = "automation: !include automations.yaml\n"
PLAYER = "media_player.yulelight"
CALENDAR = "calendar.yulelight_schedule"
SPEAKER = "media_player.loudspeaker"


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
    await songs_are_found(house, song)
    await an_automation_starts_a_show(house, song)
    await single_nights_are_changed(house)
    await a_calendar_event_starts_a_show(house)
    await home_assistant_restarts_in_mid_show(house, song)
    await the_broker_is_restarted_in_mid_show(house)
    await the_service_is_killed_and_comes_back(house)
    await diagnostics_are_there(home, entry)
    assert "Traceback" not in "".join(line for line in home.log.splitlines() if "yulelight" in line)


async def test_sound_on_a_media_player(executable: str, tmp_path: Path) -> None:  # noqa: F811
    """The service is silent; a loudspeaker of Home Assistant fetches the song, and the show follows it."""
    more = "media_player:\n  - platform: loudspeaker\n"
    (tmp_path / "yulelight.toml").write_text('[sound]\noutput = "remote"\n[urls]\nreach = "any"\n')
    service = ServiceProcess(tmp_path, more=["--config", str(tmp_path / "yulelight.toml")])
    home = HomeAssistant(executable, more=MORE + more, integration=True, files=loudspeaker.files())
    async with service, home:
        step = await home.post("/api/config/config_entries/flow", {"handler": "yulelight"})
        address = {"host": service.host, "port": service.port, "token": service.identity.token}
        step = await home.post(f"/api/config/config_entries/flow/{step['flow_id']}", address)
        entry = step["result"]["entry_id"]
        await wait_for(is_there(home, SPEAKER, "idle"), "the loudspeaker")
        flow = await home.post("/api/config/config_entries/options/flow", {"handler": entry})
        options = {"native_lights": True, "state_interval": 1, "player": SPEAKER}
        await home.post(f"/api/config/config_entries/options/flow/{flow['flow_id']}", options)
        await wait_for(
            is_there(home, PLAYER, "idle", volume_level=0.4), "the player, as loud as the loudspeaker"
        )
        await home.call_service("yulelight", "play_show")
        await wait_for(is_there(home, SPEAKER, "playing"), "the loudspeaker to play")
        assert (await home.states())[SPEAKER]["attributes"]["heard"] > 10_000
        await home.call_service("media_player", "media_seek", entity_id=PLAYER, seek_position=40)
        await wait_for(at_least(home, SPEAKER, 40), "the loudspeaker to follow the seek")
        await home.call_service("media_player", "media_seek", entity_id=SPEAKER, seek_position=20)

        async def follows() -> bool:
            position = (await service.get("status"))["position"]
            return bool(20 <= position < 40)  # It was beyond before.

        await wait_for(follows, "the show to follow the loudspeaker")
        await home.call_service("media_player", "media_pause", entity_id=SPEAKER)
        await wait_for(is_there(home, PLAYER, "paused"), "the show to hold with it")
        await home.call_service("media_player", "media_play", entity_id=SPEAKER)
        await wait_for(is_there(home, PLAYER, "playing"), "the show to go on with it")
        await home.call_service("media_player", "volume_set", entity_id=PLAYER, volume_level=0.2)
        await wait_for(is_there(home, SPEAKER, "playing", volume_level=0.2), "the volume")
        await home.call_service("yulelight", "stop_show")
        await wait_for(is_there(home, SPEAKER, "idle"), "silence")
        await a_song_from_the_web_sounds(home, service)


async def a_song_from_the_web_sounds(home: HomeAssistant, service: ServiceProcess) -> None:
    """Any address; here the service's own link, as it would be anybody's."""
    [song, *_] = (await service.get("songs"))["songs"]
    link = (await service.get(f"songs/{song['id']}/link"))["path"]
    address = f"http://{service.host}:{service.port}{link}"
    await home.call_service("yulelight", "play_show", media=address)
    await wait_for(is_there(home, SPEAKER, "playing"), "the loudspeaker to play what came from the web")
    seen = (await home.states())[SPEAKER]["attributes"]
    assert "/api/v1/audio/web-" in seen["media_content_id"] and seen["heard"] > 10_000
    await home.call_service("media_player", "media_seek", entity_id=PLAYER, seek_position=30)
    await wait_for(at_least(home, SPEAKER, 30), "the loudspeaker to follow the seek")
    await home.call_service("yulelight", "stop_show")
    await wait_for(is_there(home, SPEAKER, "idle"), "silence")


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
        devices = [device for device in await home.devices() if device["model"] == "Show service"]
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
    async with home.following(await own_event(home)) as events:
        await home.call_service("media_player", "select_source", entity_id=PLAYER, source="Christmas")
        await wait_for(is_there(home, PLAYER, "playing", media_title=song["title"]), "the playlist to play")
        await wait_for(moving(house.lights), "the lights to move")
        # A part of the song may begin at once: the entity itself shows only the newest event.
        await wait_for(happened(events, "started"), "the event")
    await home.call_service("switch", "turn_on", entity_id="switch.yulelight_blackout")
    await wait_for(dark(house.lights), "blackout")
    await home.call_service("switch", "turn_off", entity_id="switch.yulelight_blackout")
    await home.call_service("media_player", "media_stop", entity_id=PLAYER)
    await wait_for(is_there(home, PLAYER, "idle"), "the end")
    return song


async def own_event(home: HomeAssistant) -> str:
    """The integration's entity: MQTT has one as well, which may not be subscribed yet."""
    [found] = [
        entity["entity_id"]
        for entity in await home.entities()
        if entity["platform"] == "yulelight" and entity["entity_id"].startswith("event.")
    ]
    return str(found)


async def songs_are_found(house: House, song: dict[str, Any]) -> None:
    """In the media browser, by searching, and as another player would fetch them."""
    home = house.home

    async def open_(where: str) -> dict[str, Any]:
        place = {"media_content_type": "", "media_content_id": where} if where else {}
        found: dict[str, Any] = await home.ws_command("media_player/browse_media", entity_id=PLAYER, **place)
        return found

    assert [child["title"] for child in (await open_(""))["children"]][:3] == [
        "Playlists",
        "Radio stations",
        "Songs",
    ]
    [playlist] = (await open_("playlists"))["children"]
    assert playlist["title"] == "Christmas"
    for place in ("songs", playlist["media_content_id"]):
        found = (await open_(place))["children"]
        assert f"song/{song['id']}" in [child["media_content_id"] for child in found]
    word = song["title"].split()[0].lower()
    searched = await home.ws_command("media_player/search_media", entity_id=PLAYER, search_query=word)
    assert [item["media_content_id"] for item in searched["result"]] == [f"song/{song['id']}"]
    source = f"media-source://yulelight/{house.service.identity.id}/song/{song['id']}"
    link = await home.ws_command("media_source/resolve_media", media_content_id=source)
    async with aiohttp.ClientSession() as anybody, anybody.get(link["url"]) as response:
        assert response.status == 200
        assert response.content_type == link["mime_type"]
        assert len(await response.read()) > 10_000


async def single_nights_are_changed(house: House) -> None:
    """Three evenings from sunset; the second later and calm, the third left out, on Home Assistant's calendar page."""
    home, service = house.home, house.service
    first = (await local_now(home)).date() + timedelta(days=7)
    nights = [first + timedelta(days=n) for n in range(3)]
    zone = (await service.get("schedule"))["timezone"]
    await service.send(
        "PUT", "place", {"latitude": 52.5, "longitude": 13.4, "elevation": 30.0, "timezone": zone}
    )
    made = await service.send(
        "POST",
        "schedule",
        {
            "summary": "Three evenings",
            "playlist": "Christmas",
            "start": {"sun": "sunset", "offset": 0, "date": first.isoformat()},
            "end": {"duration": 60},
            "rrule": "FREQ=DAILY;COUNT=3",
            "finish": "cut",
        },
    )
    span = f"start={first}T00:00:00Z&end={nights[2] + timedelta(days=2)}T00:00:00Z"

    async def shown() -> list[dict[str, Any]]:
        events = await home.get(f"/api/calendars/{CALENDAR}?{span}")
        return [event for event in events if event["uid"] == made["uid"]]

    events = await shown()
    assert [event["recurrence_id"] for event in events] == [night.isoformat() for night in nights]
    starts = [event["start"]["dateTime"] for event in events]
    days = f"from={first}&to={nights[2] + timedelta(days=1)}"
    coming = (await service.get(f"schedule/occurrences?{days}"))["occurrences"]
    assert starts == [one["start"] for one in coming]
    second = events[1]
    changed = {
        "summary": "Christmas, late",
        "description": "look: calm",
        "dtstart": second["start"]["dateTime"],
        "dtend": second["end"]["dateTime"],
    }
    await home.ws_command(
        "calendar/event/update",
        entity_id=CALENDAR,
        uid=made["uid"],
        recurrence_id=second["recurrence_id"],
        event=changed,
    )
    await home.ws_command(
        "calendar/event/delete",
        entity_id=CALENDAR,
        uid=made["uid"],
        recurrence_id=events[2]["recurrence_id"],
    )
    left = await shown()
    assert [event["summary"] for event in left] == ["Three evenings", "Christmas, late"]
    [event] = [event for event in (await service.get("schedule"))["events"] if event["uid"] == made["uid"]]
    assert event["exdates"] == [nights[2].isoformat()]
    [single] = event["overrides"]
    assert (single["look"], single["finish"]) == ("calm", "cut")
    assert single["start"] == {"sun": "sunset", "offset": 0, "date": nights[1].isoformat()}
    await home.ws_command("calendar/event/delete", entity_id=CALENDAR, uid=made["uid"])
    assert await shown() == []


async def an_automation_starts_a_show(house: House, song: dict[str, Any]) -> None:
    """At a time of day, as people write it."""
    home = house.home
    show = {"action": "yulelight.play_show", "data": {"song": song["title"], "look": "classic"}}
    for lead in (6, 30, 60):
        at = (await local_now(home) + timedelta(seconds=lead)).replace(microsecond=0)
        automation = {
            "alias": "Evening",
            "triggers": [{"trigger": "time", "at": at.time().isoformat()}],
            "actions": [show],
        }
        await home.post("/api/config/automation/config/evening", automation)
        await wait_for(is_there(home, "automation.evening", "on"), "the automation")
        if await local_now(home) < at - timedelta(seconds=1):
            break  # Else it came too late for its own moment: the machine is busy.
    await wait_for(is_there(home, PLAYER, "playing"), "the automation to start the show")
    assert (await house.service.get("status"))["look"] == "classic"
    # One that came too late for its first moment has another, which may be yet to come.
    await home.call_service("automation", "turn_off", entity_id="automation.evening")
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
    await wait_for(moving(house.lights, 100), "the lights, which never stopped")


async def the_broker_is_restarted_in_mid_show(house: House) -> None:
    """Service, node and Home Assistant find each other again; the show went on, and the integration noticed nothing."""
    home = house.home
    one = "light.yulelight_light_1"
    await wait_for(is_there(home, one, None, effect="show"), "MQTT to show the light")
    position = (await house.service.get("status"))["position"]
    await asyncio.to_thread(house.broker.restart)
    house.lights.frames.clear()
    await wait_for(moving(house.lights), "the lights to move again")
    await wait_for(is_there(home, one, None, effect="show"), "MQTT to show the light again")
    status = await house.service.get("status")
    assert status["state"] == "playing"
    assert status["position"] != position
    assert (await home.states())[PLAYER]["state"] == "playing"


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


def at_least(home: HomeAssistant, name: str, position: float) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return float((await home.states())[name]["attributes"].get("media_position") or 0) >= position

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


def happened(events: list[dict[str, Any]], kind: str) -> Callable[[], Awaitable[bool]]:
    """For wait_for: whether such an event is among those that were seen."""

    async def look() -> bool:
        return kind in [event["attributes"].get("event_type") for event in events]

    return look


def moving(lights: Lights, pictures: int = 50) -> Callable[[], Awaitable[bool]]:
    """For wait_for: whether the bulbs have shown many different pictures."""

    async def look() -> bool:
        return len({frame.levels for frame in lights.frames}) > pictures

    return look


def dark(lights: Lights) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return not any(lights.levels)

    return look


async def local_now(home: HomeAssistant) -> datetime:
    """Home Assistant's clock on the wall."""
    zone = (await home.get("/api/config"))["time_zone"]
    return datetime.now(ZoneInfo(zone))
