"""What played before a show goes on after it. (The lights do so by themselves: the service sees to it.)"""

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
"""The detail when the service itself ends, perhaps to go on with the show in a moment."""
VERSION = 1
FRESH = timedelta(hours=12)
"""For so long a show that was interrupted is worth going on with; the service sees it the same way."""
SETTLE = 5.0
"""Seconds in which a service that was started again finds back into its show."""


def store_of(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Where it is kept while the show plays."""
    return Store(hass, VERSION, f"{DOMAIN}.{entry_id}.comeback")


async def async_setup_comeback(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Wait for the ends of shows until the entry is unloaded, also of one that began before Home Assistant did."""
    entry.runtime_data.comeback = comeback = Comeback(hass, entry)
    await comeback.begin()


class Comeback:
    """Waits for the end of a show, then plays what played before.

    Not when the show is stopped by hand, nor when yet another takes its place: then that is what somebody wants.
    An end that nobody saw, because Home Assistant or the service was away, counts as the show's own.
    """

    def __init__(self, hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
        """Knows nothing yet."""
        self._entry = entry
        self._coordinator: YulelightCoordinator = entry.runtime_data
        self._store = store_of(hass, entry.entry_id)
        self._saving = asyncio.Lock()
        self._orders: list[dict[str, Any]] = []
        self._guest: dict[str, Any] = {}
        self._begun = False
        self._away = False
        """Whether the service is, or was until a moment ago."""

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The commands that bring it back; none while nothing is to come back."""
        return self._orders

    async def begin(self) -> None:
        """Listen, and go on with what was kept."""
        entry, coordinator = self._entry, self._coordinator
        kept = await self._store.async_load()
        if kept:
            at = dt_util.parse_datetime(kept["at"])
            if at and timedelta(0) <= dt_util.utcnow() - at < FRESH:
                self._orders, self._guest, self._begun = kept["orders"], kept["guest"], True
                coordinator.in_background(self._judge())
            else:
                await self._keep()
        entry.async_on_unload(coordinator.async_on_event(self._happened))
        entry.async_on_unload(coordinator.async_add_listener(self._look))

    async def expect(self, guest: dict[str, Any]) -> None:
        """``guest`` says what is about to be played, in fields of the service's command."""
        # A guest's guest: what comes back is what the first one interrupted.
        self._orders = self._orders or orders(self._coordinator.data, guest)
        self._guest, self._begun = guest, False
        await self._keep()

    @callback
    def forget(self) -> None:
        """Nothing comes back."""
        if self._orders:
            self._orders, self._begun = [], False
            self._coordinator.in_background(self._keep())

    async def _keep(self) -> None:
        async with self._saving:
            if self._orders:
                now = dt_util.utcnow().isoformat()
                await self._store.async_save({"at": now, "orders": self._orders, "guest": self._guest})
            else:
                await self._store.async_remove()

    @callback
    def _happened(self, event: ShowEvent) -> None:
        match event.kind:
            case "started" if self._begun:
                self.forget()
            case "started":
                self._begun = True
            case "finished" if event.detail == STOPPED:
                self.forget()
            case "finished" if event.detail != SUSPENDED:
                self._go()

    @callback
    def _look(self) -> None:
        here = self._coordinator.last_update_success
        if here and self._away:
            self._coordinator.in_background(self._judge())
        self._away = not here

    async def _judge(self) -> None:
        """What became of the show meanwhile?"""
        await asyncio.sleep(SETTLE)
        if not self._orders or not self._coordinator.last_update_success:
            return
        status = self._coordinator.data.status
        if status.state == "idle":
            self._go()
        elif plays(status, self._guest):
            self._begun = True
        else:
            self.forget()

    @callback
    def _go(self) -> None:
        due = self._orders
        self.forget()
        if due:
            self._coordinator.in_background(self._come_back(due))

    async def _come_back(self, due: list[dict[str, Any]]) -> None:
        try:
            for order in due:
                await self._coordinator.async_command("play", **order)
        except YulelightError as error:
            LOGGER.warning("what played before the show does not go on: %s", error)


def plays(status: Status, guest: dict[str, Any]) -> bool:
    """Whether what plays is ``guest``."""
    if "playlist" in guest:
        return bool(status.playlist == guest["playlist"])
    if "song" in guest:
        return status.song is not None and status.song.id == guest["song"]
    return "url" not in guest or (status.song is not None and not status.song.id)


def orders(house: House, guest: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the ``play`` commands that bring back what plays now; none when nothing does."""
    status = house.status
    if status.state not in INTERRUPTED:
        return []
    if status.playlist and status.playlist != guest.get("playlist"):
        return [{"playlist": status.playlist, "resume": True}]
    if status.song is None or not status.song.id:
        return []
    position = round(position_at(house, dt_util.utcnow()), 3)
    first: dict[str, Any] = {"song": status.song.id, "position": position, "repeat": status.repeat}
    return [first, *({"song": song.id, "enqueue": "add"} for song in status.queue if song.id)]
