"""Repairs, diagnostics, system health, and the card's live view."""

import json
import re
from typing import Any

import pytest
from custom_components.yulelight import repairs
from custom_components.yulelight.const import CONF_NATIVE_LIGHTS, CONF_PLAYER, DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.integration.found import state_of
from tests.integration.stub import RECORDED, SONGS, TOKEN, StubService, eventually, like, node
from tests.integration.test_shipping import ENGLISH


def issues(hass: HomeAssistant) -> set[str]:
    return {key.rpartition("_")[0] for domain, key in ir.async_get(hass).issues if domain == DOMAIN}


def placeholders(hass: HomeAssistant, issue: str) -> dict[str, str]:
    found = ir.async_get(hass).async_get_issue(DOMAIN, issue)
    assert found is not None and found.translation_placeholders is not None
    return found.translation_placeholders


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


async def test_no_lights_twice(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    mqtt_device(hass)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_NATIVE_LIGHTS: True})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert issues(hass) == set()
    assert hass.states.async_entity_ids("light") == ["light.our_house_all_lights"]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_mqtt_device_is_linked(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    mqtt_device(hass)
    devices = [d for d in dr.async_get(hass).devices if (DOMAIN, "ab12") in d.connections]
    assert len(devices) == 2


async def test_a_node_is_lost_and_a_model_missing(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    service.views["nodes"] = {"nodes": [node(status={"online": False}, online=False, healthy=False)]}
    await service.tell(type="nodes")
    await service.say_status(model="gone")
    await eventually(lambda: issues(hass) == {"no_broker", "node_lost", "model_missing"})
    assert placeholders(hass, f"node_lost_{loaded.entry_id}")["nodes"] == "porch"
    service.views["nodes"] = {"nodes": [node()]}
    await service.tell(type="nodes")
    await service.say_status(model="mel")
    await eventually(lambda: issues(hass) == {"no_broker"})


async def test_a_disk_is_unplugged(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    await service.say_status(missing_music=["/media/disk", "/home/carols"])
    await eventually(lambda: issues(hass) == {"no_broker", "music_missing"})
    assert placeholders(hass, f"music_missing_{loaded.entry_id}") == {
        "name": "Our house",
        "places": "/media/disk, /home/carols",
    }
    await service.say_status(missing_music=[])
    await eventually(lambda: issues(hass) == {"no_broker"})


@pytest.mark.parametrize(
    ("changes", "problem", "nodes"),
    [
        ({"health": {"driver_works": False}, "healthy": False}, "node_dark", "porch"),
        ({"health": {"error_p99_us": 31000}, "healthy": False}, "clock_off", "porch (31 ms)"),
        ({"health": None, "healthy": False}, "node_lost", "porch"),
    ],
)
async def test_a_node_that_is_not_well(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    changes: dict[str, Any],
    problem: str,
    nodes: str,
) -> None:
    await service.tell(type="nodes", nodes=[node(**changes)])
    await eventually(lambda: issues(hass) == {"no_broker", problem})
    told = placeholders(hass, f"{problem}_{loaded.entry_id}")
    assert told == {"name": "Our house", "nodes": nodes, "service": "ab12"}
    await service.tell(type="nodes", nodes=[node()])
    await eventually(lambda: issues(hass) == {"no_broker"})


@pytest.mark.parametrize(
    ("version", "problems"),
    [("0.0.9", {"service_old"}), ("9.0.0", {"integration_old"}), ("0.1.0", set()), ("a branch", set())],
)
async def test_versions(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService, version: str, problems: set[str]
) -> None:
    service.version = version
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert issues(hass) - {"no_broker"} == problems
    assert state_of(hass, "update.our_house_service").state == ("on" if "service_old" in problems else "off")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_service_sounds_too(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    service.views["outputs"] = {
        "outputs": [like(RECORDED["outputs"]["outputs"][0], remote=False, problem="")]
    }
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PLAYER: "media_player.hall"})
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert issues(hass) == {"no_broker", "sound_elsewhere"}
    await hass.config_entries.async_unload(entry.entry_id)


class Page:
    """Home Assistant's page of repairs."""

    def __init__(self, client: Any, entry: MockConfigEntry) -> None:
        self._client, self._entry = client, entry

    async def mend(self, problem: str) -> dict[str, Any]:
        """Open it, read it, submit it; the last answer."""
        url = "/api/repairs/issues/fix"
        body = {"handler": DOMAIN, "issue_id": f"{problem}_{self._entry.entry_id}"}
        step = await (await self._client.post(url, json=body)).json()
        assert step["step_id"] == "confirm", step
        text = ENGLISH["issues"][problem]["fix_flow"]["step"]["confirm"]["description"]
        assert set(re.findall(r"\{(\w+)\}", text)) <= set(step["description_placeholders"])
        answer: dict[str, Any] = await (await self._client.post(f"{url}/{step['flow_id']}", json={})).json()
        return answer


@pytest.fixture
async def page(hass: HomeAssistant, loaded: MockConfigEntry, hass_client: ClientSessionGenerator) -> Page:
    assert await async_setup_component(hass, "repairs", {})
    await hass.async_block_till_done()
    return Page(await hass_client(), loaded)


async def test_no_lights_are_mended_with_a_click(
    hass: HomeAssistant, loaded: MockConfigEntry, page: Page
) -> None:
    assert (await page.mend("no_broker"))["type"] == "create_entry"
    await hass.async_block_till_done()
    assert len(hass.states.async_entity_ids("light")) == 9
    assert loaded.options[CONF_NATIVE_LIGHTS] is True
    assert issues(hass) == set()


async def test_a_missing_model_is_mended_with_a_click(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, page: Page
) -> None:
    await service.say_status(model="gone")
    await eventually(lambda: "model_missing" in issues(hass))
    service.refuse = "not now"
    assert (await page.mend("model_missing"))["reason"] == "refused"
    service.refuse = ""
    assert (await page.mend("model_missing"))["type"] == "create_entry"
    assert service.commands()[-1] == {"command": "model", "model": "mel"}


async def test_a_lost_node_is_forgotten_with_a_click(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, page: Page
) -> None:
    gone = [node(id=id, status={"online": False}, online=False, healthy=False) for id in ("porch", "roof")]
    await service.tell(type="nodes", nodes=[*gone, node(id="gable")])
    await eventually(lambda: "node_lost" in issues(hass))
    service.refuse = "it is back"
    assert (await page.mend("node_lost"))["reason"] == "refused"
    service.refuse = ""
    assert (await page.mend("node_lost"))["type"] == "create_entry"
    forgotten = [path for method, path, _ in service.asked if method == "DELETE"]
    assert forgotten[-2:] == ["nodes/porch", "nodes/roof"]


async def test_mending_what_is_gone(hass: HomeAssistant) -> None:
    flow = await repairs.async_create_fix_flow(hass, "no_broker_x", {"entry_id": "x", "problem": "no_broker"})
    assert type(flow).__name__ == "ConfirmRepairFlow"


async def test_diagnostics_tell_no_secrets(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_client: ClientSessionGenerator
) -> None:
    await service.say_status(
        state="playing",
        song=SONGS[0],
        queue=[SONGS[1]],
        playlist="Christmas",
        missing_music=["/home/miller/music"],
        message="Christmas: a song of Mr Miller's is missing",
    )
    hass.config_entries.async_update_entry(
        loaded, data={**loaded.data, "host": "millers-pi.local"}, title="Our house"
    )
    await eventually(lambda: state_of(hass, "media_player.our_house").state == "playing")
    found = await get_diagnostics_for_config_entry(hass, hass_client, loaded)
    text = json.dumps(found)
    for private in (TOKEN, "Carol", "Deck", "Bells", "Christmas", "ab12", "iller", "Our house", "porch"):
        assert private not in text, private
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
