"""Passes requests and messages of the panel on to the service, with the service's token, for users who may do this."""

import asyncio
import contextlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
import probatio as vol
from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components import websocket_api
from homeassistant.components.http import KEY_HASS, KEY_HASS_USER, HomeAssistantView
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import entity_registry as er

from .const import ADMINS, CONF_PANEL, DOMAIN, NOBODY
from .contract.client import CannotConnectError, YulelightError
from .coordinator import YulelightCoordinator

type Message = dict[str, Any]

CLOSED = frozenset({"addresses", "pairing", "ingest", "ws"})
"""First parts of paths that are not passed on: they give the token away, or are no requests."""
MAX_BODY = 2 * 1024 * 1024
"""Bytes of a request; songs are sent in smaller pieces."""
MAX_TEXT = 64 * 1024
SENT = ("Content-Type", "Accept-Language")
RETURNED = ("Content-Type", "Content-Disposition", "X-Undo")


@callback
def async_setup_tunnel(hass: HomeAssistant) -> None:
    """Register the WebSocket commands."""
    websocket_api.async_register_command(hass, ws_open)
    websocket_api.async_register_command(hass, ws_send)


class Line:
    """A control connection to the service for one panel. Called, it ends: as a subscription of Home Assistant does."""

    def __init__(self) -> None:
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self.task: asyncio.Task[None] | None = None

    def __call__(self) -> None:
        if self.task is not None:
            self.task.cancel()


@websocket_api.websocket_command(
    {
        vol.Required("type"): "yulelight/panel/open",
        vol.Required("entry_id"): str,
        vol.Optional("language", default=""): vol.All(str, vol.Length(0, 35)),
    }
)
@callback
def ws_open(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Open a control connection; its messages become events, and the last event is ``{"closed": reason}``."""
    coordinator = _service_of(hass, connection.user, msg["entry_id"])
    if coordinator is None:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "this Yulelight is not connected")
        return
    line = Line()
    connection.subscriptions[msg["id"]] = line
    connection.send_result(msg["id"])

    def tell(event: Mapping[str, Any]) -> None:
        connection.send_message(websocket_api.event_message(msg["id"], dict(event)))

    async def run() -> None:
        reason = ""
        try:
            async with coordinator.client.socket({"Accept-Language": msg["language"]}) as socket:
                line.socket = socket
                tell({"line": msg["id"]})
                async for message in socket:
                    if message.type is not aiohttp.WSMsgType.TEXT:
                        break
                    tell({"message": message.json()})
        except YulelightError as error:
            reason = str(error)
        finally:
            line.socket = None
        tell({"closed": reason})

    line.task = coordinator.config_entry.async_create_background_task(hass, run(), "yulelight panel")


@websocket_api.websocket_command(
    {
        vol.Required("type"): "yulelight/panel/send",
        vol.Required("line"): int,
        vol.Required("message"): vol.All(str, vol.Length(1, MAX_TEXT)),
    }
)
@websocket_api.async_response
async def ws_send(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Send a message on a line that this client has opened."""
    line = connection.subscriptions.get(msg["line"])
    if not isinstance(line, Line) or line.socket is None:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "this line is closed")
        return
    with contextlib.suppress(ConnectionError):
        await line.socket.send_str(msg["message"])
    connection.send_result(msg["id"])


class YulelightView(HomeAssistantView):
    """``/api/yulelight/{entry_id}/{path}`` is ``/api/v1/{path}`` of the service."""

    url = "/api/yulelight/{entry_id}/{path:.+}"
    name = "api:yulelight"

    async def get(self, request: web.Request, entry_id: str, path: str) -> web.Response:
        """Pass it on."""
        return await _pass_on(request, entry_id, path)

    put = post = patch = delete = get


async def _pass_on(request: web.Request, entry_id: str, path: str) -> web.Response:
    coordinator = _service_of(request.app[KEY_HASS], request[KEY_HASS_USER], entry_id)
    parts = path.split("/")
    if coordinator is None or parts[0] in CLOSED or not {"", ".", ".."}.isdisjoint(parts):
        raise web.HTTPNotFound
    if (request.content_length or 0) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(max_size=MAX_BODY, actual_size=request.content_length or 0)
    headers = {name: request.headers[name] for name in SENT if name in request.headers}
    body = await request.read() if request.can_read_body else None
    try:
        answer = await coordinator.client.forward(
            request.method, path, request.query, body=body, headers=headers
        )
    except CannotConnectError:
        raise web.HTTPBadGateway from None
    kept = {name: answer.headers[name] for name in RETURNED if name in answer.headers}
    # Nothing of it is a page of Home Assistant's origin.
    safe = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }
    # Home Assistant's frontend takes a 401 for its own and signs the user out.
    status = HTTPStatus.BAD_GATEWAY if answer.status == HTTPStatus.UNAUTHORIZED else answer.status
    return web.Response(body=answer.body, status=status, headers={**kept, **safe})


def _service_of(hass: HomeAssistant, user: User, entry_id: str) -> YulelightCoordinator | None:
    """The service of this entry, if its panel is shown to this user; None if there is none. Raises Unauthorized."""
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
        return None
    wanted = entry.options.get(CONF_PANEL, ADMINS)
    if wanted == NOBODY:
        return None
    player = er.async_get(hass).async_get_entity_id(
        Platform.MEDIA_PLAYER, DOMAIN, f"{entry.unique_id}_player"
    )
    may = user.is_admin if wanted == ADMINS else user.permissions.check_entity(player or "", POLICY_CONTROL)
    if not may:
        raise Unauthorized
    coordinator: YulelightCoordinator = entry.runtime_data
    return coordinator
