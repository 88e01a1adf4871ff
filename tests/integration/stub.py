"""A service that says what a test wants: the real protocol of docs/http-api.md on the loopback, without music.

Its answers are those of a real service, recorded by tests/service/test_recorded.py, with other values: a field that the
service does not send cannot be sent here either.
"""

import asyncio
import contextlib
import copy
import json
from pathlib import Path
from typing import Any, Self

from aiohttp import WSMsgType, web

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("recorded.json").read_text())


def like(recorded: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An answer with other values, and no other fields."""
    assert recorded.keys() >= changes.keys(), changes.keys() - recorded.keys()
    return {**copy.deepcopy(recorded), **changes}


TOKEN = "the-right-token"
COVER = b"\x89PNG\r\n\x1a\n cover"
SONG = RECORDED["songs"]["songs"][0]
CAROL = like(
    SONG,
    id="s1",
    title="Carol of the Bells",
    artist="Trad.",
    album="Bells",
    duration=183.0,
    cover=True,
    rendered=True,
)
DECK = like(
    SONG, id="s2", title="Deck the Halls", artist="", album="", duration=120.5, cover=False, rendered=False
)
SONGS = [CAROL, DECK]
NODE = RECORDED["nodes"]["nodes"][0]


def played(song: dict[str, Any] | None) -> dict[str, Any] | None:
    """A song of the library as the status and events tell it."""
    if song is None:
        return None
    unknown = {key: type(value)() for key, value in RECORDED["playing"]["song"].items()}
    return {key: song.get(key, empty) for key, empty in unknown.items()}


def status(**changes: Any) -> dict[str, Any]:
    """A status as GET /api/v1/status answers it."""
    if "song" in changes:
        changes["song"] = song = played(changes["song"])
        changes.setdefault("sound", song["id"] if song else "")
    if "queue" in changes:
        changes["queue"] = [played(song) for song in changes["queue"]]
    if "state" in changes:
        changes["moving"] = changes["state"] in {"pre_show", "playing", "live", "post_show"}
    return like(RECORDED["idle"], **{"now": 1_000_000, "model": "mel", "volume": 0.5, **changes})


def node(**changes: Any) -> dict[str, Any]:
    """A light node as GET /api/v1/nodes tells it; ``status`` and ``health`` name what differs, or are None."""
    for part in ("status", "health"):
        if changes.get(part):
            changes[part] = like(NODE[part], **changes[part])
    return like(NODE, **changes)


def occurrence(**changes: Any) -> dict[str, Any]:
    """A show of one night."""
    return like(RECORDED["occurrences"]["occurrences"][0], **changes)


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
            "library": like(RECORDED["library"], songs=2, rendered=1, waiting=1),
            "songs": {"songs": SONGS, "total": 2},
            "songs/s1": like(RECORDED["song"], **CAROL),
            "songs/s2": like(RECORDED["song"], **DECK),
            "songs/s1/link": like(
                RECORDED["link"], path="/api/v1/audio/s1.ogg?sig=abc", content_type="audio/ogg"
            ),
            "playlists": {
                "playlists": [
                    like(RECORDED["playlists"]["playlists"][0], id="Christmas", songs=2, duration=303.5)
                ]
            },
            "playlists/Christmas": like(
                RECORDED["playlist"],
                id="Christmas",
                items=[
                    like(RECORDED["playlist"]["items"][0], song=played(song), title=song["title"])
                    for song in SONGS
                ],
            ),
            "schedule": like(
                RECORDED["schedule"], events=[], timezone="Europe/Berlin", armed=True, now=None, next=None
            ),
            "schedule/occurrences": {"occurrences": []},
            "nodes": {"nodes": [node(status={"driver": "pigpio"})]},
            "looks": like(RECORDED["looks"], looks=["lively", "calm"], look="lively"),
            "inputs": {
                "inputs": [like(RECORDED["inputs"]["inputs"][0], name="Line-in", state="silent", problem="")]
            },
            "stations": RECORDED["stations"],
            "outputs": {"outputs": [like(RECORDED["outputs"]["outputs"][0], remote=True, problem="")]},
            "palettes": RECORDED["palettes"],
            "models": like(
                RECORDED["models"],
                models=[like(RECORDED["models"]["models"][0], name=name) for name in ("mel", "dense")],
                model="mel",
            ),
        }
        self.pairing: dict[str, Any] = {}
        """The request that waits: what was asked, and its answer."""
        self.sockets: list[web.WebSocketResponse] = []
        self.topics: set[str] = set()
        self._runner: web.AppRunner | None = None
        self._paused_by_player = False

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
        self.port = self._runner.addresses[0][1]

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
        if "song" in changes:
            changes.setdefault("sound", (changes["song"] or {}).get("id", ""))
        if "state" in changes:
            self._paused_by_player = False
        await self._tell_status(**changes)

    async def _tell_status(self, **changes: Any) -> None:
        self.status = status(**{**self.status, "now": self.status["now"] + 1, **changes})
        await self.tell(type="status", **self.status)

    def commands(self, kind: str = "control") -> list[dict[str, Any]]:
        """What was asked over WebSocket."""
        return [fields for _, what, fields in self.asked if what == kind]

    async def _info(self, request: web.Request) -> web.Response:
        return web.json_response(
            like(RECORDED["info"], id=self.id, name="Our house", version=self.version, api=self.api)
        )

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    def _knows(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    async def _any(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        body: Any = None
        if path.startswith("pairing"):
            return await self._pair(request, path)
        if not self._knows(request):
            return web.json_response({"error": "wrong token"}, status=401)
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

    async def _pair(self, request: web.Request, path: str) -> web.Response:
        if self.refuse:
            return web.json_response({"error": self.refuse}, status=429)
        if request.method == "POST":
            told = like(RECORDED["pairing"], id="p1", code="0417", secret="hidden", **await request.json())
            self.pairing = {**told, "answer": "waiting"}
            return web.json_response(told, status=201)
        secret = request.headers.get("X-Pairing-Secret")
        if not self.pairing or path != "pairing/p1" or secret != "hidden":
            return web.json_response({"error": "this pairing request is over"}, status=404)
        answer = self.pairing["answer"]
        if request.method == "DELETE":
            self.pairing = {}
            return web.json_response({})
        return web.json_response(
            like(RECORDED["pairing_answer"], answer="allowed", token=self.token)
            if answer == "allowed"
            else {"answer": answer}
        )

    async def _follow(self, report: dict[str, Any]) -> None:
        """As the show does: of another song it hears nothing, and a pause that people made stays.

        Everybody is told only when it is more than catching up.
        """
        before = self.status
        if report.get("song") not in (None, before["sound"]):
            return
        state = before["state"]
        if report["state"] == "paused" and state == "playing":
            state, self._paused_by_player = "paused", True
        elif report["state"] == "playing" and state == "paused" and self._paused_by_player:
            state = "playing"
        now = before["now"] + 1
        self.status = {**before, "position": report["position"], "state": state, "now": now}
        if before["state"] != state or abs(before["position"] - report["position"]) > 2:
            await self._tell_status()

    def _channel(self, n: int) -> dict[str, Any]:
        return like(RECORDED["channels"]["channels"][0], channel=n)

    async def _ws(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return web.json_response({"error": "wrong token"}, status=401)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(like(RECORDED["server"], id=self.id, schema=self.api))
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
