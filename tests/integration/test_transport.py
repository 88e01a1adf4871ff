"""The eight lights keep their ids and names when MQTT begins or ends to show them: real registries, real MQTT."""

import asyncio
from typing import Any

import pytest
from custom_components.yulelight import transport
from custom_components.yulelight.const import CONF_NATIVE_LIGHTS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_mqtt_message

from tests.integration.found import registered, state_of
from tests.integration.stub import StubService, eventually
from tests.integration.test_mqtt import hear

NAMED = "light.gable"
OTHERS = [f"light.our_house_light_{n}" for n in (1, 2, 4, 5, 6, 7, 8)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "SETTLE", 0.01)


@pytest.fixture
def expected_lingering_timers() -> bool:
    """MQTT's own, which ends with Home Assistant."""
    return True


@pytest.fixture
def entry(entry: MockConfigEntry, hass: HomeAssistant) -> MockConfigEntry:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_NATIVE_LIGHTS: True})
    return entry


def by(hass: HomeAssistant) -> dict[str, str]:
    """Who shows which light; only those that are there, and without the one for all."""
    ids = [id for id in hass.states.async_entity_ids("light") if "all_lights" not in id]
    return {id: registered(hass, id).platform for id in ids}


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


def personal(hass: HomeAssistant, light: str) -> None:
    """What a person makes of one of them."""
    area = ar.async_get(hass).async_get_or_create("Garden")
    registry = er.async_get(hass)
    registry.async_update_entity(light, new_entity_id=NAMED, name="Gable", icon="mdi:home", area_id=area.id)
    registry.async_update_entity_options(NAMED, "conversation", {"should_expose": True})


def is_personal(hass: HomeAssistant) -> None:
    light = registered(hass, NAMED)
    assert (light.name, light.icon, light.area_id) == ("Gable", "mdi:home", "garden")
    assert light.options["conversation"] == {"should_expose": True}


async def test_from_ours_to_mqtt_and_back(
    hass: HomeAssistant, mqtt_mock: Any, entry: MockConfigEntry, service: StubService
) -> None:
    await set_up(hass, entry)
    assert set(by(hass).values()) == {"yulelight"} and len(by(hass)) == 8
    personal(hass, "light.our_house_light_3")
    await eventually(lambda: NAMED in by(hass))
    await asyncio.sleep(0.1)
    await hear(hass, but="yulelight/discovery")
    wanted = dict.fromkeys([NAMED, *OTHERS], "mqtt")
    await eventually(lambda: by(hass) == wanted)
    is_personal(hass)
    assert state_of(hass, NAMED).state == "on"
    # And back: the device is deleted with MQTT.
    async_fire_mqtt_message(hass, "homeassistant/device/yulelight_ab12/config", "")
    await hass.async_block_till_done()
    await eventually(lambda: by(hass) == dict.fromkeys([NAMED, *OTHERS], "yulelight"))
    is_personal(hass)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_mqtt_came_first(
    hass: HomeAssistant, mqtt_mock: Any, entry: MockConfigEntry, service: StubService
) -> None:
    await hear(hass, but="yulelight/discovery")
    personal(hass, "light.our_house_light_3")
    await set_up(hass, entry)
    assert by(hass) == dict.fromkeys([NAMED, *OTHERS], "mqtt")
    # A restart between changes nothing.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    async_fire_mqtt_message(hass, "homeassistant/device/yulelight_ab12/config", "")
    await hass.async_block_till_done()
    await eventually(lambda: by(hass) == dict.fromkeys([NAMED, *OTHERS], "yulelight"))
    is_personal(hass)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_an_id_that_is_taken_meanwhile(
    hass: HomeAssistant, mqtt_mock: Any, entry: MockConfigEntry, service: StubService
) -> None:
    hass.config_entries.async_update_entry(entry, options={})
    await hear(hass, but="yulelight/discovery")
    personal(hass, "light.our_house_light_3")
    await set_up(hass, entry)
    async_fire_mqtt_message(hass, "homeassistant/device/yulelight_ab12/config", "")
    await hass.async_block_till_done()
    er.async_get(hass).async_get_or_create("light", "hue", "1", suggested_object_id="gable")
    hass.config_entries.async_update_entry(entry, options={CONF_NATIVE_LIGHTS: True})
    assert await hass.config_entries.async_reload(entry.entry_id)
    await eventually(lambda: len(by(hass)) == 8)
    await asyncio.sleep(0.1)
    assert by(hass) == dict.fromkeys(["light.our_house_light_3", *OTHERS], "yulelight")
    assert registered(hass, NAMED).platform == "hue"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_without_the_option_nothing_takes_their_place(
    hass: HomeAssistant, mqtt_mock: Any, entry: MockConfigEntry, service: StubService
) -> None:
    hass.config_entries.async_update_entry(entry, options={})
    await hear(hass, but="yulelight/discovery")
    await set_up(hass, entry)
    async_fire_mqtt_message(hass, "homeassistant/device/yulelight_ab12/config", "")
    await hass.async_block_till_done()
    await asyncio.sleep(0.1)
    assert by(hass) == {}
    await hass.config_entries.async_unload(entry.entry_id)
