"""What the card asks of the show beside its entities."""

from typing import Any

import pytest
from custom_components.yulelight.card import async_remove_card
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from tests.integration.stub import StubService

PLAYER = "media_player.our_house"


@pytest.mark.parametrize(
    ("request_", "kind", "asked"),
    [
        ({"type": "yulelight/control", "command": "blackout", "fields": {"on": True}}, "control",
         {"command": "blackout", "on": True}),
        ({"type": "yulelight/control", "command": "brightness", "fields": {"level": 0.5}}, "control",
         {"command": "brightness", "level": 0.5}),
        ({"type": "yulelight/control", "command": "look", "fields": {"look": "calm"}}, "control",
         {"command": "look", "look": "calm"}),
        ({"type": "yulelight/channel", "channel": 3, "on": True, "brightness": 9}, "channel",
         {"channel": 3, "on": True, "brightness": 9}),
        ({"type": "yulelight/release", "channel": 3}, "release", {"channel": 3}),
    ],
)  # fmt: skip
async def test_commands(
    hass_ws_client: WebSocketGenerator,
    loaded: MockConfigEntry,
    service: StubService,
    request_: dict[str, Any],
    kind: str,
    asked: dict[str, Any],
) -> None:
    client = await hass_ws_client()
    await client.send_json_auto_id({**request_, "entity_id": PLAYER})
    assert (await client.receive_json())["success"]
    assert service.commands(kind) == [asked]
    service.refuse = "not now"
    await client.send_json_auto_id({**request_, "entry_id": loaded.entry_id})
    assert (await client.receive_json())["error"]["message"] == "not now"


async def test_what_makes_no_sense(
    hass_ws_client: WebSocketGenerator, loaded: MockConfigEntry, service: StubService
) -> None:
    client = await hass_ws_client()
    for wrong in (
        {"type": "yulelight/control", "command": "blackout", "fields": {"on": "perhaps"}},
        {"type": "yulelight/control", "command": "stop"},
        {"type": "yulelight/channel", "channel": 9, "on": True},
    ):
        await client.send_json_auto_id({**wrong, "entry_id": loaded.entry_id})
        assert (await client.receive_json())["error"]["code"] == "invalid_format"
    assert service.commands() == []


async def test_who_may_not_control_the_player_may_not_do_it_here(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
    loaded: MockConfigEntry,
    service: StubService,
) -> None:
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({"entities": {"entity_ids": {PLAYER: {"read": True}}}})
    client = await hass_ws_client()
    await client.send_json_auto_id(
        {"type": "yulelight/channel", "channel": 1, "on": True, "entity_id": PLAYER}
    )
    assert (await client.receive_json())["error"]["code"] == "unauthorized"
    assert service.commands("channel") == []


async def test_the_card_is_a_resource_of_the_dashboards(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    assert await async_setup_component(hass, "lovelace", {})
    resources = hass.data["lovelace"].resources
    [card] = [item for item in resources.async_items() if "yulelight-card.js" in item["url"]]
    assert card["url"].startswith("/yulelight/yulelight-card.js?v=")
    await async_remove_card(hass)
    assert not [item for item in resources.async_items() if "yulelight-card.js" in item["url"]]
