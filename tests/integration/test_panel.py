"""The panel in the sidebar: who sees it, and what it may ask of the service without having its token."""

import asyncio
import gzip
from typing import Any

import pytest
from custom_components.yulelight import panel, tunnel
from custom_components.yulelight.const import DOMAIN
from homeassistant.auth.models import Group
from homeassistant.components.frontend import DATA_PANELS
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.integration.stub import COVER, TOKEN, StubService

LIMIT = 130_000
"""Bytes of the panel, gzipped."""


async def shown_to(hass: HomeAssistant, entry: MockConfigEntry, who: str) -> None:
    hass.config_entries.async_update_entry(entry, options={**entry.options, "panel": who})
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()


async def test_it_is_in_the_sidebar_of_administrators_until_the_service_is_unloaded(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    found = hass.data[DATA_PANELS]["yulelight"]
    assert (found.sidebar_title, found.require_admin) == ("Our house", True)
    assert found.config is not None and found.config["entry_id"] == loaded.entry_id
    address = found.config["_panel_custom"]["module_url"]
    answer = await (await hass_client()).get(address)
    assert answer.status == 200 and "javascript" in answer.headers["Content-Type"]
    body = await answer.read()
    assert body == panel.FILE.read_bytes() and len(gzip.compress(body)) <= LIMIT
    assert TOKEN not in str(found.config)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert "yulelight" not in hass.data[DATA_PANELS]


async def test_the_owner_chooses_who_sees_it(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    await shown_to(hass, loaded, "everybody")
    assert hass.data[DATA_PANELS]["yulelight"].require_admin is False
    await shown_to(hass, loaded, "nobody")
    assert "yulelight" not in hass.data[DATA_PANELS]
    await shown_to(hass, loaded, "admins")
    assert hass.data[DATA_PANELS]["yulelight"].require_admin is True


async def test_a_second_house_has_an_address_of_its_own(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    async with StubService() as second:
        second.id = "cd34"
        other = MockConfigEntry(
            domain=DOMAIN, title="Barn", unique_id="cd34", data={**loaded.data, "port": second.port}
        )
        other.add_to_hass(hass)
        assert await hass.config_entries.async_setup(other.entry_id)
        assert hass.data[DATA_PANELS]["yulelight-cd34"].sidebar_title == "Barn"
        assert await hass.config_entries.async_unload(other.entry_id)
        assert {"yulelight"} == {path for path in hass.data[DATA_PANELS] if path.startswith("yulelight")}


async def test_requests_are_passed_on_with_the_token(
    loaded: MockConfigEntry, service: StubService, hass_client: ClientSessionGenerator
) -> None:
    client, at = await hass_client(), f"/api/yulelight/{loaded.entry_id}"
    async with client.get(f"{at}/playlists") as answer:
        assert answer.status == 200
        assert (await answer.json())["playlists"][0]["id"] == "Christmas"
        assert TOKEN not in await answer.text() and TOKEN not in str(answer.headers)
    async with client.put(f"{at}/playlists/Late evening", json={"songs": ["s1"]}) as answer:
        assert answer.status == 200
    assert ("PUT", "playlists/Late evening", {"songs": ["s1"]}) in service.asked
    async with client.get(f"{at}/songs", params={"search": "bells & more", "offset": "0"}) as answer:
        assert answer.status == 200
    assert ("GET", "songs", {"search": "bells & more", "offset": "0"}) in service.asked
    async with client.get(f"{at}/songs/s1/cover") as answer:
        assert await answer.read() == COVER and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox"
    service.refuse = "the house is on holiday"
    async with client.delete(f"{at}/playlists/Christmas") as answer:
        assert answer.status == 409 and (await answer.json())["error"] == "the house is on holiday"


@pytest.mark.parametrize(
    "path",
    ["addresses", "pairing", "pairing/p1", "ingest", "ws", "songs/../addresses", "./addresses",
     "songs//addresses", "%2e%2e/addresses"],
)  # fmt: skip
async def test_what_gives_the_token_away_is_not_there(
    loaded: MockConfigEntry, service: StubService, hass_client: ClientSessionGenerator, path: str
) -> None:
    service.views["addresses"] = {"addresses": [], "qr": TOKEN}
    async with (await hass_client()).get(f"/api/yulelight/{loaded.entry_id}/{path}") as answer:
        assert answer.status in (404, 401)
        assert TOKEN not in await answer.text()


async def test_a_body_is_limited(loaded: MockConfigEntry, hass_client: ClientSessionGenerator) -> None:
    client = await hass_client()
    async with client.put(
        f"/api/yulelight/{loaded.entry_id}/uploads/abcdefgh", data=bytes(3_000_000)
    ) as answer:
        assert answer.status == 413


async def test_strangers_are_not_let_in(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
    hass_read_only_user: MockUser,
) -> None:
    at = f"/api/yulelight/{loaded.entry_id}/playlists"
    assert (await (await hass_client_no_auth()).get(at)).status == 401
    reader = await hass_client(hass_read_only_access_token)
    assert (await reader.get(at)).status == 401, "the panel is for administrators"
    await shown_to(hass, loaded, "everybody")
    assert (await reader.get(at)).status == 401, "who may only read may not use it either"
    hass_read_only_user.groups = [Group(name="all", id="all", policy={"entities": True})]
    hass_read_only_user.invalidate_cache()
    assert (await reader.get(at)).status == 200
    await shown_to(hass, loaded, "nobody")
    assert (await (await hass_client()).get(at)).status == 404


async def test_another_entry_is_not_there(
    loaded: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    assert (await (await hass_client()).get("/api/yulelight/nothing/playlists")).status == 404


async def test_a_service_that_is_away_is_told(
    loaded: MockConfigEntry, service: StubService, hass_client: ClientSessionGenerator
) -> None:
    client = await hass_client()
    await service.stop()
    assert (await client.get(f"/api/yulelight/{loaded.entry_id}/playlists")).status == 502
    await service.start()
    service.token = "another"
    answer = await client.get(f"/api/yulelight/{loaded.entry_id}/playlists")
    assert answer.status == 502, "Home Assistant's frontend takes a 401 for its own"


async def next_event(client: Any) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            message = await client.receive_json()
            if message["type"] == "event":
                event: dict[str, Any] = message["event"]
                return event


async def test_messages_go_both_ways_and_the_end_is_told(
    loaded: MockConfigEntry, service: StubService, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client()
    await client.send_json_auto_id(
        {"type": "yulelight/panel/open", "entry_id": loaded.entry_id, "language": "de"}
    )
    line = (await next_event(client))["line"]
    assert (await next_event(client))["message"]["type"] == "server"
    ask = '{"id": 7, "type": "get", "view": "status"}'
    await client.send_json_auto_id({"type": "yulelight/panel/send", "line": line, "message": ask})
    answer: dict[str, Any] = {}
    while answer.get("id") != 7:
        answer = (await next_event(client))["message"]
    assert answer["ok"]
    await service.stop()
    while "closed" not in (event := await next_event(client)):
        pass
    assert isinstance(event["closed"], str)
    await client.send_json_auto_id({"type": "yulelight/panel/send", "line": line, "message": ask})
    assert (await client.receive_json())["error"]["code"] == "not_found"
    await service.start()


async def test_a_line_belongs_to_who_opened_it(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "yulelight/panel/open", "entry_id": loaded.entry_id})
    line = (await next_event(client))["line"]
    other = await hass_ws_client(hass, hass_read_only_access_token)
    await other.send_json_auto_id({"type": "yulelight/panel/send", "line": line, "message": "{}"})
    assert (await other.receive_json())["error"]["code"] == "not_found"
    await other.send_json_auto_id({"type": "yulelight/panel/open", "entry_id": loaded.entry_id})
    assert (await other.receive_json())["error"]["code"] == "unauthorized"
    await client.send_json_auto_id({"type": "yulelight/panel/open", "entry_id": "nothing"})
    refused = await client.receive_json()
    while refused["type"] != "result":
        refused = await client.receive_json()
    assert refused["error"]["code"] == "not_found"


async def test_a_closed_panel_closes_its_line(
    loaded: MockConfigEntry, service: StubService, hass_ws_client: WebSocketGenerator
) -> None:
    before = len(service.sockets)
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "yulelight/panel/open", "entry_id": loaded.entry_id})
    await next_event(client)
    assert len(service.sockets) == before + 1
    await client.close()
    async with asyncio.timeout(20):
        while sum(not socket.closed for socket in service.sockets) > before:
            await asyncio.sleep(0.02)


def test_limits_fit_what_the_page_sends() -> None:
    assert tunnel.MAX_BODY > 1_000_000, "a piece of a song"
