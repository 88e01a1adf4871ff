"""Wishes of guests over HTTP, at a real service: what the owner permits, and what strangers cannot do."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import make_mocked_request

from tests.api.page_house import settings_of
from tests.api.stubs import serve
from yulelight.api import guest_page
from yulelight.api.server import build_app
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.library.playlists import Change, Playlists


class Street:
    """A running service with a playlist "Carols" of some songs, and people who use it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.songs = [found.song for found in service.library.songs()]

    async def owner(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The answer of the API to its owner."""
        headers = {"Authorization": f"Bearer {self.service.identity.token}"}
        async with (
            ClientSession(self.service.address, headers=headers) as http,
            http.request(method, f"/api/v1/{path}", json=body) as answer,
        ):
            assert answer.status == status, await answer.text()
            return await answer.json()

    def guest(self, **headers: str) -> ClientSession:
        """Somebody without a token; with a cookie jar that keeps cookies of numeric addresses."""
        return ClientSession(self.service.address, headers=headers, cookie_jar=CookieJar(unsafe=True))

    async def plays(self) -> None:
        """The playlist, from now on."""
        await self.owner("POST", "control", {"command": "play", "playlist": "Carols", "repeat": "all"})
        async with asyncio.timeout(60):
            while (await self.owner("GET", "status"))["state"] != "playing":
                await asyncio.sleep(0.05)

    def others(self, playing: str) -> list[str]:
        """Ids of songs that do not play."""
        return [song.id for song in self.songs if song.title != playing and song.artist == "Trad."]


@asynccontextmanager
async def street(tmp_path: Path, **more: Any) -> AsyncIterator[Street]:
    titles = ("Noël", "Silent Night", "Tannenbaum", "Deck the Halls", "Greensleeves")
    settings = settings_of(tmp_path, songs=titles, seconds=120.0, **more)
    async with running(settings) as service:
        lists = Playlists(settings.data / "playlists", service.library.songs)
        lists.save("Carols", Change(songs=tuple(found.song.id for found in service.library.songs())))
        yield Street(service)


async def status_of(answer: Awaitable[Any]) -> tuple[int, str]:
    async with await answer as response:
        body = await response.text()
        return response.status, body


async def test_it_is_shut_until_the_owner_opens_it(tmp_path: Path) -> None:
    async with street(tmp_path) as s, s.guest() as guest:
        for path in ("/guests", "/guests/state", "/guests/guests.js"):
            assert (await status_of(guest.get(path)))[0] == 404
        assert (await status_of(guest.post("/guests/wishes", json={"song": "x"})))[0] == 404
        assert (await s.owner("GET", "guests"))["on"] is False
        told = await s.owner("PUT", "guests", {"on": True}, status=400)
        assert "playlist" in told["error"]
        await s.owner("PUT", "guests", {"on": True, "playlist": "Karols"}, status=404)
        assert (await s.owner("PUT", "guests", {"on": True, "playlist": "Carols"}))["on"] is True
        for path in ("/guests", "/guests/state", "/guests/guests.js", "/guests/guests.css"):
            assert (await status_of(guest.get(path)))[0] == 200
        assert (await status_of(guest.get("/guests/index.py")))[0] == 404
        # The other way round it grants nothing else.
        for path in ("/api/v1/guests", "/api/v1/songs", "/api/v1/status", "/metrics"):
            assert (await status_of(guest.get(path)))[0] == 401
        await s.owner("PUT", "guests", {"on": False})
        assert (await status_of(guest.get("/guests")))[0] == 404


async def test_the_owners_choice_outlives_the_service_and_the_settings_come_before_it(tmp_path: Path) -> None:
    async with street(tmp_path, guests__enabled=True, guests__playlist="Carols") as s:
        assert (await s.owner("GET", "guests"))["on"] is True
        await s.owner("PUT", "guests", {"on": False})
    async with street(tmp_path, guests__enabled=True, guests__playlist="Carols") as s:
        found = await s.owner("GET", "guests")
        assert (found["on"], found["playlist"]) == (False, "Carols")


async def test_a_wish_is_heard_next_and_nobody_has_two(tmp_path: Path) -> None:
    async with street(tmp_path, guests__enabled=True, guests__playlist="Carols") as s, s.guest() as guest:
        assert "no show" in (await (await guest.get("/guests/state")).json())["closed"]
        assert (await status_of(guest.post("/guests/wishes", json={"song": s.songs[0].id})))[0] == 409
        await s.plays()
        state = await (await guest.get("/guests/state")).json()
        assert state["closed"] == "" and len(state["songs"]) == len(s.songs)
        playing = state["playing"]["title"]
        assert [song["title"] for song in state["songs"] if song["resting"]] == [playing]
        *_, second, first = s.others(playing)
        before = (await s.owner("GET", "status"))["queue"]
        async with guest.post("/guests/wishes", json={"song": first}) as answer:
            assert answer.status == 200
            (wish,) = (await answer.json())["waiting"]
        status = await s.owner("GET", "status")
        assert status["song"]["title"] == playing, "what plays is not cut"
        assert status["queue"][0]["id"] == first and status["queue"][0]["title"] == wish["title"]
        code, said = await status_of(guest.post("/guests/wishes", json={"song": second}))
        assert code == 409 and "again in 10 min" in said
        # Neither does a new cookie make another person of this address.
        async with s.guest() as again:
            assert (await status_of(again.post("/guests/wishes", json={"song": second})))[0] == 409
        assert [each["id"] for each in (await s.owner("GET", "guests"))["wishes"]] == [first]
        assert (await s.owner("DELETE", f"guests/wishes/{first}"))["wishes"] == []
        assert (await s.owner("GET", "status"))["queue"] == before


async def test_limits_of_the_settings_hold(tmp_path: Path) -> None:
    async with (
        street(
            tmp_path, guests__enabled=True, guests__playlist="Carols", guests__minutes=0, guests__waiting=2
        ) as s,
        s.guest() as guest,
    ):
        await s.plays()
        playing = (await (await guest.get("/guests/state")).json())["playing"]["title"]
        one, two, three, *_ = s.others(playing)
        playing_id = next(song.id for song in s.songs if song.title == playing)

        async def wish(song: str) -> tuple[int, str]:
            return await status_of(guest.post("/guests/wishes", json={"song": song}))

        assert (await wish("another"))[0] == 409
        assert (await wish(playing_id))[0] == 409
        assert (await wish(one))[0] == 200
        code, said = await wish(one)
        assert code == 409 and "choose another" in said
        assert (await wish(two))[0] == 200
        code, said = await wish(three)
        assert code == 409 and "enough wishes" in said


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "192.168.1.7"},
        {"Forwarded": "for=192.168.1.7"},
        {"X-Real-IP": "192.168.1.7"},
        {"Via": "1.1 proxy"},
        {"X-Ingress-Path": "/api/hassio_ingress/abc"},
    ],
)
async def test_nobody_comes_through_a_proxy(tmp_path: Path, headers: dict[str, str]) -> None:
    async with (
        street(tmp_path, guests__enabled=True, guests__playlist="Carols") as s,
        s.guest(**headers) as guest,
    ):
        for path in ("/guests", "/guests/state", "/guests/guests.js"):
            assert (await status_of(guest.get(path)))[0] == 403
        assert (await status_of(guest.post("/guests/wishes", json={"song": s.songs[0].id})))[0] == 403


@pytest.mark.parametrize("address", ["8.8.8.8", "100.64.0.1", "2606:4700::1111", "::ffff:1.1.1.1", None])
async def test_nobody_comes_from_outside(address: str | None) -> None:
    async with serve(ingress="172.30.32.2") as served:
        app = build_app(served.services)
        request = make_mocked_request("GET", "/guests", app=app, transport=_From(address))
        assert request.remote == address
        with pytest.raises(web.HTTPForbidden):
            await guest_page.get_page(request)


async def test_ingress_is_no_neighbour() -> None:
    async with serve(ingress="172.30.32.2") as served:
        app = build_app(served.services)
        request = make_mocked_request("GET", "/guests", app=app, transport=_From("172.30.32.2"))
        with pytest.raises(web.HTTPForbidden):
            await guest_page.get_state(request)


class _From:
    """A transport from an address."""

    def __init__(self, address: str | None) -> None:
        self._peer = (address, 50_000) if address else None

    def get_extra_info(self, key: str, default: Any = None) -> Any:
        return self._peer if key == "peername" else default


NONSENSE: list[tuple[bytes, str, int]] = [
    (b"", "application/json", 400),
    (b"[]", "application/json", 400),
    (b'{"song": 7}', "application/json", 400),
    (b'{"song": "a", "look": "x"}', "application/json", 400),
    (b'{"song": "' + b"a" * 5000 + b'"}', "application/json", 400),
    (b"[" * 1000, "application/json", 400),
    (b'{"song": "\\u0000"}', "application/json", 400),
    (b"song=a", "application/x-www-form-urlencoded", 415),
    (json.dumps({"song": "../../etc/passwd"}).encode(), "application/json", 409),
]


async def test_nonsense_is_refused_and_costs_little(tmp_path: Path) -> None:
    async with street(tmp_path, guests__enabled=True, guests__playlist="Carols") as s, s.guest() as guest:
        await s.plays()
        for body, kind, status in NONSENSE:
            answer = await status_of(guest.post("/guests/wishes", data=body, headers={"Content-Type": kind}))
            assert answer[0] == status, (body[:40], answer)
        origin = {"Origin": "http://evil.example"}
        other = await status_of(guest.post("/guests/wishes", json={"song": s.songs[0].id}, headers=origin))
        assert other[0] == 403


async def test_a_flood_is_bounded_and_the_owner_goes_on(tmp_path: Path) -> None:
    async with street(tmp_path, guests__enabled=True, guests__playlist="Carols") as s, s.guest() as guest:
        await s.plays()
        song = s.songs[1].id

        async def many(ask: Callable[[], Awaitable[Any]], count: int) -> list[int]:
            return [(await status_of(ask()))[0] for _ in range(count)]

        wishes = await many(lambda: guest.post("/guests/wishes", json={"song": song}), 40)
        assert wishes.count(200) <= 1 and 429 in wishes
        cookie = {"Cookie": "yulelight_guest=" + "A" * 4000}
        looks = await many(lambda: guest.get("/guests/state", headers=cookie), 300)
        assert 429 in looks
        async with guest.get("/guests/state") as answer:
            assert answer.status == 429 and 0 < int(answer.headers["Retry-After"]) <= 60
        assert (await s.owner("GET", "status"))["state"] == "playing"
        assert len((await s.owner("GET", "guests"))["wishes"]) <= 1


async def test_a_deleted_playlist_leaves_nothing_to_wish_for(tmp_path: Path) -> None:
    async with street(tmp_path, guests__enabled=True, guests__playlist="Gone") as s, s.guest() as guest:
        await s.plays()
        state = await (await guest.get("/guests/state")).json()
        assert state["songs"] == [] and state["closed"]
        assert (await status_of(guest.post("/guests/wishes", json={"song": s.songs[0].id})))[0] == 409
