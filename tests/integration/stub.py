"""A service that says what a test wants: the real protocol of docs/http-api.md on the loopback, without music."""

import asyncio
import contextlib
from typing import Any, Self

from aiohttp import WSMsgType, web

TOKEN = "the-right-token"
COVER = b"\x89PNG\r\n\x1a\n cover"
SONGS = [
    {
        "id": "s1",
        "title": "Carol of the Bells",
        "artist": "Trad.",
        "album": "Bells",
        "duration": 183.0,
        "cover": True,
        "rendered": True,
        "problem": "",
    },
    {
        "id": "s2",
        "title": "Deck the Halls",
        "artist": "",
        "album": "",
        "duration": 120.5,
        "cover": False,
        "rendered": False,
        "problem": "",
    },
]


def status(**changes: Any) -> dict[str, Any]:
    """A status as GET /api/v1/status answers it."""
    return {
        "state": "idle",
        "song": None,
        "position": 0.0,
        "now": 1_000_000,
        "sections": [],
        "queue": [],
        "index": 0,
        "playlist": "",
        "model": "mel",
        "look": "lively",
        "volume": 0.5,
        "brightness": 1.0,
        "delay": 0.0,
        "shuffle": False,
        "repeat": "off",
        "armed": True,
        "blackout": False,
        "all_on": False,
        "message": "",
        **changes,
    }


class StubService:
    """``views`` is what GET answers by path; ``asked`` remembers every other request and every command."""

    def __init__(self) -> None:
        self.id = "ab12"
        self.version = "0.1.0"
        self.api = {"min": 1, "max": 1}
        self.token = TOKEN
        self.port = 0
        self.asked: list[tuple[str, str, Any]] = []
        self.refuse = ""
        self.status = status()
        self.views: dict[str, Any] = {
            "library": {
                "songs": 2,
                "rendered": 1,
                "waiting": 1,
                "rendering": "",
                "paused": False,
                "scanning": False,
            },
            "songs": {"songs": SONGS, "total": 2},
            "songs/s1": SONGS[0],
            "songs/s2": SONGS[1],
            "songs/s1/link": {
                "path": "/api/v1/audio/s1.ogg?sig=abc",
                "expires": 0,
                "content_type": "audio/ogg",
            },
            "playlists": {"playlists": [{"id": "Christmas", "songs": 2, "duration": 303.5, "missing": 0}]},
            "playlists/Christmas": {
                "id": "Christmas",
                "items": [{"song": song, "title": song["title"], "missing": False} for song in SONGS],
            },
            "schedule": {"events": [], "timezone": "Europe/Berlin", "armed": True, "now": None, "next": None},
            "schedule/occurrences": {"occurrences": []},
            "nodes": {
                "nodes": [{"id": "porch", "status": {"online": True, "driver": "pigpio"}, "health": None}]
            },
            "looks": {"looks": ["lively", "calm"], "look": "lively"},
            "outputs": {"outputs": [{"name": "main", "delay": 0.0, "remote": True, "problem": ""}]},
            "models": {"models": [{"name": "mel"}, {"name": "dense"}], "model": "mel"},
        }
        self.sockets: list[web.WebSocketResponse] = []
        self.topics: set[str] = set()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, on the port of before if there was one."""
        app = web.Application()
        app.router.add_get("/api/v1/info", self._info)
        app.router.add_get("/api/v1/ws", self._ws)
        app.router.add_get("/health", self._health)
        app.router.add_route("*", "/api/v1/{path:.*}", self._any)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody."""
        for socket in self.sockets:
            with contextlib.suppress(ConnectionError):
                await socket.close()
        self.sockets.clear()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def tell(self, **message: Any) -> None:
        """Push a message to everybody."""
        for socket in self.sockets:
            with contextlib.suppress(ConnectionError):  # Of an entry that was unloaded.
                await socket.send_json(message)

    async def say_status(self, **changes: Any) -> None:
        """The status changes, and everybody hears of it."""
        self.status = {**self.status, "now": self.status["now"] + 1, **changes}
        await self.tell(type="status", **self.status)

    def commands(self, kind: str = "control") -> list[dict[str, Any]]:
        """What was asked over WebSocket."""
        return [fields for _, what, fields in self.asked if what == kind]

    async def _info(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"id": self.id, "name": "Our house", "version": self.version, "api": self.api}
        )

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    def _knows(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    async def _any(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.json_response({"error": "wrong token"}, status=401)
        path, body = request.match_info["path"], None
        if request.method != "GET" or request.query:
            body = await request.json() if request.can_read_body else None
            self.asked.append((request.method, path, body if body is not None else dict(request.query)))
            if request.query and request.method != "GET":
                self.asked.append(("QUERY", path, dict(request.query)))
        if self.refuse:
            return web.json_response({"error": self.refuse}, status=409)
        if path.endswith("/cover"):
            return web.Response(body=COVER, content_type="image/png")
        if path == "playback":
            await self._follow(body)
        if path in ("status", "playback"):
            return web.json_response(self.status)
        if path == "channels":
            return web.json_response({"channels": [self._channel(n) for n in range(1, 9)]})
        if isinstance(self.views.get(path), bytes):
            return web.Response(body=self.views[path])
        found = self.views.get(path) or self.views.get(path.removesuffix("/render"))
        if found is None and request.method == "GET":
            return web.json_response({"error": "there is nothing"}, status=404)
        return web.json_response(found)

    async def _follow(self, report: dict[str, Any]) -> None:
        """As the show does: told to everybody only when it is more than catching up."""
        before = self.status
        state = {"paused": "paused", "playing": "playing"}.get(report["state"], before["state"])
        now = before["now"] + 1
        self.status = {**before, "position": report["position"], "state": state, "now": now}
        if before["state"] != state or abs(before["position"] - report["position"]) > 2:
            await self.say_status()

    def _channel(self, n: int) -> dict[str, Any]:
        return {"channel": n, "on": False, "brightness": 255, "effect": ""}

    async def _ws(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return web.json_response({"error": "wrong token"}, status=401)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "server", "id": self.id, "schema": self.api})
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._answer(socket, message.json())
        return socket

    async def _answer(self, socket: web.WebSocketResponse, body: dict[str, Any]) -> None:
        number, kind = body.pop("id"), body.pop("type")
        self.asked.append(("WS", kind, body))
        if self.refuse and kind not in {"subscribe", "unsubscribe"}:
            answer = {"ok": False, "status": 409, "error": self.refuse}
        else:
            answer = {"ok": True, "result": self.status if kind == "control" else None}
        if kind == "subscribe":
            self.topics.add(body["topic"])
        elif kind == "unsubscribe":
            self.topics.discard(body["topic"])
        await socket.send_json({"id": number, "type": "result", **answer})


async def eventually(condition: Any, patience: float = 10.0) -> None:
    """Wait until ``condition()`` holds."""
    async with asyncio.timeout(patience):
        while not condition():
            await asyncio.sleep(0.01)
