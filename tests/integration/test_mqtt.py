"""The service's own discovery message in Home Assistant's own MQTT integration, beside ours.

discovery.json is what the service publishes; a test of the service keeps it true (tests/mqtt/test_shared_payload.py).
"""

import json
from pathlib import Path
from typing import Any

import pytest
from custom_components.yulelight.const import DOMAIN
from homeassistant.config_entries import SOURCE_MQTT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_mqtt_message

from tests.integration.found import state_of
from tests.integration.stub import StubService

SAID: list[list[Any]] = json.loads(Path(__file__).with_name("discovery.json").read_text())
LIGHT = "light.our_house_light_"


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Those of the MQTT integration's own client."""
    return True


async def hear(hass: HomeAssistant, *, but: str = "no topic") -> None:
    for topic, body in SAID:
        if not topic.startswith(but):
            async_fire_mqtt_message(hass, topic, body if isinstance(body, str) else json.dumps(body))
            await hass.async_block_till_done()


async def test_eight_lights_and_the_event(hass: HomeAssistant, mqtt_mock: Any) -> None:
    await hear(hass, but="yulelight/discovery")
    assert sorted(hass.states.async_entity_ids("light")) == [f"{LIGHT}{n}" for n in range(1, 9)]
    first, second, third = (state_of(hass, f"{LIGHT}{n}") for n in (1, 2, 3))
    assert (first.state, first.attributes["brightness"], first.attributes["effect"]) == ("on", 128, "show")
    assert first.attributes["effect_list"] == ["show"]
    assert second.state == "off"
    assert third.attributes["effect"] is None
    assert hass.states.async_entity_ids("event") == [], "the show's event is the integration's"


@pytest.mark.parametrize(
    ("action", "data", "payload"),
    [
        ("turn_on", {"brightness": 50}, {"state": "ON", "brightness": 50}),
        ("turn_on", {"effect": "show"}, {"state": "ON", "effect": "show"}),
        ("turn_off", {}, {"state": "OFF"}),
    ],
)
async def test_what_the_lights_are_told(
    hass: HomeAssistant, mqtt_mock: Any, action: str, data: dict[str, Any], payload: dict[str, Any]
) -> None:
    await hear(hass, but="yulelight/discovery")
    mqtt_mock.async_publish.reset_mock()
    await hass.services.async_call("light", action, {"entity_id": f"{LIGHT}3", **data}, blocking=True)
    [call] = mqtt_mock.async_publish.call_args_list
    topic, said, _, retained = call.args[:4]
    assert (topic, json.loads(said), retained) == ("yulelight/ab12/channel/3/set", payload, False)


async def test_all_are_away_with_the_service(hass: HomeAssistant, mqtt_mock: Any) -> None:
    await hear(hass, but="yulelight/discovery")
    async_fire_mqtt_message(hass, "yulelight/ab12/status", "offline")
    await hass.async_block_till_done()
    assert {state.state for state in hass.states.async_all("light")} == {"unavailable"}


async def test_the_two_devices_are_linked_and_nothing_is_missing(
    hass: HomeAssistant, mqtt_mock: Any, loaded: MockConfigEntry
) -> None:
    def problems() -> set[str]:
        return {key.rpartition("_")[0] for domain, key in ir.async_get(hass).issues if domain == DOMAIN}

    assert problems() == {"no_lights"}
    await hear(hass, but="yulelight/discovery")
    assert problems() == set()
    linked = [device for device in dr.async_get(hass).devices if (DOMAIN, "ab12") in device.connections]
    assert len(linked) == 2


async def test_the_announcement_begins_the_flow(
    hass: HomeAssistant, mqtt_mock: Any, service: StubService
) -> None:
    [(topic, body)] = [said for said in SAID if said[0].startswith("yulelight/discovery")]
    async_fire_mqtt_message(hass, topic, json.dumps({**body, "port": service.port}))
    await hass.async_block_till_done(wait_background_tasks=True)
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_MQTT
    assert flow["step_id"] == "pair"


async def test_the_event_of_an_earlier_version_goes(hass: HomeAssistant, mqtt_mock: Any) -> None:
    [(topic, body)] = [said for said in SAID if said[0].startswith("homeassistant/device")]
    event = {
        "platform": "event",
        "name": "Show",
        "unique_id": "yulelight_ab12_show",
        "state_topic": "yulelight/ab12/show/event",
        "event_types": ["started"],
    }
    earlier = {**body, "components": {**body["components"], "show": event}}
    async_fire_mqtt_message(hass, topic, json.dumps(earlier))
    await hass.async_block_till_done()
    assert hass.states.async_entity_ids("event") == ["event.our_house_show"]
    async_fire_mqtt_message(hass, topic, json.dumps(body))
    await hass.async_block_till_done()
    assert hass.states.async_entity_ids("event") == []
    assert len(hass.states.async_entity_ids("light")) == 8
