"""The dashboard card: how it reaches dashboards, and what it may ask for over Home Assistant's WebSocket."""

import gzip
from typing import Any
from unittest.mock import patch

import pytest
from custom_components.yulelight import card
from custom_components.yulelight.const import DOMAIN
from homeassistant.auth.models import Group
from homeassistant.components.lovelace import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection, ResourceYAMLCollection
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.integration.stub import StubService

LIMIT = 60_000
"""Bytes of the card, gzipped: what a phone loads."""


async def resources(hass: HomeAssistant) -> list[dict[str, Any]]:
    found = hass.data[LOVELACE_DATA].resources
    await found.async_get_info()
    return [item for item in found.async_items() or () if card.PATH in item["url"]]


async def test_the_card_is_a_resource_with_its_hash(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    [item] = await resources(hass)
    assert item["type"] == "module" and item["url"].startswith(f"{card.PATH}?v=")
    client = await hass_client()
    answer = await client.get(item["url"])
    assert answer.status == 200 and "javascript" in answer.headers["Content-Type"]
    assert "max-age" in answer.headers["Cache-Control"]
    body = await answer.read()
    assert body == card.CARD.read_bytes()
    assert len(gzip.compress(body)) <= LIMIT


async def test_a_new_card_has_a_new_address(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    [before] = await resources(hass)
    found = hass.data[LOVELACE_DATA].resources
    assert isinstance(found, ResourceStorageCollection)
    await found.async_update_item(before["id"], {"res_type": "module", "url": f"{card.PATH}?v=old"})
    await found.async_create_item({"res_type": "module", "url": card.PATH})
    assert await hass.config_entries.async_reload(loaded.entry_id)
    [after] = await resources(hass)
    assert after == before, "one is left, and it is the new one"


async def test_the_card_leaves_with_the_last_service(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    other = MockConfigEntry(domain=DOMAIN, unique_id="cd34", data=dict(loaded.data))
    other.add_to_hass(hass)
    await hass.config_entries.async_remove(other.entry_id)
    assert len(await resources(hass)) == 1
    await hass.config_entries.async_remove(loaded.entry_id)
    assert await resources(hass) == []


async def test_in_yaml_mode_the_user_is_told_what_to_add(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    [item] = await resources(hass)
    yaml = ResourceYAMLCollection([])
    with patch.object(hass.data[LOVELACE_DATA], "resources", yaml):
        assert await hass.config_entries.async_reload(loaded.entry_id)
        issue = ir.async_get(hass).async_get_issue(DOMAIN, card.ISSUE)
        assert issue is not None and issue.translation_placeholders == {"url": item["url"]}
        yaml.data.append({"type": "module", "url": item["url"]})
        assert await hass.config_entries.async_reload(loaded.entry_id)
        assert ir.async_get(hass).async_get_issue(DOMAIN, card.ISSUE) is None


@pytest.mark.parametrize(
    ("message", "kind", "told"),
    [
        (
            {"type": "yulelight/channel", "channel": 3, "on": True, "brightness": 99},
            "channel",
            {"channel": 3, "on": True, "brightness": 99},
        ),
        ({"type": "yulelight/channel", "channel": 8, "on": False}, "channel", {"channel": 8, "on": False}),
        ({"type": "yulelight/release", "channel": 3}, "release", {"channel": 3}),
        (
            {"type": "yulelight/control", "command": "blackout", "fields": {"on": True}},
            "control",
            {"command": "blackout", "on": True},
        ),
        (
            {"type": "yulelight/control", "command": "brightness", "fields": {"level": 0.25}},
            "control",
            {"command": "brightness", "level": 0.25},
        ),
        (
            {"type": "yulelight/control", "command": "look", "fields": {"look": "calm"}},
            "control",
            {"command": "look", "look": "calm"},
        ),
    ],
)
async def test_what_the_card_asks_is_done(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    hass_ws_client: WebSocketGenerator,
    message: dict[str, Any],
    kind: str,
    told: dict[str, Any],
) -> None:
    client = await hass_ws_client()
    await client.send_json_auto_id({**message, "entity_id": player(hass)})
    answer = await client.receive_json()
    assert answer["success"], answer
    said = service.commands(kind)[-1]
    assert {key: said[key] for key in told} == told


@pytest.mark.parametrize(
    "message",
    [
        {"type": "yulelight/channel", "channel": 9, "on": True},
        {"type": "yulelight/channel", "channel": 1, "on": True, "brightness": 256},
        {"type": "yulelight/channel", "channel": 1},
        {"type": "yulelight/release", "channel": 0},
        {"type": "yulelight/control", "command": "stop"},
        {"type": "yulelight/control", "command": "blackout", "fields": {}},
        {"type": "yulelight/control", "command": "blackout", "fields": {"on": True, "more": 1}},
        {"type": "yulelight/control", "command": "brightness", "fields": {"level": 2}},
    ],
)
async def test_nonsense_is_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    hass_ws_client: WebSocketGenerator,
    message: dict[str, Any],
) -> None:
    before = len(service.asked)
    client = await hass_ws_client()
    await client.send_json_auto_id({**message, "entity_id": player(hass)})
    answer = await client.receive_json()
    assert answer["error"]["code"] == "invalid_format"
    assert len(service.asked) == before


async def test_what_the_service_refuses_is_told_in_its_words(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_ws_client: WebSocketGenerator
) -> None:
    service.refuse = "the house is on holiday"
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "yulelight/release", "entity_id": player(hass), "channel": 1})
    assert "holiday" in (await client.receive_json())["error"]["message"]


@pytest.mark.parametrize("kind", ["status", "frames"])
async def test_other_houses_are_not_there(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: WebSocketGenerator, kind: str
) -> None:
    client = await hass_ws_client()
    for which in ({"entity_id": "media_player.other"}, {"entry_id": "nothing"}, {}):
        await client.send_json_auto_id({"type": f"yulelight/{kind}", **which})
        assert (await client.receive_json())["error"]["code"] == "not_found"


async def test_the_status_has_all_that_the_card_shows(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "yulelight/status", "entity_id": player(hass)})
    assert (await client.receive_json())["success"]
    told = (await client.receive_json())["event"]
    assert told["name"] == "Our house" and told["playlists"] == ["Christmas"]
    assert told["looks"] == ["lively", "calm"] and told["problems"] == ["no_broker"]
    assert 0 <= told["age"] < 600


async def test_who_may_not_control_the_player_may_not_control_the_lights(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    hass_read_only_user: MockUser,
) -> None:
    before = len(service.asked)
    client = await hass_ws_client(hass, hass_read_only_access_token)
    await client.send_json_auto_id({"type": "yulelight/status", "entity_id": player(hass)})
    assert (await client.receive_json())["success"]
    await client.receive_json()
    blackout = {"type": "yulelight/control", "command": "blackout", "fields": {"on": True}}
    for message in (blackout, {"type": "yulelight/channel", "channel": 1, "on": True}):
        await client.send_json_auto_id({**message, "entity_id": player(hass)})
        assert (await client.receive_json())["error"]["code"] == "unauthorized"
    assert len(service.asked) == before
    hass_read_only_user.groups = [Group(name="none", id="none", policy={})]
    hass_read_only_user.invalidate_cache()
    await client.send_json_auto_id({"type": "yulelight/frames", "entity_id": player(hass)})
    assert (await client.receive_json())["error"]["code"] == "unauthorized"


def player(hass: HomeAssistant) -> str:
    [found] = hass.states.async_entity_ids("media_player")
    return found
