"""Lights that people own follow the show and are as before afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from custom_components.yulelight.const import DOMAIN
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import Context, CoreState, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.found import state_of
from tests.integration.stub import SONGS, TOKEN, StubService, eventually

LAMP, STRIP = "light.lamp", "light.strip"
BRIGHT = {"brightness": 200, "color_mode": "hs", "hs_color": (30.0, 80.0), "effect": None}


class Bulbs:
    """Lights of another make: they do what they are told, and remember it."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.told: list[tuple[str, str, dict[str, Any]]] = []
        self.broken: set[str] = set()
        self.hang = False
        for service in ("turn_on", "turn_off"):
            hass.services.async_register("light", service, self._take)
        self._hass = hass

    async def _take(self, call: ServiceCall) -> None:
        light = call.data["entity_id"]
        data = {key: value for key, value in call.data.items() if key != "entity_id"}
        self.told.append((call.service, light, data))
        if self.hang:
            await asyncio.sleep(60)
        if light in self.broken:
            raise HomeAssistantError("no radio")
        on = call.service == "turn_on"
        self._hass.states.async_set(light, "on" if on else "off", data if on else {}, context=call.context)

    def latest(self, light: str) -> tuple[str, dict[str, Any]]:
        found = self.last(light)
        assert found is not None, f"{light} was told nothing"
        return found

    def last(self, light: str) -> tuple[str, dict[str, Any]] | None:
        return next(((what, data) for what, who, data in reversed(self.told) if who == light), None)


@pytest.fixture
def entry(service: StubService) -> MockConfigEntry:
    mirror = ConfigSubentryData(
        data={"name": "Porch", "channel": "3", "lights": [LAMP, STRIP], "rate": 10.0},
        subentry_type="mirror",
        title="Porch",
        unique_id=None,
    )
    return MockConfigEntry(
        domain=DOMAIN,
        title="Our house",
        unique_id="ab12",
        data={"host": "127.0.0.1", "port": service.port, "token": TOKEN},
        subentries_data=[mirror],
    )


@pytest.fixture
async def bulbs(hass: HomeAssistant, loaded: MockConfigEntry) -> AsyncIterator[Bulbs]:
    hass.states.async_set(LAMP, "on", BRIGHT)
    hass.states.async_set(STRIP, "off")
    made = Bulbs(hass)
    yield made
    made.hang = False


async def play(service: StubService, level: int = 255) -> None:
    """A song begins, and channel 3 is at ``level`` from now on."""
    await service.say_status(state="playing", song=SONGS[0])
    await eventually(lambda: "frames" in service.topics)
    levels = [0, 0, level, 0, 0, 0, 0, 0]
    frame = {"at": 0, "levels": levels, "switched": [level > 127] * 8}
    await service.tell(type="frames", now=1_000_000, frames=[frame])


async def test_they_follow_and_are_restored(hass: HomeAssistant, bulbs: Bulbs, service: StubService) -> None:
    await play(service)
    await eventually(lambda: bulbs.last(LAMP) and bulbs.latest(LAMP)[1].get("brightness") == 255)
    await eventually(lambda: bulbs.last(STRIP) == ("turn_on", {"brightness": 255, "transition": 0.1}))
    told = len(bulbs.told)
    await asyncio.sleep(0.3)
    assert len(bulbs.told) == told, "what does not change is not told again"
    await service.say_status(state="idle", song=None)
    await eventually(lambda: bulbs.last(LAMP) == ("turn_on", {"brightness": 200, "hs_color": [30.0, 80.0]}))
    await eventually(lambda: bulbs.last(STRIP) == ("turn_off", {}))
    await eventually(lambda: "frames" not in service.topics)


async def test_they_are_restored_when_the_service_goes(
    hass: HomeAssistant, bulbs: Bulbs, service: StubService
) -> None:
    await play(service)
    await eventually(lambda: bulbs.last(LAMP) and bulbs.latest(LAMP)[1].get("brightness") == 255)
    await service.stop()
    await eventually(lambda: bulbs.last(LAMP) == ("turn_on", {"brightness": 200, "hs_color": [30.0, 80.0]}))


async def test_they_are_restored_when_the_entry_is_unloaded(
    hass: HomeAssistant, loaded: MockConfigEntry, bulbs: Bulbs, service: StubService
) -> None:
    await play(service)
    await eventually(lambda: bulbs.last(STRIP) and bulbs.latest(STRIP)[0] == "turn_on")
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await eventually(lambda: bulbs.last(STRIP) == ("turn_off", {}))


async def test_a_crash_in_the_middle_of_a_show(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService, hass_storage: dict[str, Any]
) -> None:
    """What they were like is on disk: they are restored after the next start, as soon as they are there."""
    hass_storage[f"{DOMAIN}.{entry.entry_id}.lights"] = {
        "version": 1,
        "data": {LAMP: {"on": True, "data": {"brightness": 33}}, STRIP: {"on": False, "data": {}}},
    }
    hass.states.async_set(LAMP, "on", {})
    hass.states.async_set(STRIP, "unavailable", {})
    entry.add_to_hass(hass)
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    bulbs = Bulbs(hass)
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await eventually(lambda: bulbs.last(LAMP) == ("turn_on", {"brightness": 33}))
    assert bulbs.last(STRIP) is None
    hass.states.async_set(STRIP, "on", {})
    await eventually(lambda: bulbs.last(STRIP) == ("turn_off", {}))
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_light_that_fails_stops_nobody(
    hass: HomeAssistant, bulbs: Bulbs, service: StubService
) -> None:
    bulbs.broken = {LAMP}
    await play(service, 128)
    await eventually(lambda: bulbs.last(STRIP) == ("turn_on", {"brightness": 128, "transition": 0.1}))


async def test_a_slow_light_gets_the_newest_only(
    hass: HomeAssistant, bulbs: Bulbs, service: StubService
) -> None:
    bulbs.hang = True
    await play(service, 50)
    await eventually(lambda: len(bulbs.told) == 2)
    frame = {"at": 1, "levels": [0, 0, 250, 0, 0, 0, 0, 0], "switched": [True] * 8}
    await service.tell(type="frames", now=1_000_100, frames=[frame])
    await asyncio.sleep(0.4)
    assert len(bulbs.told) == 2


async def test_another_light_joins_in_the_middle(
    hass: HomeAssistant, loaded: MockConfigEntry, bulbs: Bulbs, service: StubService
) -> None:
    hass.states.async_set("light.tree", "on", {"brightness": 10, "color_mode": "brightness"})
    await play(service)
    await eventually(lambda: bulbs.last(LAMP) and bulbs.latest(LAMP)[1].get("brightness") == 255)
    [subentry] = loaded.subentries.values()
    hass.config_entries.async_update_subentry(
        loaded, subentry, data={**subentry.data, "lights": [LAMP, "light.tree"]}
    )
    await eventually(lambda: bulbs.last(STRIP) == ("turn_off", {}))
    await eventually(lambda: "frames" in service.topics)
    await service.tell(
        type="frames",
        now=1_000_000,
        frames=[{"at": 0, "levels": [0, 0, 255, 0, 0, 0, 0, 0], "switched": [True] * 8}],
    )
    await eventually(lambda: bulbs.last("light.tree") == ("turn_on", {"brightness": 255, "transition": 0.1}))
    await service.say_status(state="idle", song=None)
    await eventually(lambda: bulbs.last("light.tree") == ("turn_on", {"brightness": 10}))
    await eventually(lambda: bulbs.last(LAMP) == ("turn_on", {"brightness": 200, "hs_color": [30.0, 80.0]}))


async def test_home_assistant_is_started_again_in_mid_show(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    bulbs: Bulbs,
    service: StubService,
    hass_storage: dict[str, Any],
) -> None:
    """Killed while a lamp shows the show, started while it goes on, and over at last: as before the first start."""
    key = f"{DOMAIN}.{loaded.entry_id}.lights"
    await play(service)
    await eventually(lambda: bulbs.last(LAMP) and bulbs.latest(LAMP)[1].get("brightness") == 255)
    kept = json.loads(json.dumps(hass_storage[key]))
    assert await hass.config_entries.async_unload(loaded.entry_id)
    # What a kill leaves: the snapshots on disk, and lights as the show had them.
    hass_storage[key] = kept
    hass.states.async_set(LAMP, "on", {"brightness": 255, "color_mode": "brightness"})
    hass.states.async_set(STRIP, "on", {"brightness": 255, "color_mode": "brightness"})
    bulbs.told.clear()
    service.topics.clear()
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await eventually(lambda: "frames" in service.topics)
    await service.say_status(state="idle", song=None)
    await eventually(lambda: bulbs.last(LAMP) == ("turn_on", {"brightness": 200, "hs_color": [30.0, 80.0]}))
    await eventually(lambda: bulbs.last(STRIP) == ("turn_off", {}))


async def test_a_light_that_failed_is_restored_later(
    hass: HomeAssistant, bulbs: Bulbs, service: StubService
) -> None:
    await play(service)
    await eventually(lambda: bulbs.last(LAMP) and bulbs.latest(LAMP)[1].get("brightness") == 255)
    bulbs.broken = {LAMP}
    await service.say_status(state="idle", song=None)
    await eventually(lambda: bulbs.last(STRIP) == ("turn_off", {}))
    bulbs.broken = set()
    bulbs.told.clear()
    await asyncio.sleep(0.1)
    hass.states.async_set(LAMP, "on", {"brightness": 99})
    await eventually(lambda: bulbs.last(LAMP) == ("turn_on", {"brightness": 200, "hs_color": [30.0, 80.0]}))


@pytest.mark.parametrize("by", [{"user_id": "somebody"}, {"parent_id": "an-automation"}])
async def test_who_changes_a_light_in_a_show_keeps_it(
    hass: HomeAssistant, bulbs: Bulbs, service: StubService, by: dict[str, str]
) -> None:
    await play(service)
    await eventually(lambda: bulbs.last(LAMP) and bulbs.latest(LAMP)[1].get("brightness") == 255)
    await eventually(lambda: bulbs.last(STRIP) and bulbs.latest(STRIP)[1].get("brightness") == 255)
    lamp = {"entity_id": LAMP, "brightness": 7}
    await hass.services.async_call("light", "turn_on", lamp, blocking=True, context=Context(**by))
    told = len([light for _, light, _ in bulbs.told if light == LAMP])
    frame = {"at": 1, "levels": [0, 0, 90, 0, 0, 0, 0, 0], "switched": [True] * 8}
    await service.tell(type="frames", now=1_000_100, frames=[frame])
    await eventually(lambda: bulbs.latest(STRIP)[1].get("brightness") == 90)
    await service.say_status(state="idle", song=None)
    await eventually(lambda: bulbs.last(STRIP) == ("turn_off", {}))
    assert len([light for _, light, _ in bulbs.told if light == LAMP]) == told
    assert state_of(hass, LAMP).attributes["brightness"] == 7
    await eventually(lambda: "frames" not in service.topics)
    # The next show has it again.
    await play(service)
    await eventually(lambda: bulbs.latest(LAMP)[1].get("brightness") == 255)
    await service.say_status(state="idle", song=None)
    await eventually(lambda: bulbs.latest(LAMP)[1].get("brightness") == 7)


async def test_a_light_that_reports_itself_goes_on_following(
    hass: HomeAssistant, bulbs: Bulbs, service: StubService
) -> None:
    await play(service)
    await eventually(lambda: bulbs.last(LAMP) and bulbs.latest(LAMP)[1].get("brightness") == 255)
    hass.states.async_set(LAMP, "on", {"brightness": 250, "color_mode": "brightness"})
    frame = {"at": 1, "levels": [0, 0, 90, 0, 0, 0, 0, 0], "switched": [True] * 8}
    await service.tell(type="frames", now=1_000_100, frames=[frame])
    await eventually(lambda: bulbs.latest(LAMP)[1].get("brightness") == 90)


def reported(service: StubService, entry: MockConfigEntry) -> dict[str, Any] | None:
    """The latest report of the lights that follow."""
    path = f"lights/mirrors/{entry.entry_id}"
    found = [body["mirrors"] for method, where, body in service.asked if (method, where) == ("PUT", path)]
    return found[-1][0] if found else None


async def test_the_service_is_told_of_them(
    hass: HomeAssistant, loaded: MockConfigEntry, bulbs: Bulbs, service: StubService
) -> None:
    hass.states.async_set(STRIP, "off", {"friendly_name": "Strip", "supported_color_modes": ["onoff"]})
    expected = [{"name": LAMP, "dims": True}, {"name": "Strip", "dims": False}]
    await eventually(lambda: (report := reported(service, loaded)) and report["lights"] == expected)
    assert reported(service, loaded) == {"name": "Porch", "channel": 3, "lights": expected, "problem": ""}
    hass.states.async_set(LAMP, "unavailable")
    await eventually(lambda: f"{LAMP} is not available" in (reported(service, loaded) or {})["problem"])
    hass.states.async_set(LAMP, "on", BRIGHT)
    bulbs.broken = {STRIP}
    await play(service)
    await eventually(
        lambda: f"{STRIP} does not follow: no radio" in (reported(service, loaded) or {})["problem"]
    )


async def test_a_service_that_does_not_know_them_is_left_alone(
    hass: HomeAssistant, loaded: MockConfigEntry, bulbs: Bulbs, service: StubService
) -> None:
    await eventually(lambda: reported(service, loaded))
    service.refuse = "there is no such page"
    hass.states.async_set(LAMP, "unavailable")
    await eventually(lambda: "not available" in (reported(service, loaded) or {})["problem"])
    service.refuse = ""
    await play(service)
    await eventually(lambda: bulbs.last(STRIP))
