"""The page behind Home Assistant: below a path that the service does not know, in a frame."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urljoin

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.api.stubs import TOKEN, serve
from yulelight.api.page import FOLDER

PREFIX = "/api/hassio_ingress/a-session-of-this-user"
DROPPED = {"content-length", "content-encoding", "transfer-encoding", "content-type"}
ABSOLUTE = re.compile(r"""["'`(]/(?:api|page|health)\b""")


class Ingress:
    """What Home Assistant and its Supervisor do: the path's start goes, a header tells it, Host and Origin stay."""

    def __init__(self, service: str, session: ClientSession) -> None:
        self._service, self._session = service, session

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        url = f"{self._service}/{request.match_info['rest']}"
        headers = {
            name: value for name, value in request.headers.items() if not name.startswith("Sec-WebSocket-")
        }
        headers["X-Ingress-Path"] = PREFIX
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._socket(request, url, headers)
        body = await request.read()
        async with self._session.request(
            request.method, url, headers=headers, params=request.query, data=body, allow_redirects=False
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in DROPPED}
            return web.Response(
                status=answer.status,
                headers=kept,
                content_type=answer.content_type,
                charset=answer.charset,
                body=await answer.read(),
            )

    async def _socket(self, request: web.Request, url: str, headers: dict[str, str]) -> web.StreamResponse:
        there = await self._session.ws_connect(url, headers=headers)
        here = web.WebSocketResponse()
        await here.prepare(request)
        await asyncio.wait(
            [asyncio.create_task(_copy(here, there)), asyncio.create_task(_copy(there, here))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        await there.close()
        await here.close()
        return here


async def _copy(
    source: web.WebSocketResponse | ClientWebSocketResponse,
    to: web.WebSocketResponse | ClientWebSocketResponse,
) -> None:
    async for message in source:
        if message.type is WSMsgType.TEXT:
            await to.send_str(message.data)


@asynccontextmanager
async def ingress(trusted: str | None = None) -> AsyncIterator[tuple[ClientSession, str]]:
    """A browser, and the address of the page as Home Assistant shows it."""
    async with serve(ingress=trusted) as served, ClientSession() as onward, ClientSession() as browser:
        app = web.Application()
        app.router.add_route("*", PREFIX + "/{rest:.*}", Ingress(served.url, onward).pass_on)
        async with TestServer(app, host="127.0.0.1") as home:
            yield browser, str(home.make_url(PREFIX + "/"))


async def test_the_page_and_all_of_its_parts() -> None:
    async with ingress() as (browser, page):
        async with browser.get(page) as answer:
            assert answer.status == 200
            html = await answer.text()
            # It is shown in a frame of Home Assistant's page, and of no other.
            assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
            assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        parts = re.findall(r'(?:href|src)="([^"]+)"', html)
        assert any(part.endswith(".js") for part in parts) and any(part.endswith(".css") for part in parts)
        for part in parts:
            assert urljoin(page, part).startswith(page), (
                "a part of the page is asked from Home Assistant itself"
            )
            async with browser.get(urljoin(page, part)) as answer:
                assert answer.status == 200, part
                if part.endswith(".webmanifest"):
                    manifest = json.loads(await answer.text())
                    for place in (manifest["start_url"], manifest["scope"]):
                        assert urljoin(urljoin(page, part), place) == page


async def test_the_api_and_its_socket() -> None:
    async with ingress() as (browser, page):
        origin = {"Origin": page.partition(PREFIX)[0]}
        token = {"Authorization": f"Bearer {TOKEN}"}
        async with browser.get(urljoin(page, "api/v1/status"), headers=origin) as answer:
            assert answer.status == 401, "the way alone opens nothing"
        async with browser.get(urljoin(page, "api/v1/status"), headers={**origin, **token}) as answer:
            assert (await answer.json())["state"]
        volume = {"command": "volume", "level": 0.25}
        control = urljoin(page, "api/v1/control")
        async with browser.post(control, json=volume, headers={**origin, **token}) as answer:
            assert answer.status == 200
        foreign = {**token, "Origin": "https://elsewhere.example"}
        async with browser.get(urljoin(page, "api/v1/status"), headers=foreign) as answer:
            assert answer.status == 403
        async with browser.ws_connect(urljoin(page, "api/v1/ws"), headers=origin) as socket:
            assert (await socket.receive_json())["type"] == "server"
            await socket.send_json({"type": "auth", "token": TOKEN})
            assert (await socket.receive_json()) == {"type": "auth", "ok": True}
            await socket.send_json({"id": 1, "type": "get", "view": "status"})
            assert (await socket.receive_json())["ok"]


async def test_elsewhere_it_is_in_no_frame() -> None:
    async with serve() as served, served.client() as client, client.get("/") as answer:
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", sorted(p.name for p in FOLDER.iterdir() if p.suffix in {".js", ".css", ".html"})
)
def test_nothing_asks_below_the_root(name: str) -> None:
    """Addresses that begin with a slash would ask Home Assistant instead of the service."""
    assert ABSOLUTE.findall((FOLDER / name).read_text()) == []


async def test_who_is_signed_in_at_home_assistant_needs_no_token() -> None:
    async with ingress("127.0.0.1") as (browser, page):
        origin = {"Origin": page.partition(PREFIX)[0]}
        async with browser.get(urljoin(page, "api/v1/info"), headers=origin) as answer:
            assert (await answer.json())["signed_in"] is True
        for token in ({}, {"Authorization": "Bearer by Home Assistant"}):
            async with browser.get(urljoin(page, "api/v1/status"), headers={**origin, **token}) as answer:
                assert (await answer.json())["state"]
        async with browser.ws_connect(urljoin(page, "api/v1/ws"), headers=origin) as socket:
            assert (await socket.receive_json())["type"] == "server"
            await socket.send_json({"type": "auth", "token": "by Home Assistant"})
            assert (await socket.receive_json()) == {"type": "auth", "ok": True}
            await socket.send_json({"id": 1, "type": "get", "view": "status"})
            assert (await socket.receive_json())["ok"]
        foreign = {"Origin": "https://elsewhere.example"}
        async with browser.get(urljoin(page, "api/v1/status"), headers=foreign) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("trusted", ["127.0.0.2", "172.30.32.2", None])
async def test_the_header_alone_opens_nothing(trusted: str | None) -> None:
    async with serve(ingress=trusted) as served, served.client(token=None) as client:
        header = {"X-Ingress-Path": PREFIX}
        async with client.get("/api/v1/status", headers=header) as answer:
            assert answer.status == 401
        async with client.get("/api/v1/info", headers=header) as answer:
            assert "signed_in" not in await answer.json()
        async with client.ws_connect("/api/v1/ws", headers=header) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "token": "by Home Assistant"})
            assert (await socket.receive_json())["ok"] is False


async def test_the_address_alone_opens_nothing() -> None:
    async with (
        serve(ingress="127.0.0.1") as served,
        served.client(token=None) as client,
        client.get("/api/v1/status") as answer,
    ):
        assert answer.status == 401
