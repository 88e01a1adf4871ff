"""The card's live view: the service's frames over Home Assistant's own WebSocket, only while a card looks."""

from typing import Any

import probatio as vol
from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import YulelightCoordinator
from .models import Json


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands."""
    websocket_api.async_register_command(hass, ws_frames)
    websocket_api.async_register_command(hass, ws_status)


@websocket_api.websocket_command({vol.Required("type"): "yulelight/frames", vol.Required("entry_id"): str})
@callback
def ws_frames(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Frames as the service sends them (docs/http-api.md, topic frames), at most 20 messages a second."""
    coordinator = _coordinator(hass, connection, msg)
    if coordinator is None:
        return

    @callback
    def forward(message: Json) -> None:
        connection.send_message(
            websocket_api.event_message(msg["id"], {"now": message["now"], "frames": message["frames"]})
        )

    connection.subscriptions[msg["id"]] = coordinator.async_on_frames(forward)
    connection.send_result(msg["id"])


@websocket_api.websocket_command({vol.Required("type"): "yulelight/status", vol.Required("entry_id"): str})
@callback
def ws_status(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """The show, its queue and its channels, at once and on every change."""
    coordinator = _coordinator(hass, connection, msg)
    if coordinator is None:
        return
    last: list[Any] = []

    @callback
    def forward() -> None:
        house = coordinator.data
        now = [coordinator.last_update_success, house.status, house.channels, house.schedule.get("next")]
        if now == last:
            return
        last[:] = now
        connection.send_message(
            websocket_api.event_message(
                msg["id"],
                {
                    "available": coordinator.last_update_success,
                    "status": house.status,
                    "heard": house.heard,
                    "channels": list(house.channels.values()),
                    "next": house.schedule.get("next"),
                    "looks": house.looks,
                },
            )
        )

    connection.subscriptions[msg["id"]] = coordinator.async_add_listener(forward)
    connection.send_result(msg["id"])
    forward()


def _coordinator(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> YulelightCoordinator | None:
    entry = hass.config_entries.async_get_entry(msg["entry_id"])
    if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "this Yulelight is not connected")
        return None
    coordinator: YulelightCoordinator = entry.runtime_data
    return coordinator
