"""The actions for automations and scripts."""

import contextlib
import re
from datetime import timedelta
from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_extract_config_entry_ids
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util

from .const import CHANNELS, DOMAIN
from .contract.client import YulelightError
from .coordinator import YulelightCoordinator
from .entity import as_home_assistant_error, check_look
from .media_player import async_resolve


def _media_id(chosen: dict[str, Any]) -> str:
    """The media id from a media selector."""
    return str(chosen["media_content_id"])


def _sorted(channels: list[int]) -> list[int]:
    return sorted(set(channels))


MEDIA = vol.Schema({vol.Required("media_content_id"): cv.string}, extra=vol.ALLOW_EXTRA)
ENTRY: VolDictType = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string, **cv.TARGET_SERVICE_FIELDS}
"""The target service: its config entry, or a device or an entity of it."""
PLAY_SHOW = vol.Schema(
    {
        **ENTRY,
        vol.Exclusive("song", "what"): cv.string,
        vol.Exclusive("playlist", "what"): cv.string,
        vol.Exclusive("media", "what"): vol.Any(cv.string, vol.All(MEDIA, _media_id)),
        vol.Optional("restore", default=False): cv.boolean,
        vol.Optional("look"): cv.string,
        vol.Optional("channels"): vol.All(
            cv.ensure_list, [vol.All(vol.Coerce(int), vol.Range(1, CHANNELS))], _sorted
        ),
    }
)
SET_LOOK = vol.Schema({**ENTRY, vol.Required("look"): cv.string})
STOP_SHOW = vol.Schema(ENTRY)
RENDER = vol.Schema({**ENTRY, vol.Required("song"): cv.string})
GET_PLAYLISTS = vol.Schema(ENTRY)
GET_SCHEDULE = vol.Schema(
    {
        **ENTRY,
        vol.Optional("days", default=7): vol.All(vol.Coerce(int), vol.Range(1, 366)),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, once for all services."""
    optional, only = SupportsResponse.OPTIONAL, SupportsResponse.ONLY
    hass.services.async_register(DOMAIN, "play_show", _play_show, PLAY_SHOW, optional)
    hass.services.async_register(DOMAIN, "stop_show", _stop_show, STOP_SHOW)
    hass.services.async_register(DOMAIN, "set_look", _set_look, SET_LOOK)
    hass.services.async_register(DOMAIN, "render", _render, RENDER, optional)
    hass.services.async_register(DOMAIN, "get_playlists", _get_playlists, GET_PLAYLISTS, only)
    hass.services.async_register(DOMAIN, "get_schedule", _get_schedule, GET_SCHEDULE, only)


async def _play_show(call: ServiceCall) -> ServiceResponse:
    """Play a song, a playlist or any media, or resume."""
    coordinator = await _coordinator(call)
    check_look(coordinator, call.data.get("look"))
    resume = coordinator.resume
    assert resume is not None
    fields: dict[str, Any] = {key: call.data[key] for key in ("look", "channels") if key in call.data}
    try:
        if media := call.data.get("media"):
            fields |= await async_resolve(call.hass, coordinator, "", media)
        elif playlist := call.data.get("playlist"):
            fields |= await async_resolve(call.hass, coordinator, "", f"playlist/{playlist}")
        elif song := call.data.get("song"):
            fields |= await _song(call.hass, coordinator, song)
        if call.data["restore"]:
            await resume.interrupt(fields)
        try:
            await coordinator.async_command("play", **fields)
        except YulelightError:
            if call.data["restore"]:
                resume.forget()
            raise
    except YulelightError as error:
        raise as_home_assistant_error(error) from error
    status = coordinator.data.status
    return {
        "state": status.state,
        "song": status.song.title if status.song else None,
        "playlist": status.playlist or None,
        "look": status.look,
    }


async def _stop_show(call: ServiceCall) -> None:
    await _command(call, "stop")


async def _set_look(call: ServiceCall) -> None:
    check_look(await _coordinator(call), call.data["look"])
    await _command(call, "look", look=call.data["look"])


async def _render(call: ServiceCall) -> ServiceResponse:
    """Render a song's show now, so that it can start at once later."""
    coordinator = await _coordinator(call)
    try:
        fields = await _song(call.hass, coordinator, call.data["song"])
        song: dict[str, Any] = await coordinator.client.request("POST", f"songs/{fields['song']}/render")
    except YulelightError as error:
        raise as_home_assistant_error(error) from error
    return {"song": song.get("title"), "rendered": song.get("rendered")}


async def _get_schedule(call: ServiceCall) -> ServiceResponse:
    """Return the shows of the next days."""
    coordinator, now = await _coordinator(call), dt_util.utcnow()
    until = now + timedelta(days=call.data["days"])
    try:
        body = await coordinator.client.get(
            "schedule/occurrences", **{"from": now.isoformat(), "to": until.isoformat()}
        )
    except YulelightError as error:
        raise as_home_assistant_error(error) from error
    return {"shows": body["occurrences"]}


async def _get_playlists(call: ServiceCall) -> ServiceResponse:
    """Return all playlists."""
    playlists = (await _coordinator(call)).data.playlists
    return {
        "playlists": [
            {key: playlist.get(key) for key in ("id", "songs", "duration", "missing")}
            for playlist in playlists
        ]
    }


async def _song(hass: HomeAssistant, coordinator: YulelightCoordinator, song: str) -> dict[str, Any]:
    """A song by its id or by its name."""
    if re.fullmatch(r"[\w-]{1,64}", song, re.ASCII):
        with contextlib.suppress(YulelightError):
            await coordinator.client.get(f"songs/{song}")
            return {"song": song}
    return await async_resolve(hass, coordinator, "", song)


async def _command(call: ServiceCall, name: str, **fields: Any) -> None:
    try:
        await (await _coordinator(call)).async_command(name, **fields)
    except YulelightError as error:
        raise as_home_assistant_error(error) from error


async def _coordinator(call: ServiceCall) -> YulelightCoordinator:
    """The service that the call names or targets; by default the first one that was set up."""
    entries = sorted(call.hass.config_entries.async_entries(DOMAIN), key=lambda entry: entry.created_at)
    named = await _named(call)
    if named is None:
        chosen = entries[:1]
    elif not (chosen := [entry for entry in entries if entry.entry_id in named]):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="unknown_service")
    if len(chosen) > 1:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="which_service")
    if not chosen or chosen[0].state is not ConfigEntryState.LOADED:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_service")
    coordinator: YulelightCoordinator = chosen[0].runtime_data
    return coordinator


async def _named(call: ServiceCall) -> set[str] | None:
    """The entries that the call refers to; None if it has no target."""
    if entry := call.data.get(ATTR_CONFIG_ENTRY_ID):
        return {entry}
    if any(call.data.get(str(key)) for key in cv.TARGET_SERVICE_FIELDS):
        return await async_extract_config_entry_ids(call)
    return None
