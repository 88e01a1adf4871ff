"""The port's connections before they are requests: aiohttp waits an hour for one, and takes any number of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from yulelight.core.connections import Connection, Connections


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds."""

    request: float = 15.0
    """Until the first whole request."""
    stranger: float = 90.0
    """In all, for a connection on which nobody has shown the token: the page with its files comes over one, and the
    browser opens the next by itself."""
    idle: float = 60.0
    """Between an answer and the next whole request."""


class HttpConnection(asyncio.Protocol):
    """One connection. Hands everything on to aiohttp's own protocol, made by ``serve`` once there is a place."""

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
        """A whole request has arrived, with or without a token."""
        if self._deadlines:
            self._deadlines[0].cancel()

    def token_shown(self) -> None:
        """The client has shown that it may be here."""
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
    """The connection that ``request`` came in by; None where the application is served without one."""
    protocol = request.transport.get_protocol() if request.transport else None
    return protocol if isinstance(protocol, HttpConnection) else None


def request_came(request: web.Request) -> None:
    """To be said of every request."""
    if connection := connection_of(request):
        connection.request_came()


def token_shown(request: web.Request) -> None:
    """To be said of a request whose client has shown the token, or a signed link."""
    if connection := connection_of(request):
        connection.token_shown()
