"""WebSocket commands for the card: live frames, the status, and controls without an entity."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import probatio as vol
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .const import CHANNELS, DOMAIN
from .contract.client import Json, YulelightError
from .coordinator import YulelightCoordinator
from .issues import PROBLEMS

type Message = dict[str, Any]

HOUSE: dict[Any, Any] = {
    vol.Exclusive("entry_id", "house"): str,
    vol.Exclusive("entity_id", "house"): cv.entity_id,
}
"""The target service: its config entry, or one of its entities."""
CONTROLS: Mapping[str, Mapping[Any, Any]] = {
    "blackout": {vol.Required("on"): bool},
    "brightness": {vol.Required("level"): vol.All(vol.Coerce(float), vol.Range(0, 1))},
    "look": {vol.Required("look"): vol.All(str, vol.Length(1, 64))},
}
"""Commands whose entities may be disabled; all others belong to the media player."""


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands."""
    for command in (ws_frames, ws_status, ws_control, ws_channel, ws_release):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command({vol.Required("type"): "yulelight/frames", **HOUSE})
@callback
def ws_frames(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Forward frames as sent by the service (docs/http-api.md, topic frames), at most 20 messages per second."""
    coordinator = _coordinator(hass, connection, msg, POLICY_READ)
    if coordinator is None:
        return

    @callback
    def forward(message: Json) -> None:
        connection.send_message(
            websocket_api.event_message(msg["id"], {"now": message["now"], "frames": message["frames"]})
        )

    connection.subscriptions[msg["id"]] = coordinator.async_on_frames(forward)
    connection.send_result(msg["id"])


@websocket_api.websocket_command({vol.Required("type"): "yulelight/status", **HOUSE})
@callback
def ws_status(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Send show, queue and channels, at once and on every change. ``age``: seconds since the status was valid."""
    coordinator = _coordinator(hass, connection, msg, POLICY_READ)
    if coordinator is None:
        return
    entry = coordinator.config_entry
    last: list[Any] = []

    def problems() -> list[str]:
        issues = ir.async_get(hass)
        return [key for key in PROBLEMS if issues.async_get_issue(DOMAIN, f"{key}_{entry.entry_id}")]

    @callback
    def forward(_: Any = None) -> None:
        house = coordinator.data
        now = [
            coordinator.last_update_success,
            house.status,
            house.channels,
            house.schedule.get("next"),
            house.looks,
            house.playlists,
            problems(),
        ]
        if now == last:
            return
        last[:] = now
        connection.send_message(
            websocket_api.event_message(
                msg["id"],
                {
                    "name": entry.title,
                    "available": coordinator.last_update_success,
                    "status": house.status,
                    "heard": house.heard,
                    "age": max(0.0, (dt_util.utcnow() - house.heard).total_seconds()),
                    "channels": list(house.channels.values()),
                    "next": house.schedule.get("next"),
                    "looks": house.looks,
                    "playlists": [playlist["id"] for playlist in house.playlists],
                    "problems": now[-1],
                },
            )
        )

    leaves = (
        coordinator.async_add_listener(forward),
        # Repair issues change independently of the service.
        hass.bus.async_listen(ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED, forward),
    )

    @callback
    def leave() -> None:
        for each in leaves:
            each()

    connection.subscriptions[msg["id"]] = leave
    connection.send_result(msg["id"])
    forward()


@websocket_api.websocket_command(
    {
        vol.Required("type"): "yulelight/control",
        **HOUSE,
        vol.Required("command"): vol.In(CONTROLS),
        vol.Optional("fields", default=dict): dict,
    }
)
@websocket_api.async_response
async def ws_control(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Set blackout, brightness and look, even if their entities are disabled."""
    command = msg["command"]
    try:
        fields = vol.Schema(dict(CONTROLS[command]))(msg["fields"])
    except vol.Invalid as error:
        connection.send_error(msg["id"], websocket_api.ERR_INVALID_FORMAT, str(error))
        return
    await _do(hass, connection, msg, lambda house: house.async_command(command, **fields))


@websocket_api.websocket_command(
    {
        vol.Required("type"): "yulelight/channel",
        **HOUSE,
        vol.Required("channel"): vol.All(int, vol.Range(1, CHANNELS)),
        vol.Required("on"): bool,
        vol.Optional("brightness"): vol.All(int, vol.Range(0, 255)),
    }
)
@websocket_api.async_response
async def ws_channel(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Take over a light, like its light entity."""
    wanted = msg["channel"], msg["on"], msg.get("brightness")
    await _do(hass, connection, msg, lambda house: house.async_channel(*wanted))


@websocket_api.websocket_command(
    {
        vol.Required("type"): "yulelight/release",
        **HOUSE,
        vol.Required("channel"): vol.All(int, vol.Range(1, CHANNELS)),
    }
)
@websocket_api.async_response
async def ws_release(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Return a light to the show."""
    await _do(hass, connection, msg, lambda house: house.async_release(msg["channel"]))


async def _do(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: Message,
    action: Callable[[YulelightCoordinator], Coroutine[Any, Any, None]],
) -> None:
    coordinator = _coordinator(hass, connection, msg, POLICY_CONTROL)
    if coordinator is None:
        return
    try:
        await action(coordinator)
    except YulelightError as error:
        connection.send_error(msg["id"], websocket_api.ERR_HOME_ASSISTANT_ERROR, str(error))
    else:
        connection.send_result(msg["id"])


def _coordinator(
    hass: HomeAssistant, connection: ActiveConnection, msg: Message, policy: str
) -> YulelightCoordinator | None:
    """The target service; None after an error has been sent. Permissions are those of the show's media player."""
    registry = er.async_get(hass)
    named = registry.async_get(msg["entity_id"]) if "entity_id" in msg else None
    entry_id = (named.config_entry_id if named else None) or msg.get("entry_id")
    entry = hass.config_entries.async_get_entry(entry_id) if entry_id else None
    if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "this Yulelight is not connected")
        return None
    player = registry.async_get_entity_id(Platform.MEDIA_PLAYER, DOMAIN, f"{entry.unique_id}_player")
    if not connection.user.permissions.check_entity(player or "", policy):
        connection.send_error(
            msg["id"], websocket_api.ERR_UNAUTHORIZED, "you do not have permission to do this"
        )
        return None
    coordinator: YulelightCoordinator = entry.runtime_data
    return coordinator
