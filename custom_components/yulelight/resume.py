"""Resumes what was playing before a show started with ``restore``. The service itself restores the lights."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER
from .contract.client import YulelightError
from .contract.models import ShowEvent, Status
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .models import House, position_at

INTERRUPTED = ("playing", "pre_show", "post_show", "loading")
STOPPED = "stopped"
"""The detail of the event ``finished`` when a person or an automation ended the show."""
SUSPENDED = "interrupted"
"""The detail when the service itself stops, for example for a restart after which the show continues."""
VERSION = 1
MAX_AGE = timedelta(hours=12)
"""How long an interrupted show may be resumed; the service uses the same limit."""
SETTLE = 5.0
"""Seconds that a restarted service needs to resume its show."""


def store_of(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """The storage of the pending commands. Its key and field names are older than the names in this file."""
    return Store(hass, VERSION, f"{DOMAIN}.{entry_id}.comeback")


async def async_setup_resume(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Watch for the end of shows until the entry is unloaded, also of one that began before Home Assistant."""
    entry.runtime_data.resume = resume = ResumePrevious(hass, entry)
    await resume.start()


class ResumePrevious:
    """Waits for the end of a show, then plays what was playing before.

    Nothing is resumed after a show that was stopped by hand or replaced by another one: then the user wants that. If
    the show ended while Home Assistant or the service was unavailable, it is taken to have ended by itself.
    """

    def __init__(self, hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
        """Create it without any pending commands."""
        self._entry = entry
        self._coordinator: YulelightCoordinator = entry.runtime_data
        self._store = store_of(hass, entry.entry_id)
        self._saving = asyncio.Lock()
        self._commands: list[dict[str, Any]] = []
        self._temporary: dict[str, Any] = {}
        self._started = False
        self._away = False
        """Whether the service was unavailable at the last update."""

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The commands that will be sent after the show; empty when nothing is to be resumed."""
        return self._commands

    async def start(self) -> None:
        """Load pending commands and start listening."""
        entry, coordinator = self._entry, self._coordinator
        kept = await self._store.async_load()
        if kept:
            at = dt_util.parse_datetime(kept["at"])
            if at and timedelta(0) <= dt_util.utcnow() - at < MAX_AGE:
                self._commands, self._temporary, self._started = kept["orders"], kept["guest"], True
                coordinator.in_background(self._check())
            else:
                await self._save()
        entry.async_on_unload(coordinator.async_on_event(self._on_event))
        entry.async_on_unload(coordinator.async_add_listener(self._on_update))

    async def interrupt(self, temporary: dict[str, Any]) -> None:
        """Note what plays now, before ``temporary`` (fields of the ``play`` command) replaces it."""
        # A second temporary show keeps what the first one interrupted.
        self._commands = self._commands or commands_for(self._coordinator.data, temporary)
        self._temporary, self._started = temporary, False
        await self._save()

    @callback
    def forget(self) -> None:
        """Resume nothing."""
        if self._commands:
            self._commands, self._started = [], False
            self._coordinator.in_background(self._save())

    async def _save(self) -> None:
        async with self._saving:
            if self._commands:
                now = dt_util.utcnow().isoformat()
                await self._store.async_save({"at": now, "orders": self._commands, "guest": self._temporary})
            else:
                await self._store.async_remove()

    @callback
    def _on_event(self, event: ShowEvent) -> None:
        match event.kind:
            case "started" if self._started:
                self.forget()
            case "started":
                self._started = True
            case "finished" if event.detail == STOPPED:
                self.forget()
            case "finished" if event.detail != SUSPENDED:
                self._resume()

    @callback
    def _on_update(self) -> None:
        here = self._coordinator.last_update_success
        if here and self._away:
            self._coordinator.in_background(self._check())
        self._away = not here

    async def _check(self) -> None:
        """Find out whether the show ended while the service was unavailable."""
        await asyncio.sleep(SETTLE)
        if not self._commands or not self._coordinator.last_update_success:
            return
        status = self._coordinator.data.status
        if status.state == "idle":
            self._resume()
        elif is_playing(status, self._temporary):
            self._started = True
        else:
            self.forget()

    @callback
    def _resume(self) -> None:
        due = self._commands
        self.forget()
        if due:
            self._coordinator.in_background(self._send(due))

    async def _send(self, due: list[dict[str, Any]]) -> None:
        try:
            for command in due:
                await self._coordinator.async_command("play", **command)
        except YulelightError as error:
            LOGGER.warning("cannot resume what played before the show: %s", error)


def is_playing(status: Status, temporary: dict[str, Any]) -> bool:
    """Whether the show that plays is ``temporary``."""
    if "playlist" in temporary:
        return bool(status.playlist == temporary["playlist"])
    if "song" in temporary:
        return status.song is not None and status.song.id == temporary["song"]
    return "url" not in temporary or (status.song is not None and not status.song.id)


def commands_for(house: House, temporary: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the ``play`` commands that resume what plays now; empty when nothing plays."""
    status = house.status
    if status.state not in INTERRUPTED:
        return []
    if status.playlist and status.playlist != temporary.get("playlist"):
        return [{"playlist": status.playlist, "resume": True}]
    if status.song is None or not status.song.id:
        return []
    position = round(position_at(house, dt_util.utcnow()), 3)
    first: dict[str, Any] = {"song": status.song.id, "position": position, "repeat": status.repeat}
    return [first, *({"song": song.id, "enqueue": "add"} for song in status.queue if song.id)]
