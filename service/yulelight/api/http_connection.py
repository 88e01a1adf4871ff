"""Limits the number of HTTP connections and how long they may wait; aiohttp limits neither."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from yulelight.core.connections import Connection, Connections


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Timeouts in seconds."""

    request: float = 15.0
    """Until the first complete request."""
    stranger: float = 90.0
    """For a connection on which no token has been presented, in total: enough to load the page with its files; after
    that the browser reconnects."""
    idle: float = 60.0
    """Between an answer and the next complete request."""


class HttpConnection(asyncio.Protocol):
    """One connection. Forwards everything to aiohttp's own protocol, made by ``serve`` once the connection is
    admitted.
    """

    def __init__(
        self, serve: Callable[[], asyncio.Protocol], connections: Connections, deadlines: Deadlines
    ) -> None:
        self._serve = serve
        self._connections = connections
        self._seconds = deadlines
        self._inner: asyncio.Protocol | None = None
        self._place: Connection | None = None
        self._deadlines: list[asyncio.TimerHandle] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        peer = transport.get_extra_info("peername")
        self._place = self._connections.add(peer[0] if peer else None, transport.abort)
        if self._place is None:
            transport.abort()
            return
        loop = asyncio.get_running_loop()
        self._deadlines = [
            loop.call_later(seconds, transport.abort)
            for seconds in (self._seconds.request, self._seconds.stranger)
        ]
        self._inner = self._serve()
        self._inner.connection_made(transport)

    def request_came(self) -> None:
        """A complete request has arrived, with or without a token."""
        if self._deadlines:
            self._deadlines[0].cancel()

    def token_shown(self) -> None:
        """The client has been authenticated."""
        self._end_deadlines()
        if self._place:
            self._place.known()

    def data_received(self, data: bytes) -> None:
        if self._inner:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._inner else None

    def pause_writing(self) -> None:
        if self._inner:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner:
            self._inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        self._end_deadlines()
        if self._place:
            self._place.leave()
        if self._inner:
            self._inner.connection_lost(error)

    def _end_deadlines(self) -> None:
        for deadline in self._deadlines:
            deadline.cancel()


def connection_of(request: web.Request) -> HttpConnection | None:
    """The connection of ``request``; None if the application is served in another way."""
    protocol = request.transport.get_protocol() if request.transport else None
    return protocol if isinstance(protocol, HttpConnection) else None


def request_came(request: web.Request) -> None:
    """Must be called for every request."""
    if connection := connection_of(request):
        connection.request_came()


def token_shown(request: web.Request) -> None:
    """Must be called for a request with a valid token or signed link."""
    if connection := connection_of(request):
        connection.token_shown()
