"""Events of the show, for automations."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import EVENT_TYPES
from .contract.models import ShowEvent
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One entity for all kinds of events."""
    async_add_entities([YulelightEvent(entry.runtime_data)])


class YulelightEvent(YulelightEntity, EventEntity):
    """The last event."""

    _attr_event_types = list(EVENT_TYPES)

    def __init__(self, coordinator: YulelightCoordinator) -> None:
        """Create the entity without an event."""
        super().__init__(coordinator, "show")

    @override
    def shown(self) -> object:
        return None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_event(self._happened))

    @callback
    def _happened(self, event: ShowEvent) -> None:
        if event.kind not in EVENT_TYPES:
            return
        song = event.song
        self._trigger_event(
            event.kind,
            {
                "song": song.title if song else None,
                "artist": song.artist if song else None,
                "song_id": song.id if song else None,
                "section": event.section,
                "detail": event.detail,
            },
        )
        self.async_write_ha_state()
