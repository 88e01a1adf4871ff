"""A client for the service's HTTP and WebSocket API."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar, TypeAlias

import aiohttp
from yarl import URL

from .models import Info

Json: TypeAlias = Mapping[str, Any]

API_VERSION = 1
"""The version of the API that this client speaks."""
TIMEOUT = aiohttp.ClientTimeout(total=10)
SLOW = aiohttp.ClientTimeout(total=60)
HEARTBEAT = 20.0
MAX_MESSAGE = 4 * 1024 * 1024
MAX_BODY = 16 * 1024 * 1024
CLOSE_UNAUTHORIZED = 4401


class YulelightError(Exception):
    """The service refused a request; the message is the service's own."""

    reason: ClassVar[str] = "refused"
    """Key of the kind of error, for translated messages."""


class CannotConnectError(YulelightError):
    """The service does not answer."""

    reason: ClassVar[str] = "cannot_connect"


class InvalidAuthError(YulelightError):
    """The token is wrong."""

    reason: ClassVar[str] = "invalid_auth"


class NotYulelightError(YulelightError):
    """Something other than a Yulelight service answers at the address."""

    reason: ClassVar[str] = "not_yulelight"


class UnsupportedError(YulelightError):
    """The service supports only other versions of the API."""

    reason: ClassVar[str] = "unsupported_version"


class YulelightClient:
    """A client of one service. ``session`` belongs to the caller, who must keep it open."""

    def __init__(self, session: aiohttp.ClientSession, url: URL, token: str = "") -> None:
        self._session, self.url, self._token = session, url, token

    async def info(self) -> Info:
        """Identifies the service. Raises NotYulelightError, UnsupportedError or CannotConnectError."""
        try:
            async with self._session.get(self.url / "api/v1/info", timeout=TIMEOUT) as response:
                body = json.loads(await _limited(response))
            info = Info.from_dict(body)
            if not info.id:
                raise ValueError("the service has no id")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise CannotConnectError(str(error) or type(error).__name__) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotYulelightError(str(error)) from error
        if not info.api.min <= API_VERSION <= info.api.max:
            raise UnsupportedError(info.version)
        return info

    async def get(self, path: str, **query: str | int) -> Any:
        """The JSON at ``/api/v1/{path}``. Raises YulelightError."""
        return await self.request("GET", path, query=query)

    async def request(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        query: dict[str, str | int] | None = None,
        *,
        timeout: aiohttp.ClientTimeout = SLOW,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON answer; None if it is empty. Raises YulelightError with the service's message."""
        text = await self.read(method, path, body, query, timeout=timeout, headers=headers)
        try:
            return json.loads(text) if text else None
        except ValueError as error:
            raise NotYulelightError(f"no JSON at {path}") from error

    async def read(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        query: dict[str, str | int] | None = None,
        *,
        timeout: aiohttp.ClientTimeout = SLOW,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The answer's bytes. Raises YulelightError."""
        # A title may contain any character: each path segment is quoted, so that none is read as a query.
        url = self.url.joinpath("api", "v1", *path.split("/")).update_query(query or {})
        try:
            async with self._session.request(
                method, url, json=body, headers={**self._headers, **(headers or {})}, timeout=timeout
            ) as response:
                data = await _limited(response)
                _check(response.status, data)
                return data
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise CannotConnectError(str(error) or type(error).__name__) from error

    async def forward(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        *,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> "Answer":
        """The answer to a request as it is, whatever its status. Raises CannotConnectError."""
        url = self.url.joinpath("api", "v1", *path.split("/")).with_query(query)
        try:
            async with self._session.request(
                method, url, data=body, headers={**headers, **self._headers}, timeout=SLOW
            ) as response:
                return Answer(response.status, response.headers, await _limited(response))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise CannotConnectError(str(error) or type(error).__name__) from error

    @contextlib.asynccontextmanager
    async def connect(self) -> "AsyncIterator[Connection]":
        """Opens an authenticated control connection. Raises CannotConnectError and InvalidAuthError."""
        async with self.socket({}) as socket:
            async with asyncio.timeout(TIMEOUT.total):
                await socket.receive()  # The first message identifies the service; see ``info``.
            yield Connection(socket)

    @contextlib.asynccontextmanager
    async def socket(self, headers: Mapping[str, str]) -> "AsyncIterator[aiohttp.ClientWebSocketResponse]":
        """Opens an authenticated WebSocket. Raises CannotConnectError and InvalidAuthError."""
        try:
            async with (
                asyncio.timeout(TIMEOUT.total) as patience,
                self._session.ws_connect(
                    self.url / "api/v1/ws",
                    headers={**headers, **self._headers},
                    heartbeat=HEARTBEAT,
                    max_msg_size=MAX_MESSAGE,
                ) as socket,
            ):
                patience.reschedule(None)
                yield socket
        except aiohttp.WSServerHandshakeError as error:
            if error.status == 401:
                raise InvalidAuthError(error.message) from error
            raise CannotConnectError(error.message) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise CannotConnectError(str(error) or type(error).__name__) from error

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the service gave it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """An open control connection: requests with answers, and messages pushed by the service."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def listen(self, hear: Callable[[Json], None]) -> None:
        """Passes every pushed message to ``hear`` until the connection ends. Raises InvalidAuthError."""
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(json.loads(message.data), hear)
        except (ValueError, LookupError, TypeError, AttributeError, aiohttp.ClientError) as error:
            # An invalid message ends the connection; after reconnecting, everything is read again.
            raise CannotConnectError(f"{type(error).__name__}: {error}") from error
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(CannotConnectError("the connection was lost"))
                    future.exception()
        if self._socket.close_code == CLOSE_UNAUTHORIZED:
            raise InvalidAuthError("the token is wrong")

    async def request(self, kind: str, **fields: Any) -> Any:
        """Sends a request and waits for its result; ``listen`` must be running. Raises YulelightError."""
        number = next(self._ids)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            async with asyncio.timeout(TIMEOUT.total):
                await self._socket.send_json({"id": number, "type": kind, **fields})
                return await future
        except (TimeoutError, ConnectionError, RuntimeError) as error:
            raise CannotConnectError(str(error) or "the service does not answer") from error
        finally:
            self._waiting.pop(number, None)

    def _take(self, message: Json, hear: Callable[[Json], None]) -> None:
        if message.get("type") != "result":
            hear(message)
            return
        future = self._waiting.get(message.get("id") or 0)
        if future is None or future.done():
            return
        if message.get("ok"):
            future.set_result(message.get("result"))
        else:
            future.set_exception(YulelightError(str(message.get("error") or "the service refused")))


def _check(status: int, data: bytes) -> None:
    if status < 400:
        return
    try:
        words = str(json.loads(data)["error"])
    except (ValueError, LookupError, TypeError):
        raise NotYulelightError(f"status {status}") from None
    if status == 401:
        raise InvalidAuthError(words)
    raise YulelightError(words)


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    """The body, which is untrusted, up to MAX_BODY."""
    chunks, size = [], 0
    async for chunk in response.content.iter_chunked(65536):
        size += len(chunk)
        if size > MAX_BODY:
            raise aiohttp.ClientPayloadError("the answer is too large")
        chunks.append(chunk)
    return b"".join(chunks)
