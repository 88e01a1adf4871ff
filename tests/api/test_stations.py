"""The stations over HTTP, and the WebSocket's word of every change."""

from typing import Any

from aiohttp import ClientWebSocketResponse

from tests.api.stubs import serve
from yulelight.core.messages import Play

STATIONS = "/api/v1/stations"


async def told(socket: ClientWebSocketResponse, kind: str, id: int | None = None) -> dict[str, Any]:
    """The next message of this kind and id."""
    message = await socket.receive_json(timeout=20)
    while message["type"] != kind or message.get("id") != id:
        message = await socket.receive_json(timeout=20)
    found: dict[str, Any] = message
    return found


async def test_a_station_is_added_renamed_and_removed() -> None:
    async with serve() as served, served.client() as client, client.ws_connect("/api/v1/ws") as socket:
        await socket.send_json({"id": 1, "type": "subscribe", "topic": "stations"})
        assert await told(socket, "stations") == {"type": "stations", "stations": []}
        answer = await client.post(STATIONS, json={"url": "http://one.example/live.pls"})
        (station,) = (await answer.json())["stations"]
        assert (station["name"], station["url"]) == ("Radio One Two", "http://one.example/live.pls")
        assert (await told(socket, "stations"))["stations"] == [station]
        here = f"{STATIONS}/{station['id']}"
        answer = await client.put(here, json={"name": "One"})
        assert (await answer.json())["stations"] == [{**station, "name": "One"}]
        assert (await told(socket, "stations"))["stations"][0]["name"] == "One"
        await socket.send_json({"id": 2, "type": "get", "view": "stations"})
        assert (await told(socket, "result", 2))["result"]["stations"][0]["name"] == "One"
        assert (await (await client.delete(here)).json()) == {"stations": []}
        assert (await told(socket, "stations"))["stations"] == []
        assert (
            (await client.delete(here)).status == (await client.put(here, json={"name": "x"})).status == 404
        )


async def test_what_cannot_be_kept_is_told() -> None:
    async with serve() as served, served.client() as client:
        for body, said in (
            ({}, "text of 1 to 2000 printable"),
            ({"url": "ftp://x"}, "begins with http"),
            ({"url": "http://silent.example/"}, "sends no sound"),
            ({"url": "http://one.example/", "name": "a/b"}, "a station's name has"),
            ({"url": "http://one.example/", "nam": "x"}, "unknown field"),
        ):
            answer = await client.post(STATIONS, json=body)
            assert 400 <= answer.status < 600 and answer.status != 500
            assert said in await answer.text()
        assert (await (await client.get(STATIONS)).json()) == {"stations": []}


async def test_a_command_names_a_station() -> None:
    async with serve() as served, served.client() as client:
        await client.post("/api/v1/control", json={"command": "play", "station": "One", "look": "calm"})
        assert served.house.commands[-1] == Play(station="One", look="calm")
        both = {"command": "play", "station": "One", "url": "http://x/"}
        assert "not several" in await (await client.post("/api/v1/control", json=both)).text()
