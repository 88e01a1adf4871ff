"""Repairs, diagnostics, system health, and the card's live view."""

import json

import pytest
from custom_components.yulelight.const import CONF_NATIVE_LIGHTS, DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.integration.stub import SONGS, TOKEN, StubService, eventually


def issues(hass: HomeAssistant) -> set[str]:
    return {key.rpartition("_")[0] for domain, key in ir.async_get(hass).issues if domain == DOMAIN}


def mqtt_device(hass: HomeAssistant) -> None:
    """What MQTT makes of the service's discovery message."""
    mqtt = MockConfigEntry(domain="mqtt")
    mqtt.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=mqtt.entry_id,
        identifiers={("mqtt", "yulelight_ab12")},
        connections={(DOMAIN, "ab12")},
    )


async def test_no_lights_anywhere(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    assert issues(hass) == {"no_broker"}
    MockConfigEntry(domain="mqtt", title="another broker").add_to_hass(hass)
    loaded.runtime_data.async_update_listeners()
    assert issues(hass) == {"no_lights"}
    mqtt_device(hass)
    await hass.async_block_till_done()
    assert issues(hass) == set()


async def test_lights_twice(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    mqtt_device(hass)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_NATIVE_LIGHTS: True})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert issues(hass) == {"lights_twice"}
    assert hass.states.async_entity_ids("light") == []
    await hass.config_entries.async_unload(entry.entry_id)
    assert issues(hass) == set()


async def test_the_mqtt_device_is_linked(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    mqtt_device(hass)
    devices = [d for d in dr.async_get(hass).devices if (DOMAIN, "ab12") in d.connections]
    assert len(devices) == 2


async def test_a_node_is_lost_and_a_model_missing(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    service.views["nodes"] = {"nodes": [{"id": "porch", "status": {"online": False}, "health": None}]}
    await service.tell(type="nodes")
    await service.say_status(model="gone")
    await eventually(lambda: issues(hass) == {"no_broker", "node_lost", "model_missing"})
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"node_lost_{loaded.entry_id}")
    assert issue.translation_placeholders["nodes"] == "porch"
    service.views["nodes"] = {"nodes": [{"id": "porch", "status": {"online": True}, "health": None}]}
    await service.tell(type="nodes")
    await service.say_status(model="mel")
    await eventually(lambda: issues(hass) == {"no_broker"})


async def test_diagnostics_tell_no_secrets(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_client: ClientSessionGenerator
) -> None:
    await service.say_status(state="playing", song=SONGS[0], playlist="Christmas")
    await eventually(lambda: hass.states.get("media_player.our_house").state == "playing")
    found = await get_diagnostics_for_config_entry(hass, hass_client, loaded)
    text = json.dumps(found)
    assert TOKEN not in text
    assert "Carol" not in text
    assert found["connected"] is True
    assert found["house"]["status"]["state"] == "playing"
    assert found["house"]["info"]["version"] == "0.1.0"


async def test_system_health(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    lost = MockConfigEntry(domain=DOMAIN, title="Shed", unique_id="cd34")
    lost.add_to_hass(hass)
    info = await get_system_health_info(hass, DOMAIN)
    assert await info["Our house: can reach the service"] == "ok"
    assert info["Our house: version"] == "0.1.0"
    assert info["Our house: light nodes online"] == "1 of 1"
    assert info["Shed"] == "not connected"


async def test_live_frames_only_while_somebody_looks(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "yulelight/frames", "entry_id": loaded.entry_id})
    answer = await client.receive_json()
    assert answer["success"]
    await eventually(lambda: "frames" in service.topics)
    frame = {"at": 5, "levels": [1] * 8, "switched": [True] * 8}
    await service.tell(type="frames", now=4, frames=[frame])
    pushed = await client.receive_json()
    assert pushed["event"] == {"now": 4, "frames": [frame]}
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": answer["id"]})
    assert (await client.receive_json())["success"]
    await eventually(lambda: "frames" not in service.topics)


async def test_the_card_hears_of_the_show(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "yulelight/status", "entry_id": loaded.entry_id})
    assert (await client.receive_json())["success"]
    first = (await client.receive_json())["event"]
    assert first["available"] is True
    assert first["status"]["state"] == "idle"
    assert len(first["channels"]) == 8
    await service.say_status(state="playing", song=SONGS[0], sections=[0.0, 20.0])
    second = (await client.receive_json())["event"]
    assert second["status"]["song"]["title"] == "Carol of the Bells"
    assert second["status"]["sections"] == [0.0, 20.0]
    await service.tell(type="library")
    await service.say_status(state="paused")
    assert (await client.receive_json())["event"]["status"]["state"] == "paused"


@pytest.mark.parametrize("kind", ["frames", "status"])
async def test_no_such_entry(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: WebSocketGenerator, kind: str
) -> None:
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": f"yulelight/{kind}", "entry_id": "another"})
    assert (await client.receive_json())["error"]["code"] == "not_found"
