"""Mirrored lights: other lights in Home Assistant that follow channels during a show and are restored afterwards."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeassistant.components.light import ATTR_BRIGHTNESS, ATTR_TRANSITION
from homeassistant.components.light import DOMAIN as LIGHT
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.const import (
    ATTR_ENTITY_ID,
    EVENT_HOMEASSISTANT_STOP,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Context,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store

from .const import CONF_CHANNEL, CONF_LIGHTS, CONF_RATE, DOMAIN, LOGGER, SUBENTRY_MIRROR
from .contract.client import Json
from .coordinator import YulelightConfigEntry, frames_of
from .follow import FlashLimit, Frames
from .snapshot import snapshot

RUNNING = {"pre_show", "playing", "paused", "live", "post_show"}
DARK = 0.02
CALL_TIMEOUT = 10.0
MAX_CALLS = 1024
"""Number of own calls that are remembered, about those for ten lights in half a minute."""
VERSION = 1


@dataclass(frozen=True, slots=True)
class Mirror:
    """Lights that follow one channel, at most ``rate`` times a second."""

    channel: int
    lights: tuple[str, ...]
    rate: float


def mirrors_of(entry: ConfigEntry) -> tuple[Mirror, ...]:
    """The mirrors that the user has configured."""
    return tuple(
        Mirror(int(sub.data[CONF_CHANNEL]), tuple(sub.data[CONF_LIGHTS]), float(sub.data[CONF_RATE]))
        for sub in entry.subentries.values()
        if sub.subentry_type == SUBENTRY_MIRROR
    )


def store_of(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """The storage for the states of lights before the show."""
    return Store(hass, VERSION, f"{DOMAIN}.{entry_id}.lights")


@callback
def async_setup_mirrors(hass: HomeAssistant, entry: YulelightConfigEntry) -> MirrorManager:
    """Follow every show until the entry is unloaded; lights are restored however a show ends."""
    manager = MirrorManager(hass, entry)
    coordinator = entry.runtime_data

    @callback
    def changed(change: ConfigEntryChange, what: ConfigEntry) -> None:
        if what.entry_id == entry.entry_id and change is ConfigEntryChange.UPDATED:
            manager.update()

    async def stop(event: Event) -> None:
        await manager.end()

    @callback
    def started(hass: HomeAssistant) -> None:
        # Other integrations' lights exist only now, including those to be restored after a crash.
        entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed))
        entry.async_on_unload(coordinator.async_add_listener(manager.update))
        manager.update()

    entry.async_on_unload(async_at_started(hass, started))
    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop))
    entry.async_on_unload(manager.end)
    return manager


class MirrorManager:
    """Starts mirroring when a show starts, and ends it with the show."""

    def __init__(self, hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
        """Create it without any mirrors."""
        self._hass, self._entry = hass, entry
        self._store = store_of(hass, entry.entry_id)
        self._mirrors: tuple[Mirror, ...] = ()
        self._wanted: tuple[Mirror, ...] | None = None
        self._task: asyncio.Task[None] | None = None
        self._released: set[str] = set()
        """Lights that someone has changed during this show: they are released and not restored."""
        self._own_contexts: deque[str] = deque(maxlen=MAX_CALLS)
        """Ids of the contexts of what the lights were pending from here."""
        self._waiting: CALLBACK_TYPE | None = None
        self.refused: dict[str, str] = {}
        """Lights whose last call failed, and why."""

    @callback
    def update(self) -> None:
        """Start, change or end the mirroring after a change of the show or the configuration."""
        coordinator = self._entry.runtime_data
        running = coordinator.last_update_success and coordinator.data.status.state in RUNNING
        wanted = mirrors_of(self._entry) if running else ()
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._task = self._entry.async_create_background_task(
            self._hass, self._change(self._task, wanted), f"{DOMAIN} mirrored lights"
        )

    async def end(self) -> None:
        """Stop following and restore the lights."""
        self._wanted = ()
        await self._cancel(self._task)
        self._task = None
        await self._restore()
        self._restore_when_back([])

    async def _change(self, before: asyncio.Task[None] | None, wanted: tuple[Mirror, ...]) -> None:
        await self._cancel(before)
        lights = [light for mirror in wanted for light in mirror.lights]
        await self._restore(keep=lights)
        if not wanted:
            self._released.clear()
        else:
            await self._save_states([light for light in lights if light not in self._released])
            await self._follow(wanted)

    async def _cancel(self, task: asyncio.Task[None] | None) -> None:
        if task is not None and not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _follow(self, mirrors: tuple[Mirror, ...]) -> None:
        frames, clock = Frames(), self._hass.loop.time

        @callback
        def on_frames(message: Json) -> None:
            frames.feed(message["now"], frames_of(message), clock())

        @callback
        def changed(event: Event[EventStateChangedData]) -> None:
            self._on_state_changed(event)

        leave = self._entry.runtime_data.async_on_frames(on_frames)
        lights = [light for mirror in mirrors for light in mirror.lights]
        stop_listening = async_track_state_change_event(self._hass, lights, changed)
        limit = FlashLimit(len(mirrors))
        try:
            await asyncio.gather(
                *(self._send_levels(number, mirror, frames, limit) for number, mirror in enumerate(mirrors))
            )
        finally:
            leave()
            stop_listening()

    @callback
    def _on_state_changed(self, event: Event[EventStateChangedData]) -> None:
        """Release a light that a person or an automation has changed; reports of the light itself do not count."""
        light, context = event.data["entity_id"], event.context
        if (
            context.id in self._own_contexts
            or not (context.user_id or context.parent_id)
            or light in self._released
        ):
            return
        self._released.add(light)
        self._entry.runtime_data.in_background(self._forget(light))

    async def _forget(self, light: str) -> None:
        known = await self._store.async_load() or {}
        if known.pop(light, None) is not None:
            await self._store.async_save(known)

    async def _send_levels(self, number: int, mirror: Mirror, frames: Frames, limit: FlashLimit) -> None:
        """Send levels to the lights of a mirror at its rate."""
        clock, interval = self._hass.loop.time, 1 / mirror.rate
        pending: dict[str, asyncio.Task[None]] = {}
        last: dict[str, int] = {}
        at = clock()
        try:
            while True:
                await asyncio.sleep(at - clock())
                at = max(at + interval, clock())
                if not frames:
                    continue
                level = frames.level(mirror.channel, at, at + interval)
                brightness = 0 if level < DARK else max(1, round(level * 255))
                brightness = limit.put(number, brightness, clock())
                for light in mirror.lights:
                    if light in self._released:
                        continue
                    busy = light in pending and not pending[light].done()
                    if not busy and last.get(light) != brightness:
                        last[light] = brightness
                        pending[light] = self._hass.async_create_background_task(
                            self._set_light(light, brightness, interval), f"{DOMAIN} {light}"
                        )
        finally:
            for task in pending.values():
                task.cancel()
            await asyncio.gather(*pending.values(), return_exceptions=True)

    async def _set_light(self, light: str, brightness: int, transition: float) -> None:
        if brightness:
            data = {ATTR_BRIGHTNESS: brightness, ATTR_TRANSITION: transition}
            await self._call(SERVICE_TURN_ON, light, data)
        else:
            await self._call(SERVICE_TURN_OFF, light, {ATTR_TRANSITION: transition})

    async def _save_states(self, lights: list[str]) -> None:
        """Save the states of the lights to disk, so that they survive a restart during a show."""
        known = await self._store.async_load() or {}
        for light in lights:
            state = self._hass.states.get(light)
            if light not in known and state and self._is_available(light):
                known[light] = snapshot(state)
        await self._store.async_save(known)

    async def _restore(self, keep: Sequence[str] = ()) -> None:
        """Restore the lights except those in ``keep``; unavailable ones are restored when they are back."""
        known = await self._store.async_load() or {}
        back = {light: how for light, how in known.items() if light not in keep and self._is_available(light)}
        taken = await asyncio.gather(
            *(
                self._call(SERVICE_TURN_ON if how["on"] else SERVICE_TURN_OFF, light, how["data"])
                for light, how in back.items()
            )
        )
        done = [light for light, took in zip(back, taken, strict=True) if took]
        left = {light: how for light, how in known.items() if light not in done}
        if done:
            await self._store.async_save(left)
        self._restore_when_back([light for light in left if light not in keep])

    def _restore_when_back(self, lights: list[str]) -> None:
        """Restore ``lights`` as they become available."""
        if self._waiting is not None:
            self._waiting()
            self._waiting = None
        if not lights:
            return

        async def changed(event: Event[EventStateChangedData]) -> None:
            if self._is_available(event.data["entity_id"]):
                await self._restore([light for mirror in self._wanted or () for light in mirror.lights])

        self._waiting = async_track_state_change_event(self._hass, lights, changed)

    def _is_available(self, light: str) -> bool:
        state = self._hass.states.get(light)
        return state is not None and state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)

    async def _call(self, action: str, light: str, data: Mapping[str, Any]) -> bool:
        """Call an action of a light; returns whether that succeeded."""
        context = Context()
        self._own_contexts.append(context.id)
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                await self._hass.services.async_call(
                    LIGHT, action, {ATTR_ENTITY_ID: light, **data}, blocking=True, context=context
                )
        except (HomeAssistantError, TimeoutError, ValueError) as error:
            LOGGER.debug("%s did not take %s: %s", light, action, error)
            self.refused[light] = str(error) or "no answer"
            return False
        self.refused.pop(light, None)
        return True
