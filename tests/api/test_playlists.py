"""Playlists over HTTP, and the WebSocket's word of every change."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.shelf import shelf
from tests.api.stubs import SONGS
from yulelight.library.playlist_folder import MAX_SONGS

LISTS = "/api/v1/playlists"


async def test_a_list_lives_from_its_making_to_its_end(tmp_path: Path) -> None:
    async with shelf(tmp_path) as (_, served), served.client() as client:
        assert await (await client.get(LISTS)).json() == {"playlists": []}
        made = await client.put(f"{LISTS}/Mum & Dad", json={"songs": ["aa11", "cc33"], "shuffle": True})
        assert made.status == 200
        song: dict[str, Any] = {
            "id": "aa11",
            "title": SONGS[0].title,
            "artist": SONGS[0].artist,
            "album": "",
            "duration": 183.0,
            "cover": False,
        }
        answer = await made.json()
        assert answer["items"][0] == {
            "id": "aa11",
            "song": song,
            "title": song["title"],
            "station": None,
            "missing": False,
        }
        assert [answer[key] for key in ("id", "pre", "post", "shuffle", "repeat")] == [
            "Mum & Dad",
            [],
            [],
            True,
            "off",
        ]
        here = f"{LISTS}/Mum%20%26%20Dad"
        for method, path, body, ids in (
            ("POST", "/items", {"songs": ["bb22"]}, ["aa11", "cc33", "bb22"]),
            (
                "POST",
                "/items",
                {"songs": ["dd44", "ee55"], "at": 0},
                ["dd44", "ee55", "aa11", "cc33", "bb22"],
            ),
            ("POST", "/items/4", {"to": 1}, ["dd44", "bb22", "ee55", "aa11", "cc33"]),
            ("DELETE", "/items/0", None, ["bb22", "ee55", "aa11", "cc33"]),
            ("PUT", "", {"songs": ["ff66"], "repeat": "all"}, ["ff66"]),
        ):
            answer = await (await client.request(method, here + path, json=body)).json()
            assert [item["id"] for item in answer["items"]] == ids
        assert answer["shuffle"] is True and answer["repeat"] == "all"
        assert await (await client.get(here)).json() == answer
        assert await (await client.get(LISTS)).json() == {
            "playlists": [{"id": "Mum & Dad", "songs": 1, "duration": 244.0, "missing": 0}]
        }
        assert await (await client.delete(here)).json() == {"playlists": []}
        assert (await client.get(here)).status == 404


async def test_steps_and_missing_songs_are_shown(tmp_path: Path) -> None:
    steps = [{"scene": "off", "seconds": 5.0}, {"announce": "bb22"}, {"scene": [0, 255] * 4, "seconds": 1.0}]
    async with shelf(tmp_path) as (house, served), served.client() as client:
        await client.put(f"{LISTS}/x", json={"songs": ["aa11"], "pre": steps, "post": steps[:1]})
        house.library = house.library[1:]
        answer = await (await client.get(f"{LISTS}/x")).json()
        assert answer["pre"] == steps and answer["post"] == steps[:1]
        (item,) = answer["items"]
        assert item["song"] is None and item["missing"] and item["title"].endswith("Carol of the Bells")
        assert str(tmp_path) not in str(answer)
        # A client can send back what it was shown.
        again = await client.put(f"{LISTS}/x", json={"songs": [item["id"], "bb22"]})
        assert [entry["id"] for entry in (await again.json())["items"]] == [item["id"], "bb22"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("PUT", "/..%2Fx", {"songs": []}, 400, "playlist's name"),
        ("PUT", "/.x", {"songs": []}, 400, "playlist's name"),
        ("PUT", "/y", {"songs": ["nobody"]}, 404, "no such song"),
        ("PUT", "/y", {"songs": "aa11"}, 400, '"songs" must be'),
        ("PUT", "/y", {"songs": [1]}, 400, '"songs" must be'),
        ("PUT", "/y", {"songs": [], "shuffle": 1}, 400, '"shuffle"'),
        ("PUT", "/y", {"songs": [], "repeat": "often"}, 400, '"repeat"'),
        ("PUT", "/y", {"songs": [], "pre": [{"scene": "red", "seconds": 1}]}, 400, '"scene"'),
        ("PUT", "/y", {"songs": [], "pre": [{"scene": "on", "seconds": 1}] * 51}, 400, '"pre"'),
        ("PUT", "/y", {"song": []}, 400, 'unknown field "song"'),
        ("GET", "/y", None, 404, "no such playlist"),
        ("DELETE", "/y", None, 404, "no such playlist"),
        ("POST", "/y/items", {"songs": ["aa11"]}, 404, "no such playlist"),
        ("POST", "/x/items", {"songs": ["aa11"], "at": 2}, 404, "no position 2"),
        ("POST", "/x/items", {"songs": ["aa11"], "at": -1}, 400, '"at"'),
        ("POST", "/x/items", {"songs": ["aa11"] * MAX_SONGS}, 400, "at most 5000"),
        ("POST", "/x/items/0", {"to": 1}, 404, "no position 1"),
        ("POST", "/x/items/0", {"to": 0, "id": "bb22"}, 404, "somebody else"),
        ("POST", "/x/items/0", {"to": 0, "id": 1}, 400, '"id"'),
        ("POST", "/x/items/0", {"seconds": 5}, 400, "only a station"),
        ("POST", "/x/items/0", {"seconds": -5}, 400, '"seconds"'),
        ("DELETE", "/x/items/0?id=bb22", None, 404, "somebody else"),
        ("POST", "/x/items/0", {}, 400, '"to"'),
        ("DELETE", "/x/items/1", None, 404, "no position 1"),
        ("DELETE", "/x/items/-1", None, 404, "no such position"),
        ("DELETE", "/x/items/99999999999999999999", None, 404, "no such position"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    tmp_path: Path, method: str, path: str, body: Any, status: int, says: str
) -> None:
    async with shelf(tmp_path) as (house, served), served.client() as client:
        await client.put(f"{LISTS}/x", json={"songs": ["aa11"]})
        before = {each.name: each.read_bytes() for each in house.lists.iterdir()}
        answer = await client.request(method, LISTS + path, json=body)
        assert answer.status == status
        assert says in (await answer.json())["error"]
        assert {each.name: each.read_bytes() for each in house.lists.iterdir()} == before


async def test_nothing_without_the_token(tmp_path: Path) -> None:
    async with shelf(tmp_path) as (_, served), served.client(token=None) as client:
        assert (await client.get(LISTS)).status == 401
        assert (await client.put(f"{LISTS}/x", json={"songs": []})).status == 401


async def test_every_change_is_told_whoever_made_it(tmp_path: Path) -> None:
    async with (
        shelf(tmp_path, pace=0.05) as (house, served),
        served.client() as client,
        client.ws_connect("/api/v1/ws") as socket,
    ):
        assert (await socket.receive_json())["type"] == "server"
        await socket.send_json({"id": 1, "type": "subscribe", "topic": "playlists"})
        assert (await socket.receive_json())["ok"]
        await client.put(f"{LISTS}/ours", json={"songs": ["aa11"]})
        assert await socket.receive_json(timeout=30) == {"type": "playlists", "changed": "ours"}
        (house.lists / "theirs.m3u8").write_text("../music/carol.mp3\n")
        assert await socket.receive_json(timeout=30) == {"type": "playlists", "changed": "theirs"}
        (house.lists / "theirs.m3u8").unlink()
        assert await socket.receive_json(timeout=30) == {"type": "playlists", "changed": "theirs"}
        await socket.send_json({"id": 2, "type": "get", "view": "playlists"})
        assert (await socket.receive_json())["result"]["playlists"][0]["id"] == "ours"


async def test_our_own_change_is_told_at_once(tmp_path: Path) -> None:
    async with shelf(tmp_path) as (house, served), served.client() as client:
        with house.changes.subscribe() as changes:
            await client.put(f"{LISTS}/x", json={"songs": []})
            assert await anext(changes) == "x"
