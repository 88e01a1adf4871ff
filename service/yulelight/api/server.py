"""The actor that serves HTTP: it opens the port when it starts, and closes it and all connections when it stops."""

import asyncio
import logging
from typing import Never

from aiohttp import WSCloseCode, web
from aiohttp.http_exceptions import HttpProcessingError

from yulelight.actors import Actor
from yulelight.api import (
    addresses,
    audio,
    guest_page,
    guests,
    health,
    house,
    inputs,
    library,
    lights,
    looks,
    pairing_routes,
    place,
    playback,
    playlists,
    rest,
    schedule,
    sound_outputs,
    stations,
    tonight,
    uploads,
)
from yulelight.api.http_connection import Deadlines, HttpConnection
from yulelight.api.middleware import OPEN, SOCKETS, add_headers, guard
from yulelight.api.page import FILES, page_file, read_page, service_worker
from yulelight.api.services import Services, provide
from yulelight.api.state import STATE, ApiState
from yulelight.api.streams import post_ingest, socket_ingest
from yulelight.api.ws import MAX_MESSAGE, control_socket
from yulelight.core.connections import ConnectionLimits, Connections
from yulelight.core.errors import NetworkError
from yulelight.core.listening import BACKLOG, lengthen_queue, listen_error
from yulelight.schedule.undo import Changes

ROUTES = [
    web.get("/", page_file, name="page"),
    web.get("/page/{name}", page_file, name="page_file"),
    web.get("/sw.js", service_worker, name="service_worker"),
    web.get("/health", rest.health, name="health"),
    web.get("/metrics", rest.metrics, name="metrics"),
    web.get("/api/v1/info", rest.info, name="info"),
    web.get("/api/v1/status", rest.get_view, name="get_status"),
    web.get("/api/v1/nodes", rest.get_view, name="get_nodes"),
    web.delete("/api/v1/nodes/{node}", rest.delete_node, name="delete_node"),
    web.get("/api/v1/channels", rest.get_view, name="get_channels"),
    web.get("/api/v1/palettes", rest.get_view, name="get_palettes"),
    web.get("/api/v1/models", rest.get_view, name="get_models"),
    web.post("/api/v1/control", rest.post_control, name="control"),
    web.post("/api/v1/channels/{channel}", rest.post_channel, name="set_channel"),
    web.delete("/api/v1/channels/{channel}", rest.delete_channel, name="release_channel"),
    web.post("/api/v1/ingest", post_ingest, name="ingest"),
    web.get("/api/v1/ingest", socket_ingest, name="ingest_socket", allow_head=False),
    web.get("/api/v1/ws", control_socket, name="ws", allow_head=False),
    *tonight.ROUTES,
    *place.ROUTES,
    *schedule.ROUTES,
    *playlists.ROUTES,
    *library.ROUTES,
    *uploads.ROUTES,
    *audio.ROUTES,
    *playback.ROUTES,
    *inputs.ROUTES,
    *stations.ROUTES,
    *house.ROUTES,
    *looks.ROUTES,
    *health.ROUTES,
    *lights.ROUTES,
    *sound_outputs.ROUTES,
    *pairing_routes.ROUTES,
    *addresses.ROUTES,
    *guests.ROUTES,
    *guest_page.ROUTES,
]
"""All routes; those in neither of the two sets below require the token."""
OPEN_ROUTES = frozenset(
    {
        "page",
        "page_file",
        "service_worker",
        "health",
        "info",
        "ask_pairing",
        "fetch_pairing",
        "withdraw_pairing",
        *guest_page.OPEN,
    }
)
SOCKET_ROUTES = frozenset({"ws", "ingest_socket"})


def build_app(services: Services) -> web.Application:
    """The whole API as an aiohttp application."""
    app = web.Application(middlewares=[guard], client_max_size=MAX_MESSAGE)
    provide(app, services)
    app[STATE], app[FILES] = ApiState(services.security), read_page()
    app[schedule.CHANGES], app[uploads.ROOM] = Changes(), uploads.room()
    guest_page.prepare(app)
    app[OPEN], app[SOCKETS] = OPEN_ROUTES, SOCKET_ROUTES
    app.add_routes(ROUTES)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_close_sockets)
    return app


def is_ours(record: logging.LogRecord) -> bool:
    """Whether an error is caused by the service and should be logged; errors of clients are only reported to them."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, (HttpProcessingError, web.RequestPayloadError))


async def _close_sockets(app: web.Application) -> None:
    for socket in list(app[STATE].sockets):
        await socket.close(code=WSCloseCode.GOING_AWAY)


class ApiServer(Actor[Never]):
    """Serves ``services`` on ``host``:``port``. Port 0 takes a free one; ``port`` tells which.

    ``limits`` and ``deadlines`` apply to connections that have not been authenticated.
    """

    def __init__(
        self,
        services: Services,
        host: str,
        port: int,
        *,
        limits: ConnectionLimits | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        self.port = port
        self.connections = Connections("the API", limits, services.security.clock)
        self._services = services
        self._host = host
        self._deadlines = deadlines or Deadlines()
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    async def started(self) -> None:
        """Open the port. Raises NetworkError if that fails."""
        app = build_app(self._services)
        log = logging.getLogger(__name__)
        log.addFilter(is_ours)
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=log,
            handle_signals=False,
            shutdown_timeout=2.0,
            keepalive_timeout=self._deadlines.idle,
        )
        await runner.setup()
        self._runner = runner
        serve = runner.server
        assert serve is not None
        try:
            self._server = await asyncio.get_running_loop().create_server(
                lambda: HttpConnection(serve, self.connections, self._deadlines),
                self._host,
                self.port,
                backlog=BACKLOG,
            )
            lengthen_queue(self._server)
        except (OSError, ValueError) as error:
            raise NetworkError(listen_error(error, self._host, self.port, "--http-port")) from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def stopped(self) -> None:
        """Close the port and every connection."""
        if self._server is not None:
            self._server.close()
        if self._runner is not None:
            await self._runner.cleanup()
