"""/api/v1/ws: the control connection of a client. It receives requests with ids, and sends results and messages."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncGenerator
from typing import Any

from aiohttp import WSMsgType, web

from yulelight.api import actions, feeds, parse, views, wire
from yulelight.api.languages import Language, language_of, spoken
from yulelight.api.middleware import describe
from yulelight.api.services import ABOUT, SERVICES, Services
from yulelight.api.signin import sign_in
from yulelight.core.errors import UsageError, YulelightError
from yulelight.core.messages import ReleaseChannel, SetChannel

log = logging.getLogger(__name__)

MAX_MESSAGE = 64 * 1024
HEARTBEAT = 20.0
SEND_TIMEOUT = 10.0


async def control_socket(request: web.Request) -> web.WebSocketResponse:
    """GET /api/v1/ws."""
    about = request.app[ABOUT]
    socket = web.WebSocketResponse(max_msg_size=MAX_MESSAGE, heartbeat=HEARTBEAT, compress=False, timeout=2.0)
    hello = {
        "type": "server",
        "id": about.id,
        "name": about.name,
        "version": about.version,
        "schema": wire.API_VERSIONS.to_dict(),
    }
    with contextlib.ExitStack() as slots:
        await sign_in(request, socket, slots, json.dumps(hello))
        if not socket.closed:
            language = language_of(request.headers.get("Accept-Language"))
            await Connection(request.app[SERVICES], socket, language).run()
    return socket


class Connection:
    """The state of one client: its socket and subscriptions."""

    def __init__(self, services: Services, socket: web.WebSocketResponse, language: Language) -> None:
        self._language = language
        self._services = services
        self._socket = socket
        self._feeds: dict[parse.Topic, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Answer requests, one after the other, until the client disconnects."""
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._handle(message.data)
                elif message.type is WSMsgType.BINARY:
                    await self._socket.close(code=1003)
        except (ConnectionError, TimeoutError):
            pass
        finally:
            tasks = list(self._feeds.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _handle(self, text: str) -> None:
        reply: dict[str, Any] = {"id": None, "type": "result"}
        request: parse.Request | None = None
        try:
            body = parse.load(text)
            reply["id"] = parse.message_id(body)
            request = parse.request(body)
            reply |= {"ok": True, "result": await self._do(request)}
        except web.HTTPException as error:
            reply |= {"ok": False, "status": error.status, "error": error.text}
        except (ConnectionError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001
            status, line = describe(error)
            reply |= {"ok": False, "status": status, "error": line}
        await self._send(reply)
        # Only now, so that the result is sent before the first message of the topic.
        if isinstance(request, parse.Subscribe) and reply["ok"]:
            self._start(request.topic)

    async def _do(self, request: parse.Request) -> Any:
        match request:
            case parse.Subscribe(topic):
                if topic in self._feeds:
                    raise UsageError(f"{topic} is already subscribed")
                return None
            case parse.Unsubscribe(topic):
                return await self._stop(topic)
            case parse.Get(view):
                return await views.view(self._services, view)
            case SetChannel() | ReleaseChannel():
                return await actions.channel(self._services.lights, request)
        return await actions.command(self._services.player, request)

    def _start(self, topic: parse.Topic) -> None:
        self._feeds[topic] = asyncio.create_task(self._pump(feeds.feed(self._services, topic)), name=topic)

    async def _stop(self, topic: parse.Topic) -> None:
        task = self._feeds.pop(topic, None)
        if task is None:
            raise UsageError(f"{topic} is not subscribed")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _pump(self, messages: AsyncGenerator[dict[str, Any], None]) -> None:
        """Send a topic's messages. Nothing is queued here: for a slow client the subscription drops the oldest."""
        try:
            async with contextlib.aclosing(messages):
                async for message in messages:
                    await self._send(message)
        except ConnectionError:
            pass
        except TimeoutError:
            await self._socket.close(code=1013)
        except YulelightError as error:
            log.warning("a client's subscription ended: %s", error)
            await self._socket.close(code=1011)

    async def _send(self, message: dict[str, Any]) -> None:
        async with asyncio.timeout(SEND_TIMEOUT):
            told = message if message["type"] == "frames" else spoken(message, self._language)
            await self._socket.send_json(told)
