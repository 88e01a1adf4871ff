"""Provides the eight lights through MQTT or this integration, and keeps the user's customisations when that changes.

Automations, dashboards and voice assistants refer to a light by its entity id. If MQTT is set up, its lights take
over the ids, names and areas of ours, which are removed; if MQTT is removed, ours take them over again.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.storage import Store

from .const import CHANNELS, CONF_NATIVE_LIGHTS, DOMAIN, LOGGER
from .coordinator import YulelightConfigEntry
from .lights import mqtt_lights, mqtt_shows_the_lights, own_lights

VERSION = 1
SETTLE = 1.0
"""Seconds for which further changes of the registries are collected."""
KEPT = ("name", "icon", "area_id", "labels")
"""Properties of an entity that users may change, besides its id."""
VOICE = ("conversation", "cloud.alexa", "cloud.google_assistant")
"""Exposure to voice assistants."""


def store_of(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """The storage for the customisations of each light."""
    return Store(hass, VERSION, f"{DOMAIN}.{entry_id}.names")


class Transport:
    """Adds our lights unless MQTT provides them, and switches over when that changes.

    ``make`` creates the light of a channel, ``add`` adds it to Home Assistant.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: YulelightConfigEntry,
        make: Callable[[int], Entity],
        add: Callable[[list[Entity]], None],
    ) -> None:
        """Create it without checking anything."""
        self._hass, self._entry, self._make, self._add = hass, entry, make, add
        self._store = store_of(hass, entry.entry_id)
        self._names: dict[str, dict[str, Any]] = {}
        self._ours: list[Entity] = []
        self._due: CALLBACK_TYPE | None = None
        self._looking = asyncio.Lock()

    async def begin(self) -> None:
        """Check now, and whenever devices or entities are added or removed."""
        self._names = await self._store.async_load() or {}
        await self._look()
        for kind in (dr.EVENT_DEVICE_REGISTRY_UPDATED, er.EVENT_ENTITY_REGISTRY_UPDATED):
            self._entry.async_on_unload(self._hass.bus.async_listen(kind, self._changed))
        self._entry.async_on_unload(self._forget)

    @callback
    def _changed(self, event: Event[Any]) -> None:
        if self._due is None:
            self._due = self._hass.loop.call_later(SETTLE, self._settled).cancel

    @callback
    def _settled(self) -> None:
        self._due = None
        self._entry.runtime_data.in_background(self._look())

    @callback
    def _forget(self) -> None:
        if self._due is not None:
            self._due()

    async def _look(self) -> None:
        async with self._looking:
            before = {channel: dict(name) for channel, name in self._names.items()}
            if mqtt_shows_the_lights(self._hass, self._entry):
                await self._leave_to_mqtt()
            elif self._entry.options.get(CONF_NATIVE_LIGHTS):
                await self._show_ours()
            if self._names != before:
                await self._store.async_save(self._names)

    async def _leave_to_mqtt(self) -> None:
        theirs = mqtt_lights(self._hass, self._entry)
        if len(theirs) < CHANNELS or not all(self._is_there(light) for light in theirs.values()):
            return  # They are still being added, each with a change of the registry.
        registry, ours = er.async_get(self._hass), own_lights(self._hass, self._entry)
        for channel, light in ours.items():
            self._note(channel, DOMAIN, light)
        for entity in self._ours:
            await entity.async_remove(force_remove=True)
        self._ours = []
        for light in ours.values():
            if registry.async_get(light.entity_id):
                registry.async_remove(light.entity_id)
        self._apply_or_note("mqtt", theirs)

    async def _show_ours(self) -> None:
        if not self._ours:
            self._ours = [self._make(channel) for channel in range(1, CHANNELS + 1)]
            self._add(self._ours)
            return  # Each is added with a change of the registry.
        ours = own_lights(self._hass, self._entry)
        if all(self._is_there(light) for light in ours.values()):
            self._apply_or_note(DOMAIN, ours)

    def _apply_or_note(self, by: str, lights: dict[int, er.RegistryEntry]) -> None:
        """After a switch-over, apply the stored customisations; otherwise store the present ones."""
        registry = er.async_get(self._hass)
        for channel, light in lights.items():
            known = self._names.get(str(channel))
            new = known is not None and known["by"] != by
            self._note(channel, by, _renamed(registry, light, known) if known and new else light)

    def _note(self, channel: int, by: str, light: er.RegistryEntry) -> None:
        self._names[str(channel)] = {
            "by": by,
            "entity_id": light.entity_id,
            "name": light.name,
            "icon": light.icon,
            "area_id": light.area_id,
            "labels": sorted(light.labels),
            "voice": {domain: dict(light.options[domain]) for domain in VOICE if domain in light.options},
        }

    def _is_there(self, light: er.RegistryEntry) -> bool:
        return light.disabled or self._hass.states.get(light.entity_id) is not None


def _renamed(registry: er.EntityRegistry, light: er.RegistryEntry, known: dict[str, Any]) -> er.RegistryEntry:
    """Give ``light`` the id and all customisations of its predecessor."""
    changes: dict[str, Any] = {key: known[key] for key in KEPT if known[key]}
    if "labels" in changes:
        changes["labels"] = set(changes["labels"])
    if known["entity_id"] != light.entity_id:
        changes["new_entity_id"] = known["entity_id"]
    try:
        light = registry.async_update_entity(light.entity_id, **changes)
    except ValueError as error:  # The id is used by something else now.
        LOGGER.warning("%s cannot be renamed to %s: %s", light.entity_id, known["entity_id"], error)
    for domain, options in known["voice"].items():
        light = registry.async_update_entity_options(light.entity_id, domain, options)
    return light
